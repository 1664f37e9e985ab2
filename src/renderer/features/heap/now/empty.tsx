/** Nothing to show, and why: each reason has words and a way on of its own. */
import { useLive } from '../../../state/live-context.ts';
import { useSignal } from '../../../state/signal.ts';
import { Button } from '../../../ui/button.tsx';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import styles from './empty.module.css';

/** No memory has been needed for bodies yet. */
export function NothingHeld() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const hello = store.currentHello;
  const url = hello?.url ?? 'http://127.0.0.1:7420';
  const command = hello?.tryIt ?? `curl -r 0-1048575 -o /dev/null ${url}/api/v1/object/NAMESPACE/KEY`;
  return (
    <EmptyState kind="nothing" title="Nobody holds anything yet" testId="nothing-held">
      <p>Who reads an object appears here, with what is kept in memory for them. Read a range:</p>
      <div className={styles['try']}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long command scrolls */}
        <code tabIndex={0}>{command}</code>
        <CopyButton text={command} />
      </div>
    </EmptyState>
  );
}

export function NothingMatches({ search, onDrop }: { readonly search: string; readonly onDrop: () => void }) {
  return (
    <EmptyState kind="no-match" title="Nothing matches" testId="owners-no-match">
      <p>No client and no object has “{search.trim()}” in its name.</p>
      <Button onPress={onDrop}>Show all</Button>
    </EmptyState>
  );
}

/** The notice above says when the next attempt is. */
export function NoAnswer() {
  return (
    <EmptyState kind="disconnected" title="No connection" testId="no-connection">
      <p>Who holds the memory appears here when Sluice answers.</p>
    </EmptyState>
  );
}

export function Loading() {
  return (
    <EmptyState kind="nothing" title="Reading the ledger" testId="loading">
      <p>The first answer takes a moment.</p>
    </EmptyState>
  );
}

export function NotReadable({ sentence }: { readonly sentence: string }) {
  return (
    <EmptyState kind="nothing" title="The ledger cannot be read" testId="not-readable">
      <p>{sentence}</p>
      <p>Trying again each second.</p>
    </EmptyState>
  );
}
