/** Nothing to show, and why: each reason has words and a way on of its own. */
import type { ReactNode } from 'react';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './empty.module.css';

interface EmptyProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly testId: string;
}

function Empty({ title, children, testId }: EmptyProps) {
  return (
    <div className={styles['empty']} data-testid={testId}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** Nobody has read anything that is kept. */
export function NothingCached() {
  const { store } = useLive();
  useSignal(store.connectionChanged);
  const hello = store.currentHello;
  const url = hello?.url ?? 'http://127.0.0.1:7420';
  const command = hello?.tryIt ?? `curl -r 0-1048575 -o /dev/null ${url}/api/v1/object/NAMESPACE/KEY`;
  return (
    <Empty title="Nothing is cached yet" testId="nothing-cached">
      <p>
        What clients read stays here, in memory and on disk, until something else needs the room. Read a
        range:
      </p>
      <div className={styles['try']}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long command scrolls */}
        <code tabIndex={0}>{command}</code>
        <CopyButton text={command} />
      </div>
    </Empty>
  );
}

export interface Term {
  /** What it asks for, in words: `name has “x”`. */
  readonly words: string;
  readonly onDrop: () => void;
}

/** Something asks for what there is none of. `culprits`: the terms without which there would be something. */
export function NothingMatches({
  culprits,
  onDropAll,
}: {
  readonly culprits: readonly Term[];
  readonly onDropAll: () => void;
}) {
  return (
    <Empty title="Nothing matches" testId="nothing-matches">
      {culprits.length === 0 && <p>No single term is to blame: together they leave nothing.</p>}
      {culprits.map(({ words, onDrop }) => (
        <p key={words} className={styles['term']}>
          {words}
          <Button onPress={onDrop}>Drop this</Button>
        </p>
      ))}
      <Button weight="quiet" onPress={onDropAll}>
        Show all
      </Button>
    </Empty>
  );
}

export function NoEvictions() {
  return (
    <Empty title="Nothing has been evicted" testId="no-evictions">
      <p>
        Since the server started everything that was cached has stayed. What goes is listed here, with the
        reason.
      </p>
    </Empty>
  );
}

export function NoJobs({ mayChange }: { readonly mayChange: boolean }) {
  return (
    <Empty title="No jobs" testId="no-jobs">
      <p>
        {mayChange
          ? 'Open an object to prefetch or to verify it. What is under way, and what came of it, appears here.'
          : 'What operators prefetch and verify appears here.'}
      </p>
    </Empty>
  );
}

/** The notice above says when the next attempt is. */
export function NoAnswer() {
  return (
    <Empty title="No connection" testId="no-connection">
      <p>The caches appear here when Sluice answers.</p>
    </Empty>
  );
}

export function Loading() {
  return (
    <Empty title="Reading the caches" testId="loading">
      <p>The first answer takes a moment.</p>
    </Empty>
  );
}

export function NotReadable({ sentence }: { readonly sentence: string }) {
  return (
    <Empty title="The caches cannot be read" testId="not-readable">
      <p>{sentence}</p>
      <p>Trying again each second.</p>
    </Empty>
  );
}
