/** Where the parts of one object are, as short as a row and as exact as the details need it. */
import type { ByteRange } from '#shared/range.ts';
import { maxRuns, residencyCells } from '#shared/vocabulary/cache.ts';

/** Each digit is a part of the object: 0, nothing of it is there, to 9, all of it. */
export function cellsOf(ranges: readonly ByteRange[], length: number): string {
  const filled = new Float64Array(residencyCells);
  const cellBytes = length / residencyCells;
  for (const { start, end } of ranges) {
    const last = Math.min(residencyCells - 1, Math.floor((end - 1) / cellBytes));
    for (let cell = Math.floor(start / cellBytes); cell <= last; cell += 1) {
      const from = Math.max(start, cell * cellBytes);
      filled[cell] = (filled[cell] ?? 0) + Math.min(end, (cell + 1) * cellBytes) - from;
    }
  }
  return Array.from(filled, (bytes) => digitOf(bytes / cellBytes)).join('');
}

/** Whatever is there is seen, and only what is whole looks whole. */
function digitOf(share: number): number {
  if (!(share > 1e-9)) return 0;
  return share > 1 - 1e-9 ? 9 : Math.min(8, Math.max(1, Math.round(share * 9)));
}

/** Spans of whole chunks, in order, joined where they meet. A range that is no whole chunk is left out. */
export function runsOf(ranges: readonly ByteRange[], length: number, chunkBytes: number): [number, number][] {
  const isWhole = ({ start, end }: ByteRange): boolean =>
    start % chunkBytes === 0 && end === Math.min(start + chunkBytes, length);
  const indexes = ranges.filter(isWhole).map(({ start }) => start / chunkBytes);
  const runs: [number, number][] = [];
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] === index) last[1] += 1;
    else runs.push([index, index + 1]);
  }
  return runs.slice(0, maxRuns);
}

export function bytesOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
