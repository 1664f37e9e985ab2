/**
 * The table of requests, in every view that has one. Rows are 24 px and virtual; it follows its end until somebody
 * scrolls up, and then says how many have come since. That is not a pause: rows go on coming, where one looks nothing
 * moves.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, type Ref, useRef, useState } from 'react';
import { formatCount, formatDuration } from '#shared/units.ts';
import type { RowList } from '../../../state/filtered-rows.ts';
import { useLive } from '../../../state/live-context.ts';
import type { RequestStore, StoredRequest } from '../../../state/request-store.ts';
import { pressOnRows } from '../../../ui/row-keys.ts';
import { rowHeight } from '../../../ui/virtual-grid.tsx';
import { waterfallWrapMs } from './columns.tsx';
import { Head } from './head.tsx';
import { GridRow } from './row.tsx';
import { lastRows, useFollowing } from './use-following.ts';
import type { GridLayout } from './use-layout.ts';
import table from '../../../ui/table.module.css';
import styles from './grid.module.css';

/**
 * Rows that are never in sight together share an element, one after the other: at a thousand requests a second every
 * row is new four times a second, and changing a text is far cheaper than making a row. It divides the store's capacity.
 */
const rowElements = 200;
/** Closer to the end than this counts as being there. */
const endThreshold = rowHeight;

interface GridProps {
  readonly grid: GridLayout;
  readonly list: RowList;
  /** Not all rows are in the list yet: nobody knows how many there will be. */
  readonly isSearching: boolean;
  /** The row whose details are open. */
  readonly openNumber?: number | undefined;
  readonly onOpen: (request: StoredRequest) => void;
  /** Shown instead of rows when there are none. */
  readonly empty: ReactNode;
  readonly labelledBy: string;
  readonly ref?: Ref<HTMLTableElement>;
}

export function Grid(props: GridProps) {
  const { grid, list, isSearching, openNumber, onOpen, empty, labelledBy, ref } = props;
  const { store } = useLive();
  const { requests } = store;
  const [leftAt, setLeftAt] = useState<number>();
  const [active, setActive] = useState<number>();
  const scroller = useRef<HTMLDivElement>(null);
  const follow = (): void => setLeftAt(undefined);

  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used
  const virtualizer = useVirtualizer({
    count: list.size,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    useFlushSync: false,
    // The head stays in sight above the rows.
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
  });
  const viewHeight = virtualizer.scrollRect?.height ?? 0;
  const isFollowing = leftAt === undefined;
  useFollowing({ scroller, list, rowHeight, viewHeight, isFollowing });

  const onScroll = (): void => {
    const element = scroller.current;
    if (!element) return;
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < endThreshold;
    if (isAtEnd) follow();
    else setLeftAt((before) => before ?? requests.next);
  };
  const cursor = active ?? openNumber;
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>): void => {
    if (event.target !== event.currentTarget) return;
    const request = cursor === undefined ? undefined : requests.row(cursor);
    const onMove = (to: number): void => {
      const number = list.at(to);
      setActive(number);
      virtualizer.scrollToIndex(to, { align: 'auto' });
      if (event.key === 'End') follow();
      const next = openNumber === undefined ? undefined : requests.row(number);
      if (next) onOpen(next);
    };
    pressOnRows(event, {
      // Without a cursor, the newest row is next.
      at: cursor === undefined ? list.size : list.indexOf(cursor),
      count: list.size,
      onOpen: request && (() => onOpen(request)),
      onMove,
    });
  };
  // At the end it is known which rows are in sight: what the scrolling tells afterwards would draw them all once more.
  const indexes = isFollowing
    ? lastRows(list.size, viewHeight, rowHeight)
    : virtualizer.getVirtualItems().map(({ index }) => index);
  const hasWaterfall = grid.shown.some(({ id }) => id === 'waterfall');
  const axis = axisOf(requests, list, indexes.at(0) ?? 0, indexes.at(-1) ?? -1);
  const isActiveKept = cursor !== undefined && cursor >= requests.first && list.size > 0;
  const arrived = leftAt === undefined ? 0 : list.size - list.indexOf(leftAt);
  const template: CSSProperties & Record<`--${string}`, string | number> = {
    '--columns': grid.template,
    ...(hasWaterfall && { '--axis': axis.from, '--axis-ms': axis.ms }),
  };
  return (
    <div className={styles['frame']}>
      <div
        ref={scroller}
        className={`${table['scroller']} ${styles['scroller']}`}
        data-testid="requests"
        onScroll={onScroll}
      >
        <table
          ref={ref}
          className={`${table['grid']} ${styles['requests']}`}
          style={template}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
          role="grid"
          aria-labelledby={labelledBy}
          aria-rowcount={isSearching ? -1 : list.size + 1}
          aria-activedescendant={isActiveKept ? `request-${cursor}` : undefined}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <Head grid={grid} />
          <tbody className={table['body']} style={{ height: virtualizer.getTotalSize() }}>
            {indexes.map((index) => {
              const number = list.at(index);
              return (
                <GridRow
                  key={list.keyAt(index) % rowElements}
                  requests={requests}
                  number={number}
                  index={index}
                  top={index * rowHeight}
                  columns={grid.shown}
                  isActive={number === active}
                  isOpen={number === openNumber}
                  onPress={onOpen}
                />
              );
            })}
          </tbody>
        </table>
        {list.size === 0 && empty}
      </div>
      {arrived > 0 && (
        <button type="button" className={styles['pill']} data-testid="new-requests" onClick={follow}>
          ▼ {formatCount(arrived)} new
        </button>
      )}
      {hasWaterfall && list.size > 0 && (
        <span className={styles['axis']}>waterfall: {formatDuration(axis.ms)} from edge to edge</span>
      )}
    </div>
  );
}

/** The time that the rows in sight take up together: from the first beginning to the last end. */
function axisOf(
  requests: RequestStore,
  list: RowList,
  from: number,
  to: number,
): { readonly from: number; readonly ms: number } {
  let [earliest, latest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const { at, durationMs } = requests.columns;
  for (let index = from; index <= to && index < list.size; index += 1) {
    const slot = requests.slot(list.at(index));
    earliest = Math.min(earliest, at[slot] ?? 0);
    latest = Math.max(latest, (at[slot] ?? 0) + (durationMs[slot] ?? 0));
  }
  if (earliest > latest) return { from: 0, ms: 1 };
  return { from: earliest % waterfallWrapMs, ms: Math.max(1, latest - earliest) };
}
