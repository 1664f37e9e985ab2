import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { residencyCells } from '#shared/vocabulary/cache.ts';
import { bytesOf, cellsOf, runsOf } from './residency.ts';

const chunkBytes = 100;
const rangesOf = (indexes: Iterable<number>, length: number) =>
  [...indexes].map((index) => ({
    start: index * chunkBytes,
    end: Math.min((index + 1) * chunkBytes, length),
  }));

describe('where the parts of an object are', () => {
  it('is told in cells: nothing is 0, all is 9, and whatever is there is seen', () => {
    expect(cellsOf([], 1000)).toBe('0'.repeat(residencyCells));
    expect(cellsOf([{ start: 0, end: 1000 }], 1000)).toBe('9'.repeat(residencyCells));
    expect(cellsOf([{ start: 0, end: 500 }], 1000)).toBe('9'.repeat(32) + '0'.repeat(32));
    expect(cellsOf([{ start: 0, end: 1 }], 1_000_000).startsWith('10')).toBe(true);
    expect(cellsOf([{ start: 0, end: 999_999 }], 1_000_000).endsWith('98')).toBe(true);
    expect(cellsOf([], 0)).toBe('0'.repeat(residencyCells));
  });

  it('is told in runs of chunks that meet, and nothing is lost', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(200)),
        fc.integer({ min: 20_001, max: 20_100 }),
        (indexes, length) => {
          const ranges = rangesOf(indexes, length);
          const runs = runsOf(ranges, length, chunkBytes);
          const named = runs.flatMap(([start, end]) =>
            Array.from({ length: end - start }, (_, at) => start + at),
          );
          expect(named).toEqual(indexes.toSorted((a, b) => a - b));
          expect(runs.every(([start], at) => at === 0 || start > (runs[at - 1]?.[1] ?? 0))).toBe(true);
          expect(bytesOf(ranges)).toBeLessThanOrEqual(length);
        },
      ),
    );
  });

  it('leaves out what is no whole chunk of this size', () => {
    expect(
      runsOf(
        [
          { start: 0, end: 50 },
          { start: 100, end: 200 },
        ],
        1000,
        chunkBytes,
      ),
    ).toEqual([[1, 2]]);
  });
});
