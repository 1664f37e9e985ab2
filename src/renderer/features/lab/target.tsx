import { useEffect, useState } from 'react';
import { labMethods } from '#shared/vocabulary/lab.ts';
import { useLive } from '../../state/live-context.ts';
import { Button } from '../../ui/button.tsx';
import { stopPath } from '../../ui/icons.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { Form } from './form.ts';
import { suggestedUrls } from './suggestions.ts';
import styles from './target.module.css';

interface TargetProps {
  readonly form: Form;
  readonly purpose: 'send' | 'check';
  readonly isBusy: boolean;
  readonly isConnected: boolean;
  readonly onRun: () => void;
  readonly onCancel: () => void;
}

const verbs = { send: 'Send', check: 'Check' } as const;

/** What is asked, and the button that asks. The objects of this server are suggested. */
export function Target({ form, purpose, isBusy, isConnected, onRun, onCancel }: TargetProps) {
  const { url, method } = form.request;
  const suggestions = useSuggestions();
  return (
    <form
      className={styles['target']}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && isConnected && url !== '') onRun();
      }}
    >
      <h2>Range Lab</h2>
      {purpose === 'send' && (
        <Segments
          label="Method"
          value={method}
          onChange={form.setMethod}
          options={labMethods.map((value) => ({ value, name: value, content: value }))}
        />
      )}
      <input
        id="lab-url"
        type="text"
        inputMode="url"
        list="lab-urls"
        aria-label="URL"
        spellCheck={false}
        autoComplete="off"
        placeholder="https://HOST/PATH of any server, or an object of this one"
        value={url}
        onChange={(event) => form.setUrl(event.target.value)}
      />
      <datalist id="lab-urls">
        {suggestions.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </datalist>
      {isBusy ? (
        <Button icon={stopPath} onPress={onCancel}>
          Cancel
        </Button>
      ) : (
        <Button weight="main" isDisabled={!isConnected || url === ''} onPress={onRun}>
          {verbs[purpose]}
        </Button>
      )}
    </form>
  );
}

/** Asked once, when somebody comes. */
export function useSuggestions(): readonly string[] {
  const { store, follower } = useLive();
  const [repositories, setRepositories] = useState<readonly string[]>([]);
  const serverUrl = store.currentHello?.url;
  useEffect(() => {
    if (serverUrl === undefined) return;
    void follower
      .call((client) => client.repositories.list())
      .then((list) =>
        setRepositories(
          list.repositories.flatMap(({ name, snapshot }) =>
            snapshot ? [name.replace(/^https:\/\//, '')] : [],
          ),
        ),
      )
      // Suggestions are a convenience: without them a URL is typed.
      .catch(() => setRepositories([]));
  }, [follower, serverUrl]);
  return serverUrl === undefined ? [] : suggestedUrls(repositories, store.requests, serverUrl);
}
