import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EvictionLog } from './eviction-log.ts';

describe('the log of evictions', () => {
  it('has the newest, in a ring, and counts all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 60 }), (capacity, count) => {
        const log = new EvictionLog(capacity);
        for (let bytes = 0; bytes < count; bytes += 1)
          log.add({ object: 'a', tier: 'disk', reason: 'full', chunks: 1, bytes });
        const { matching, rows } = log.find({}, 1000);
        const kept = Math.min(capacity, count);
        expect([log.total, log.kept, matching]).toEqual([count, kept, kept]);
        expect(rows.map(({ bytes }) => bytes)).toEqual(
          Array.from({ length: kept }, (_, index) => count - 1 - index),
        );
      }),
    );
  });

  it('finds by a part of the name, the level and the reason, and says how many there are', () => {
    const log = new EvictionLog();
    const entry = { chunks: 1, bytes: 1 } as const;
    log.add({ object: 'ns/Alpha', tier: 'disk', reason: 'full', ...entry });
    log.add({ object: 'ns/alpha', tier: 'memory', reason: 'share', ...entry });
    log.add({ object: 'ns/beta', tier: 'memory', reason: 'needed', ...entry });
    const reasons = (filter: Parameters<EvictionLog['find']>[0]) =>
      log.find(filter, 10).rows.map(({ reason }) => reason);
    expect(reasons({ search: ' ALPHA ' })).toEqual(['share', 'full']);
    expect(reasons({ tier: 'memory' })).toEqual(['needed', 'share']);
    expect(reasons({ tier: 'disk', reason: 'share' })).toEqual([]);
    expect(log.find({ search: 'ns' }, 1)).toMatchObject({ matching: 3, rows: [{ reason: 'needed' }] });
  });
});
