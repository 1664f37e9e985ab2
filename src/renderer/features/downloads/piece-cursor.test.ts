import { expect, it } from 'vitest';
import { cursorOf, placeToward } from './piece-cursor.ts';

/** Chunks 0 and 1 were fetched again later, and chunk 2 twice in a row. */
const rows = [0, 1, 2, 2, 3, 1, 0].map((index, row) => ({ row: 10 + row, index }));

/** The places that a key leads to, from one end to where it leads no further. */
function walk(step: 1 | -1): readonly number[] {
  const places: number[] = [];
  let [chunk, ledTo]: (number | undefined)[] = [];
  for (let to = step > 0 ? 0 : rows.length - 1; places.length < 20;) {
    const place = placeToward(rows, cursorOf(rows, chunk, ledTo), to);
    if (place < 0) break;
    places.push(place);
    [chunk, ledTo] = [rows[place]?.index, rows[place]?.row];
    to = cursorOf(rows, chunk, ledTo) + step;
  }
  return places;
}

it('keys lead from piece to piece, past those of the same chunk, and come to an end', () => {
  expect(walk(1)).toEqual([0, 1, 2, 4, 5, 6]);
  expect(walk(-1)).toEqual([6, 5, 4, 3, 1, 0]);
});

it('starts from the last piece of a chunk that was chosen elsewhere', () => {
  expect(cursorOf(rows, 1, undefined)).toBe(5);
  expect(cursorOf(rows, 1, 12)).toBe(5);
  expect(cursorOf(rows, 9, undefined)).toBe(-1);
});
