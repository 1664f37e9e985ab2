import { describe, expect, it } from 'vitest';
import type { Hello } from '#shared/model.ts';
import type { RequestRow } from '#shared/request-model.ts';
import { frameRecord, laneRecord } from './fixtures.ts';
import { LiveStore } from './live-store.ts';

const start = 1_700_000_000_000;

const hello: Hello = {
  name: 'sluice',
  role: 'operator',
  version: '0.1.0',
  host: 'headless',
  url: 'http://127.0.0.1:7420/',
  store: 'embedded',
  startedAt: 1,
  pid: 1,
  runtime: { node: '24' },
  chunkBytes: 1,
  window: 8,
  memoryCacheBytes: 0,
  diskCacheBytes: 0,
};

function requests(from: number, count: number): RequestRow[] {
  return Array.from({ length: count }, (_, index) => ({
    seq: from + index,
    at: start,
    method: 'GET',
    target: `/objects/${from + index}`,
    range: `bytes=${from + index}-`,
    status: 206,
    sentBytes: 1,
    durationMs: 1,
    client: '10.0.0.1',
    complete: true,
  }));
}

describe('LiveStore', () => {
  it('stays within its stated size at a thousand requests a second', () => {
    const store = new LiveStore(() => undefined);
    const { limitBytes } = store.footprint;
    store.hello(hello);
    for (let tick = 0; tick < 1000; tick += 1) {
      const lanes = [laneRecord(tick), laneRecord(tick + 1)];
      store.frame(
        frameRecord(start + tick * 100, {
          lanes,
          requests: requests(tick * 100, 100),
          cursor: tick * 100 + 99,
        }),
      );
    }
    expect(store.footprint.limitBytes).toBe(limitBytes);
    expect(store.footprint.usedBytes).toBeLessThanOrEqual(limitBytes);
    expect(limitBytes).toBeLessThan(64 * 1024 * 1024);
    expect(store.requests.next).toBe(100_000);
    expect(store.requests.size).toBe(50_000);
    expect(store.cursor()).toBe(99_999);
  });

  it('asks another server from its beginning and forgets the lanes of the last', () => {
    const store = new LiveStore(() => undefined);
    store.hello(hello);
    store.frame(frameRecord(start, { lanes: [laneRecord(1)], cursor: 41 }));
    store.lost('gone', start + 1000, 1);
    store.hello(hello);
    expect(store.cursor()).toBe(41);
    store.hello({ ...hello, startedAt: 2 });
    expect(store.cursor()).toBe(-1);
    expect(store.lanes.views).toEqual([]);
  });

  it('does not count what the server kept from before as finished now', () => {
    const store = new LiveStore(() => undefined);
    store.hello(hello);
    store.frame(frameRecord(start, { requests: requests(0, 500), cursor: 499 }));
    store.frame(frameRecord(start + 100, { requests: requests(500, 7), cursor: 506 }));
    const { latest } = store.clock;
    expect(store.memory.sum('requests', latest - 10, latest)).toBe(7);
    expect(store.requests.size).toBe(507);
  });

  it('says that it was disconnected until it is answered', () => {
    const store = new LiveStore(() => undefined);
    expect(store.hasBeenLost).toBe(false);
    store.lost('gone', start, 1);
    store.connecting();
    expect(store.hasBeenLost).toBe(true);
    store.hello(hello);
    expect(store.hasBeenLost).toBe(false);
    expect(store.connection.kind).toBe('live');
  });
});
