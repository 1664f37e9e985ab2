import { describe, expect, it } from 'vitest';
import { historyBucketMs, historyBuckets } from '#shared/vocabulary/cache.ts';
import { TierHistory } from './tier-history.ts';
import type { TierStats } from './tier.ts';

const stats = (hits: number, misses = 0): readonly TierStats[] => [
  {
    name: 'memory',
    limitBytes: 1,
    bytes: 0,
    chunks: 0,
    objects: 0,
    hits,
    misses,
    fills: 0,
    fillsSkipped: 0,
    evictions: 0,
    faults: 0,
  },
];
const start = 1_000_000 * historyBucketMs;

function hitsOf(history: TierHistory): readonly (number | null)[] {
  return history.read().tiers[0]?.hits ?? [];
}

describe('the history of a tier', () => {
  it('has what happened in each ten seconds, and nothing of before', () => {
    const history = new TierHistory(stats(100), start);
    history.note(stats(103, 2), start + 1);
    history.note(stats(104, 2), start + 9999);
    history.note(stats(110, 5), start + historyBucketMs);
    expect(hitsOf(history).slice(-3)).toEqual([null, 4, 6]);
    expect(history.read()).toMatchObject({ lastAt: start + historyBucketMs });
    expect(history.read().tiers[0]?.misses.slice(-2)).toEqual([2, 3]);
  });

  it('leaves a gap where nobody measured, and forgets after an hour', () => {
    const history = new TierHistory(stats(0), start);
    history.note(stats(1), start);
    history.note(stats(3), start + 3 * historyBucketMs);
    expect(hitsOf(history).slice(-4)).toEqual([1, null, null, 2]);
    history.note(stats(4), start + 10 * historyBuckets * historyBucketMs);
    expect(hitsOf(history).filter((value) => value !== null)).toEqual([1]);
    expect(hitsOf(history)).toHaveLength(historyBuckets);
  });

  it('goes on when the clock is put back', () => {
    const history = new TierHistory(stats(0), start);
    history.note(stats(1), start + historyBucketMs);
    history.note(stats(2), start - 5 * historyBucketMs);
    expect(hitsOf(history).at(-1)).toBe(2);
  });
});
