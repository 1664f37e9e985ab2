import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOf, maxRows } from './residency-map.ts';

describe('the map of an object', () => {
  it('has a cell for every chunk, as wide as possible, and never more rows than are in sight', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 4, max: 800 }), (chunks, width) => {
        const { columns, rows, cellWidth, chunksPerCell } = gridOf(chunks, width);
        expect(rows).toBeLessThanOrEqual(maxRows);
        expect(rows * columns * chunksPerCell).toBeGreaterThanOrEqual(chunks);
        expect((rows - 1) * columns * chunksPerCell).toBeLessThan(chunks);
        expect(columns * cellWidth).toBeLessThanOrEqual(Math.max(width, cellWidth));
        expect(chunksPerCell === 1 || cellWidth === 4).toBe(true);
      }),
    );
  });

  it('shows few chunks wide, and many as shares', () => {
    expect(gridOf(8, 400)).toEqual({ columns: 25, rows: 1, cellWidth: 16, chunksPerCell: 1 });
    expect(gridOf(12_000, 400).chunksPerCell).toBe(10);
  });
});
