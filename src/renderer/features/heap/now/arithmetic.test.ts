import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arithmeticOf, drawnSum } from './arithmetic.ts';

describe('arithmeticOf', () => {
  it('adds up to RSS, whatever the runtime says', () => {
    const bytes = fc.integer({ min: 0, max: 2 ** 40 });
    fc.assert(
      fc.property(bytes, bytes, bytes, bytes, (rssBytes, heapUsedBytes, externalBytes, ledgerBytes) => {
        const sum = arithmeticOf({ rssBytes, heapUsedBytes, externalBytes }, ledgerBytes);
        const { ledger, heap = 0, external = 0, unaccounted = 0 } = sum;
        expect(ledger + heap + external + unaccounted).toBe(rssBytes);
        const { terms, rssAt, scaleBytes } = drawnSum(sum);
        expect(scaleBytes).toBeGreaterThanOrEqual(rssBytes);
        expect(rssAt).toBeLessThanOrEqual(1);
        for (const { start, share } of terms) expect(start + share).toBeLessThanOrEqual(1 + 1e-9);
        expect(unaccounted < 0 ? (rssAt ?? 1) < 1 : true).toBe(true);
      }),
    );
  });

  it('says nothing of what is not reported, and never 0', () => {
    expect(arithmeticOf({ rssBytes: 9, externalBytes: 0 }, 4)).toEqual({
      rss: 9,
      ledger: 4,
      heap: undefined,
      external: 0,
      unaccounted: undefined,
    });
    expect(drawnSum(arithmeticOf(undefined, 4)).rssAt).toBeUndefined();
  });
});
