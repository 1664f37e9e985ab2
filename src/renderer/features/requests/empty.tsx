/** No row to show, and why: nothing yet, nothing matches, paused, or no connection. Each has a way on of its own. */
import { useMemo, useState } from 'react';
import { formatCount } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { blame, blamedRows } from './filter/blame.ts';
import { withoutTerm } from './filter/edit.ts';
import type { ShownRows } from './use-rows.ts';
import styles from './empty.module.css';

interface EmptyProps {
  readonly rows: ShownRows;
  readonly onChange: (text: string) => void;
}

export function Empty({ rows, onChange }: EmptyProps) {
  const { store, timeline } = useLive();
  useSignal(store.connectionChanged);
  if (rows.isSearching) return null;
  if (store.requests.size === 0) {
    return store.connection.kind === 'live' ? <NothingYet /> : <NoConnection />;
  }
  if (rows.filter.terms.length > 0) return <NothingMatches rows={rows} onChange={onChange} />;
  if (timeline.range) {
    return (
      <EmptyState kind="no-match" title="Nothing in this stretch of time" testId="no-request-in-range">
        <p>No request was under way in what is marked.</p>
        <Button onPress={() => timeline.resume()}>Show all times</Button>
      </EmptyState>
    );
  }
  if (!rows.isPaused) return null;
  return (
    <EmptyState kind="paused" title="Paused" testId="requests-paused">
      <p>No request had ended when the view was stopped. {formatCount(store.requests.size)} have since.</p>
      <Button onPress={() => timeline.resume()}>Go live</Button>
    </EmptyState>
  );
}

function NothingYet() {
  const { store } = useLive();
  const command = store.currentHello?.tryIt;
  return (
    <EmptyState kind="nothing" title="No request has finished yet" testId="no-request-yet">
      {command === undefined ? (
        <p>Requests appear here as soon as they end.</p>
      ) : (
        <div className={styles['try']}>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long command scrolls */}
          <code tabIndex={0}>{command}</code>
          <CopyButton text={command} />
        </div>
      )}
    </EmptyState>
  );
}

function NoConnection() {
  return (
    <EmptyState kind="disconnected" title="No connection" testId="requests-no-connection">
      <p>The requests appear here when Sluice answers.</p>
    </EmptyState>
  );
}

/** Says which term removes everything, and drops it with one press. */
function NothingMatches({ rows: { filter }, onChange }: EmptyProps) {
  const { requests, now: nowOf } = useLive().store;
  const [now] = useState(nowOf);
  const found = useMemo(() => blame(requests, filter, now), [requests, filter, now]);
  return (
    <EmptyState kind="no-match" title="Nothing matches" testId="no-request-matches">
      {found ? (
        <>
          <p>
            <code className={styles['term']}>{found.term.text}</code> removes everything: without it,{' '}
            {formatCount(found.without)} of the newest {formatCount(Math.min(blamedRows, requests.size))}{' '}
            match.
          </p>
          <div className={styles['ways']}>
            <Button weight="main" onPress={() => onChange(withoutTerm(filter, found.term))}>
              Drop {found.term.text}
            </Button>
            {filter.terms.length > 1 && <Button onPress={() => onChange('')}>Show all</Button>}
          </div>
        </>
      ) : (
        <>
          <p>No request passes all of it, nor all but one of its terms.</p>
          <Button onPress={() => onChange('')}>Show all</Button>
        </>
      )}
    </EmptyState>
  );
}
