/** Nothing to show, and why: each reason has words and a way on of its own. */
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import styles from './empty.module.css';

/** Nothing has been fetched since the server started. */
export function NoneYet() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const command = store.currentHello?.tryIt;
  return (
    <EmptyState kind="nothing" title="Nothing fetched yet" testId="downloads-none">
      <p>
        A download is the fetching of one object from the store. It appears here with the first request for
        bytes that are neither in memory nor on disk{command === undefined ? '.' : ':'}
      </p>
      {command !== undefined && (
        <div className={styles['try']}>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long command scrolls */}
          <code tabIndex={0}>{command}</code>
          <CopyButton text={command} />
        </div>
      )}
    </EmptyState>
  );
}

export function NothingMatches({ filter, onDrop }: { readonly filter: string; readonly onDrop: () => void }) {
  return (
    <EmptyState kind="no-match" title="Nothing matches" testId="downloads-no-match">
      <p>No object has “{filter.trim()}” in its name.</p>
      <Button onPress={onDrop}>Show all</Button>
    </EmptyState>
  );
}

/** Somebody paused before anything was fetched. */
export function Paused() {
  return (
    <EmptyState kind="paused" title="Paused" testId="downloads-paused">
      <p>Nothing had been fetched when time was stopped. What is fetched meanwhile is recorded.</p>
    </EmptyState>
  );
}

/** The notice above says when the next attempt is. */
export function NoAnswer() {
  return (
    <EmptyState kind="disconnected" title="No connection" testId="downloads-disconnected">
      <p>The downloads appear here when Sluice answers.</p>
    </EmptyState>
  );
}

export function Loading() {
  return (
    <EmptyState kind="nothing" title="Reading the downloads" testId="downloads-loading">
      <p>The first answer takes a moment.</p>
    </EmptyState>
  );
}

export function NotReadable({ sentence }: { readonly sentence: string }) {
  return (
    <EmptyState kind="disconnected" title="The downloads cannot be read" testId="downloads-not-readable">
      <p>{sentence}</p>
      <p>Trying again each second.</p>
    </EmptyState>
  );
}

/** The address names a download that the server does not remember. */
export function Forgotten({
  sentence,
  onClose,
}: {
  readonly sentence: string;
  readonly onClose: () => void;
}) {
  return (
    <EmptyState kind="nothing" title="This download is not there" testId="download-forgotten">
      <p>{sentence}</p>
      <Button onPress={onClose}>Show the others</Button>
    </EmptyState>
  );
}
