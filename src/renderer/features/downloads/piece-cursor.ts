/**
 * Which row of the pieces keys start from, and which they lead to. What is chosen is a chunk, which can have several
 * pieces: all of them are chosen with it, and keys go on from the one that they led to.
 */
import type { Piece } from '../../state/pieces.ts';

type Rows = readonly Pick<Piece, 'row' | 'index'>[];

/** The place of the piece that keys led to, or else of the chunk's last; −1: the chunk has none. */
export function cursorOf(rows: Rows, chunk: number | undefined, ledTo: number | undefined): number {
  const place = rows.findIndex(({ row, index }) => row === ledTo && index === chunk);
  return place < 0 ? rows.findLastIndex(({ index }) => index === chunk) : place;
}

/** The place of the next piece of another chunk, from the cursor towards `to` and beyond; −1: there is none. */
export function placeToward(rows: Rows, cursor: number, to: number): number {
  const isOther = ({ index }: Rows[number]): boolean => index !== rows[cursor]?.index;
  return to > cursor
    ? rows.findIndex((row, place) => place >= to && isOther(row))
    : rows.findLastIndex((row, place) => place <= to && isOther(row));
}
