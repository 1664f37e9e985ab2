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
      at: 1_700_000_000_007,
      method: 'GET',
      target: '/objects/build/7',
      range: 'bytes=0-1023',
      client: '10.0.0.1',
      status: 206,
      sentBytes: 7,
      firstByteMs: 12.5,
      durationMs: 1.5,
      tier: 'disk',
      complete: false,
      spans: [[0.25, 0.5]],
    });
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
    expect(store.row(0)?.spans).toEqual([]);
    expect(store.row(1)?.spans).toEqual([]);
  });
});
