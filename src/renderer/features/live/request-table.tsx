/**
 * The newest requests. Rows are 24 px and virtual; the table follows its end until the user scrolls up, and then says
 * how many have come since. While it does not follow, rows that leave the store do not move what is being read.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { formatBytes, formatCount } from '#shared/units.ts';
import { useLive } from '../../state/live-context.ts';
import { useSignal } from '../../state/signal.ts';
import { columns } from './request-columns.tsx';
import { RequestRowView } from './request-row.tsx';
import styles from './request-table.module.css';

const rowHeight = 24;
/** Closer to the end than this counts as being there. */
const endThreshold = rowHeight;

export function RequestTable() {
  const { store } = useLive();
  useSignal(store.changed.requests);
  const [leftAt, setLeftAt] = useState<number>();
  const [active, setActive] = useState<number>();
  const scroller = useRef<HTMLDivElement>(null);
  const { requests } = store;
  const follow = (): void => setLeftAt(undefined);

  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used
  const virtualizer = useVirtualizer({
    count: requests.size,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  useFollowing({ scroller, first: requests.first, next: requests.next, isFollowing: leftAt === undefined });

  const onScroll = (): void => {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < endThreshold;
    if (isAtEnd) follow();
    else setLeftAt((before) => before ?? requests.next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (event.key === 'End') follow();
    if (step === undefined || requests.size === 0) return;
    event.preventDefault();
    const from = active === undefined || active < requests.first ? requests.next : active;
    const to = Math.min(requests.next - 1, Math.max(requests.first, from + step));
    setActive(to);
    virtualizer.scrollToIndex(to - requests.first, { align: 'auto' });
  };
  const activeRow = active !== undefined && active >= requests.first ? `request-${active}` : undefined;
  const arrived = leftAt === undefined ? 0 : requests.next - leftAt;
  return (
    <section className={styles['requests']} aria-labelledby="requests-title">
      <Head />
      <div ref={scroller} className={styles['scroller']} data-testid="requests" onScroll={onScroll}>
        <table
          className={styles['grid']}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
          role="grid"
          aria-labelledby="requests-title"
          aria-rowcount={requests.size + 1}
          aria-activedescendant={activeRow}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr aria-rowindex={1} className={styles['header']}>
              {columns.map(({ name, className }) => (
                <th key={name} scope="col" className={className}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index }) => {
              const number = requests.first + index;
              return (
                <RequestRowView
                  key={number}
                  requests={requests}
                  number={number}
                  index={index}
                  top={index * rowHeight}
                  isActive={number === active}
                />
              );
            })}
          </tbody>
        </table>
        {requests.size === 0 && <p className={styles['empty']}>No request has finished yet.</p>}
      </div>
      {arrived > 0 && (
        <button type="button" className={styles['pill']} data-testid="new-requests" onClick={follow}>
          ▼ {formatCount(arrived)} new
        </button>
      )}
    </section>
  );
}

function Head() {
  const { store } = useLive();
  const { requests, currentFrame } = store;
  const totals = currentFrame?.totals;
  return (
    <header className={styles['head']}>
      <h2 id="requests-title">Requests</h2>
      <div className={styles['summary']}>
        {totals && (
          <>
            <span title="What this console keeps, of all that the server finished since it started">
              newest {formatCount(requests.size)} of {formatCount(totals.requests)}
            </span>
            <span>{formatBytes(totals.sentBytes)} sent</span>
            <span>{formatBytes(totals.storeBytes)} from the store</span>
          </>
        )}
      </div>
    </header>
  );
}

interface Following {
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly first: number;
  readonly next: number;
  readonly isFollowing: boolean;
}

/** Keeps the end in view, or, when not following, keeps the rows that are being read where they are. */
function useFollowing({ scroller, first, next, isFollowing }: Following): void {
  const firstBefore = useRef(first);
  useLayoutEffect(() => {
    const element = scroller.current;
    const gone = first - firstBefore.current;
    firstBefore.current = first;
    if (!element) return;
    // Below the last row: the browser stops at the end.
    if (isFollowing) element.scrollTo({ top: (next - first + 1) * rowHeight });
    else if (gone > 0) element.scrollBy({ top: -gone * rowHeight });
  }, [scroller, first, next, isFollowing]);
}
