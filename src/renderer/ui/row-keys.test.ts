import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowAfter } from './row-keys.ts';

const leading = ['ArrowDown', 'ArrowUp', 'j', 'k', 'PageDown', 'PageUp', 'Home', 'End'] as const;

describe('the row that a key leads to', () => {
  it('is the next, the one before, ten on, the first or the last', () => {
    const from = (at: number) => leading.map((key) => rowAfter(key, at, 100));
    expect(from(50)).toEqual([51, 49, 51, 49, 60, 40, 0, 99]);
    expect(from(0)).toEqual([1, 0, 1, 0, 10, 0, 0, 99]);
    expect(from(99)).toEqual([99, 98, 99, 98, 99, 89, 0, 99]);
  });

  it('is the first or the last when no row was chosen', () => {
    expect(rowAfter('ArrowDown', -1, 5)).toBe(0);
    expect(rowAfter('ArrowUp', 5, 5)).toBe(4);
  });

  it('is one of the rows, whatever is pressed and wherever', () => {
    const at = fc.integer({ min: -1, max: 1000 });
    const count = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(fc.constantFrom(...leading), at, count, (key, at, count) => {
        const to = rowAfter(key, at, count);
        expect(to).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThan(count);
      }),
    );
  });

  it('is none when there are no rows, or for another key', () => {
    for (const key of leading) expect(rowAfter(key, -1, 0)).toBeUndefined();
    for (const key of ['Enter', 'Escape', 'a', ' ', 'toString']) expect(rowAfter(key, 2, 5)).toBeUndefined();
  });
});
