/** Every piece that is remembered: arrow keys choose the chunk that map and drawer show too. */
import { useState } from 'react';
import { maxPieces } from '#shared/vocabulary/downloads.ts';
import { formatCount } from '#shared/units.ts';
import { useParam } from '../../state/place.ts';
import type { Piece } from '../../state/pieces.ts';
import { nextOrder, type Order, orderText, parseOrder } from '../../ui/order.ts';
import { type GridColumn, VirtualGrid } from '../../ui/virtual-grid.tsx';
import { pieceColumns, sorted } from './piece-columns.tsx';
import { cursorOf, placeToward } from './piece-cursor.ts';
import section from '../../ui/section.module.css';
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

const names = pieceColumns.map(({ name }) => name);

export function PieceTable({ pieces, forgotten, now, chunk, onChoose }: PieceTableProps) {
  const [sort, setSort] = useParam('sort');
  const order = parseOrder(sort, names, undefined);
  const rows = sorted(pieces, order, now);
  const [ledTo, setLedTo] = useState<number>();
  const cursor = cursorOf(rows, chunk, ledTo);
  const choose = ({ row, index }: Piece): void => {
    setLedTo(row);
    onChoose(index);
  };
  const move = (to: number): void => {
    const row = rows[placeToward(rows, cursor, to)];
    if (row) choose(row);
  };
  return (
    <section className={styles['pieces']} aria-labelledby="pieces-title">
      <header className={section['head']}>
        <h3 id="pieces-title">Pieces</h3>
        <span className={section['summary']}>{countWords(pieces.length, forgotten)}</span>
      </header>
      <VirtualGrid
        label="Pieces"
        testId="pieces"
        rowTestId="piece"
        className={styles['grid']}
        columns={pieceColumns.map(({ name, title, meaning, isNumber, cell }) => ({
          name,
          title,
          meaning,
          isNumber,
          isSortable: true,
          cell: (piece: Piece) => cell(piece, now),
        }))}
        rows={rows}
        keyOf={({ row }) => row}
        order={order}
        onSort={(column) => setSort(pressed(order, column), 'replace')}
        cursor={cursor}
        onMove={move}
        isOpen={({ index }) => index === chunk}
        onOpen={choose}
      />
    </section>
  );
}

/** The second press sorts the other way, the third not any more. */
function pressed(order: Order | undefined, column: GridColumn<Piece>): string | undefined {
  const [now, next] = [order && orderText(order), orderText(nextOrder(order, column))];
  const isSorted = order?.column === column.name;
  const first = orderText(nextOrder(undefined, column));
  return isSorted && now !== first ? undefined : next;
}

function countWords(kept: number, forgotten: number): string {
  const all = `${formatCount(kept)} fetched`;
  return forgotten > 0
    ? `the newest ${all}; ${formatCount(forgotten)} before them are forgotten (${formatCount(maxPieces)} are kept)`
    : all;
}
