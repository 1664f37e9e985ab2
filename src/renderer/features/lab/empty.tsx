/** Nothing to show, and why: each reason has words and a way on of its own. */
import { EmptyState } from '../../ui/empty-state.tsx';
import { Button } from '../../ui/button.tsx';
import type { Form } from './form.ts';
import { useSuggestions } from './target.tsx';
import styles from './empty.module.css';

interface NothingSentProps {
  readonly form: Form;
  readonly isConnected: boolean;
  readonly isSending: boolean;
}

const shown = 4;

export function NothingSent({ form, isConnected, isSending }: NothingSentProps) {
  const suggestions = useSuggestions();
  if (!isConnected) {
    return (
      <EmptyState kind="disconnected" title="No connection">
        <p>Requests go out from the server. They can be sent when it answers again.</p>
      </EmptyState>
    );
  }
  if (isSending) {
    return (
      <EmptyState kind="nothing" title="Waiting for the answer" testId="waiting">
        <p>{form.request.url}</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState kind="nothing" title="Nothing sent yet">
      {form.request.url === '' ? (
        <p>Type the URL of any HTTP server, or take an object of this one.</p>
      ) : (
        <p>Send the request, and its answer is shown here: status, fields, bytes and times.</p>
      )}
      {form.request.url === '' && suggestions.length > 0 && (
        <ul className={styles['suggestions']}>
          {suggestions.slice(0, shown).map((url) => (
            <li key={url}>
              <Button onPress={() => form.setUrl(url)}>
                <code>{url}</code>
              </Button>
            </li>
          ))}
        </ul>
      )}
    </EmptyState>
  );
}

/** A request that no answer came to. */
export function NotAnswered({ sentence }: { readonly sentence: string }) {
  return (
    <EmptyState kind="nothing" title="No answer" testId="not-answered">
      <p role="alert">{sentence}</p>
    </EmptyState>
  );
}
