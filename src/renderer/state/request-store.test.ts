import { describe, expect, it } from 'vitest';
import type { RequestRow } from '#shared/request-model.ts';
import { RequestStore } from './request-store.ts';

function request(seq: number, more: Partial<RequestRow> = {}): RequestRow {
  return {
    seq,
    at: 1_700_000_000_000 + seq,
    method: 'GET',
    target: `/objects/build/${seq}`,
    status: 206,
    sentBytes: seq,
    durationMs: 1.5,
    client: '10.0.0.1',
    complete: true,
    ...more,
  };
}

const many = (count: number): readonly RequestRow[] =>
  Array.from({ length: count }, (_, seq) => request(seq));

describe('RequestStore', () => {
  it('gives back what it was given', () => {
    const store = new RequestStore({ rows: 4, stringBytes: 10_000 });
    store.append(
      [
        request(7, {
          range: 'bytes=0-1023',
          rangeKind: 'single',
          ifRange: 'etag-match',
          askedBytes: 2048,
          heldMs: 1.5,
          objectBytes: 4096,
          spans: [[1024, 3072]],
          tier: 'disk',
          firstByteMs: 12.5,
          complete: false,
        }),
      ],
      0,
    );
    expect(store.row(0)).toEqual({
      number: 0,
      ...request(7),
      range: 'bytes=0-1023',
      rangeKind: 'single',
      ifRange: 'etag-match',
      objectBytes: 4096,
      askedBytes: 2048,
      heldMs: 1.5,
      firstByteMs: 12.5,
      tier: 'disk',
      complete: false,
      shares: [[0.25, 0.5]],
    });
  });

  it('does not take what is not known for 0', () => {
    const store = new RequestStore({ rows: 4, stringBytes: 10_000 });
    store.append([request(0)], 0);
    const { range, rangeKind, ifRange, condition, objectBytes, askedBytes, heldMs, firstByteMs, tier } =
      store.row(0) ?? {};
    const unknown = [
      range,
      rangeKind,
      ifRange,
      condition,
      objectBytes,
      askedBytes,
      heldMs,
      firstByteMs,
      tier,
    ];
    expect(unknown).toEqual(Array.from({ length: 9 }));
  });

  it('takes older rows before the others, while there is room', () => {
    const store = new RequestStore({ rows: 6, stringBytes: 10_000 });
    store.append([request(10), request(11)], 0);
    expect(store.oldestSeq).toBe(10);
    expect(store.prepend([request(9), request(8)])).toBe(true);
    expect([store.first, store.next, store.row(-2)?.seq, store.oldestSeq]).toEqual([-2, 2, 8, 8]);
    expect(store.prepend([request(7), request(6), request(5)])).toBe(false);
    expect([store.size, store.oldestSeq]).toEqual([6, 6]);
    store.append([request(12)], 0);
    expect([store.size, store.oldestSeq, store.row(2)?.seq]).toEqual([6, 7, 12]);
  });

  it('finds a request by the number that the server gave it', () => {
    const store = new RequestStore({ rows: 10, stringBytes: 10_000 });
    // Two were missed.
    store.append([request(3), request(4), request(7)], 2);
    expect([3, 4, 5, 7, 8].map((seq) => store.find(seq))).toEqual([0, 1, undefined, 2, undefined]);
  });

  it('keeps what an earlier run of the server did apart from what this one does', () => {
    const store = new RequestStore({ rows: 10, stringBytes: 10_000 });
    store.append([request(0), request(1)], 0);
    store.startRun();
    expect([store.find(0), store.oldestSeq]).toEqual([undefined, undefined]);
    store.append([request(1)], 0);
    expect([store.find(0), store.find(1), store.runStart]).toEqual([undefined, 2, 2]);
    // Older rows of this run have no place between the two.
    expect(store.prepend([request(0)])).toBe(false);
  });

  it('counts the rows that it keeps', () => {
    const store = new RequestStore({ rows: 3, stringBytes: 10_000 });
    store.append([request(0, { status: 416 }), request(1, { tier: 'store' })], 0);
    expect([...store.counts.statusClasses].slice(2, 6)).toEqual([1, 0, 1, 0]);
    store.append([request(2, { tier: 'disk' }), request(3, { status: 503 })], 0);
    expect([...store.counts.statusClasses].slice(2, 6)).toEqual([2, 0, 0, 1]);
    expect([...store.counts.tiers]).toEqual([0, 1, 1, 1]);
  });

  it('keeps the newest rows under numbers that never change', () => {
    const store = new RequestStore({ rows: 100, stringBytes: 1_000_000 });
    store.append(many(250), 0);
    expect([store.first, store.next, store.size]).toEqual([150, 250, 100]);
    expect(store.row(149)).toBeUndefined();
    expect(store.row(150)?.target).toBe('/objects/build/150');
    expect(store.row(249)?.target).toBe('/objects/build/249');
    expect(store.row(250)).toBeUndefined();
  });

  it('lets old rows go when their strings take too much room', () => {
    const store = new RequestStore({ rows: 1000, stringBytes: 4000 });
    store.append(many(500), 0);
    expect(store.size).toBeLessThan(40);
    expect(store.row(499)?.target).toBe('/objects/build/499');
    expect(store.memory.usedBytes).toBeLessThanOrEqual(store.memory.limitBytes);
  });

  it('never uses more than its limit, however many rows pass', () => {
    const store = new RequestStore({ rows: 500, stringBytes: 100_000 });
    const { limitBytes } = store.memory;
    for (let round = 0; round < 200; round += 1) store.append(many(500), 0);
    expect(store.memory.limitBytes).toBe(limitBytes);
    expect(store.memory.usedBytes).toBeLessThanOrEqual(limitBytes);
    expect(store.next).toBe(100_000);
  });

  it('cuts texts that are too long and counts what was missed', () => {
    const store = new RequestStore({ rows: 4, stringBytes: 10_000 });
    store.append([request(0, { target: 'x'.repeat(5000) })], 12);
    expect(store.row(0)?.target).toHaveLength(256);
    expect(store.row(0)?.target.endsWith('…')).toBe(true);
    expect(store.missed).toBe(12);
  });

  it('has no place to show for an object of unknown or no length', () => {
    const store = new RequestStore({ rows: 4, stringBytes: 10_000 });
    store.append([request(0, { spans: [[0, 0]], objectBytes: 0 }), request(1, { spans: [[0, 5]] })], 0);
    expect(store.row(0)?.shares).toEqual([]);
    expect(store.row(1)?.shares).toEqual([]);
  });
});
