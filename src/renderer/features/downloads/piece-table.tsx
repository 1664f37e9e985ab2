/** Every piece that is remembered, in virtual rows: arrow keys choose the chunk that map and drawer show too. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { maxPieces } from '#shared/vocabulary/downloads.ts';
import { formatCount } from '#shared/units.ts';
import { useParam } from '../../state/place.ts';
import type { Piece } from '../../state/pieces.ts';
import { parseSorting, type PieceColumn, pieceColumns, sorted, type Sorting } from './piece-columns.tsx';
import styles from './piece-table.module.css';

interface PieceTableProps {
  readonly pieces: readonly Piece[];
  /** Pieces before these that are remembered no longer. */
  readonly forgotten: number;
  /** Milliseconds since the download's start. */
  readonly now: number;
  readonly chunk: number | undefined;
  readonly onChoose: (chunk: number) => void;
}

const rowHeight = 24;
const vimKeys: Readonly<Record<string, string>> = { j: 'ArrowDown', k: 'ArrowUp' };
const nowhere = (): undefined => undefined;

export function PieceTable({ pieces, forgotten, now, chunk, onChoose }: PieceTableProps) {
  const [sort, setSort] = useParam('sort');
  const sorting = parseSorting(sort);
  const rows = sorted(pieces, sorting, now);
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: rowHeight,
  });
  const at = rows.findLastIndex(({ index }) => index === chunk);
  useEffect(() => {
    if (at >= 0) virtualizer.scrollToIndex(at, { align: 'auto' });
    // Only when something else is chosen, not when rows come in.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [chunk]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, () => Piece | undefined>> = {
      ArrowDown: () => rows.find(({ index }, place) => place > at && index !== chunk),
      ArrowUp: () => rows.findLast(({ index }, place) => place < at && index !== chunk),
      Home: () => rows[0],
      End: () => rows.at(-1),
    };
    const row = (steps[vimKeys[event.key] ?? event.key] ?? nowhere)();
    if (!row) return;
    event.preventDefault();
    onChoose(row.index);
  };
  return (
    <section className={styles['pieces']} aria-labelledby="pieces-title">
      <header className={styles['head']}>
        <h3 id="pieces-title">Pieces</h3>
        <span className={styles['summary']}>{countWords(pieces.length, forgotten)}</span>
      </header>
      <div ref={scroller} className={styles['scroller']}>
        <table
          className={styles['grid']}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- arrow keys choose a row
          role="grid"
          aria-labelledby="pieces-title"
          aria-rowcount={rows.length + 1}
          aria-activedescendant={at < 0 ? undefined : `piece-${rows[at]?.row}`}
          tabIndex={0}
          data-testid="pieces"
          onKeyDown={onKeyDown}
        >
          <thead>
            <tr aria-rowindex={1} className={styles['header']}>
              {pieceColumns.map((column) => (
                <ColumnHead key={column.name} column={column} sorting={sorting} onSort={setSort} />
              ))}
            </tr>
          </thead>
          <tbody className={styles['body']} style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index }) => {
              const piece = rows[index];
              if (!piece) return null;
              return (
                <tr
                  key={piece.row}
                  id={`piece-${piece.row}`}
                  aria-rowindex={index + 2}
                  aria-selected={piece.index === chunk}
                  data-testid="piece"
                  className={styles['row']}
                  style={{ transform: `translateY(${index * rowHeight}px)` }}
                  onClick={() => onChoose(piece.index)}
                >
                  {pieceColumns.map(({ name, isNumber, cell }) => (
                    <td key={name} data-number={isNumber}>
                      {cell(piece, now)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function countWords(kept: number, forgotten: number): string {
  const all = `${formatCount(kept)} fetched`;
  return forgotten > 0
    ? `the newest ${all}; ${formatCount(forgotten)} before them are forgotten (${formatCount(maxPieces)} are kept)`
    : all;
}

interface ColumnHeadProps {
  readonly column: PieceColumn;
  readonly sorting: Sorting | undefined;
  readonly onSort: (value: string | undefined, how: 'replace') => void;
}

/** A press sorts by it, the second the other way, the third not any more. */
function ColumnHead({ column, sorting, onSort }: ColumnHeadProps) {
  const { name, title, meaning, isNumber } = column;
  const direction = sorting?.column === column ? sorting.direction : undefined;
  const first = isNumber ? `-${name}` : name;
  const second = isNumber ? name : `-${name}`;
  const isFirst = direction !== undefined && (direction === -1) === isNumber;
  const next = direction === undefined ? first : isFirst ? second : undefined;
  return (
    <th
      scope="col"
      aria-sort={direction === undefined ? 'none' : direction === 1 ? 'ascending' : 'descending'}
      data-number={isNumber}
    >
      <button type="button" title={meaning} tabIndex={-1} onClick={() => onSort(next, 'replace')}>
        {title}
        <i aria-hidden="true">{direction === undefined ? '' : direction === 1 ? ' ▲' : ' ▼'}</i>
      </button>
    </th>
  );
}
