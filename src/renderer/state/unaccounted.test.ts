import { describe, expect, it } from 'vitest';
import { ColumnClock } from './columns.ts';
import { frameRecord, memoryRecord } from './fixtures.ts';
import { MemoryHistory } from './memory-history.ts';
import { unaccountedGrowth } from './unaccounted.ts';

const MiB = 2 ** 20;

/** Minutes of RSS beside nothing else, in MiB. */
function after(...minutes: readonly number[]) {
  const clock = new ColumnClock();
  const memory = new MemoryHistory(clock);
  for (const [index, rss] of minutes.entries()) {
    for (let tick = 0; tick < 600; tick += 1) {
      const at = (index * 600 + tick) * 100;
      const reported = { rssBytes: rss * MiB, heapUsedBytes: 0, externalBytes: 0 };
      const advance = clock.advance(at);
      const finished = { requests: 0, failures: 0, isNewColumn: true };
      memory.record(frameRecord(at, { memory: memoryRecord(reported) }), advance, finished);
    }
  }
  return unaccountedGrowth(clock, memory);
}

describe('memory that nobody accounts for', () => {
  it('is said to grow when it was a fifth above its baseline for a minute', () => {
    const growth = after(100, 100, 130);
    expect(growth?.nowBytes).toBe(130 * MiB);
    expect(growth?.baselineBytes).toBe(100 * MiB);
  });

  it('is not, when the rise is small, is over, or too little is known', () => {
    expect(after(100, 100, 110, 110)).toBeUndefined();
    expect(after(100, 100, 200, 100)).toBeUndefined();
    expect(after(20, 20, 30, 30)).toBeUndefined();
    expect(after(100, 200)).toBeUndefined();
  });
});
