import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  curvePoints,
  recordedCurve,
  simulateWindow,
  type RecordedFetch,
  type SimulatedWindow,
} from './window-simulator.ts';
import { MiB } from './units.ts';

const steady: RecordedFetch = { start: 0, bytes: MiB, firstByteMs: 20, transferMs: 80 };

/** An object of eight chunks, fetched evenly. */
const even: SimulatedWindow = {
  slots: 2,
  chunkBytes: MiB,
  objectBytes: 8 * MiB,
  drainBytesPerMs: MiB / 10,
  fetches: [steady],
};

const fetches = fc
  .array(
    fc.record({
      start: fc.integer({ min: 0, max: 64 * MiB }),
      bytes: fc.integer({ min: 1, max: 8 * MiB }),
      firstByteMs: fc.integer({ min: 0, max: 2000 }),
      transferMs: fc.integer({ min: 0, max: 2000 }),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((all) => all.toSorted((a, b) => a.start - b.start));

const windows: fc.Arbitrary<SimulatedWindow> = fc.record({
  slots: fc.integer({ min: 1, max: 64 }),
  chunkBytes: fc.integer({ min: 64 * 1024, max: 16 * MiB }),
  objectBytes: fc.integer({ min: 1, max: 64 * MiB }),
  drainBytesPerMs: fc.integer({ min: 1, max: 1_000_000 }),
  fetches,
});

describe('a simulated window', () => {
  it('of one slot takes one request after the other', () => {
    const one = simulateWindow({ ...even, slots: 1 });
    // Bytes go out while they come in, at most as fast as they come.
    expect(one).toMatchObject({ peakBytes: MiB, durationMs: 8 * 100, starvedMs: 8 * 100 - 80 });
  });

  it('of enough slots is as fast as its client, after the first byte', () => {
    const slow = simulateWindow({ ...even, slots: 4, drainBytesPerMs: MiB / 200 });
    expect(slow.durationMs).toBeCloseTo(20 + 8 * 200);
    expect(slow.starvedMs).toBeCloseTo(20);
    expect(slow.peakBytes).toBe(4 * MiB);
  });

  it('with 8 slots of 16 MiB and a slow client peaks at 128 MiB', () => {
    const object = { objectBytes: 1024 * MiB, chunkBytes: 16 * MiB, slots: 8 };
    expect(simulateWindow({ ...even, ...object, drainBytesPerMs: 100 }).peakBytes).toBe(128 * MiB);
  });

  it('never has more than its slots, nor than the object, nor less than one chunk', () => {
    fc.assert(
      fc.property(windows, (window) => {
        const { peakBytes } = simulateWindow(window);
        const { slots, chunkBytes, objectBytes } = window;
        expect(peakBytes).toBeLessThanOrEqual(Math.min(slots * chunkBytes, objectBytes));
        expect(peakBytes).toBeGreaterThanOrEqual(Math.min(chunkBytes, objectBytes));
      }),
    );
  });

  it('takes as long as the client is busy and starved, and no slot more makes it longer', () => {
    fc.assert(
      fc.property(windows, (window) => {
        const outcome = simulateWindow(window);
        const busyMs = window.objectBytes / window.drainBytesPerMs;
        expect(outcome.durationMs).toBeGreaterThanOrEqual(busyMs * 0.999_999);
        expect(outcome.starvedMs).toBeCloseTo(outcome.durationMs - busyMs, 3);
        const more = simulateWindow({ ...window, slots: window.slots + 1 });
        expect(more.durationMs).toBeLessThanOrEqual(outcome.durationMs * 1.000_001);
        expect(more.starvedMs).toBeLessThanOrEqual(outcome.starvedMs + outcome.durationMs * 0.000_001);
      }),
    );
  });

  it('has a curve in order of time that ends empty, of bounded length, as high as its peak', () => {
    fc.assert(
      fc.property(windows, (window) => {
        const { curve, peakBytes, durationMs } = simulateWindow(window);
        expect(curve.length).toBeLessThanOrEqual(curvePoints);
        expect(curve.at(-1)).toEqual({ atMs: durationMs, bytes: 0 });
        expect(Math.max(...curve.map(({ bytes }) => bytes))).toBe(peakBytes);
        expect(curve.map(({ atMs }) => atMs)).toEqual(
          curve.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
        );
      }),
    );
  });
});

describe('the recorded curve', () => {
  it('is what was in memory at each instant', () => {
    const pieces = [
      { fromMs: 0, toMs: 30, bytes: 2 },
      { fromMs: 10, toMs: 20, bytes: 3 },
      { fromMs: 20, toMs: 40, bytes: 4 },
    ];
    const { curve, peakBytes } = recordedCurve(pieces);
    expect(peakBytes).toBe(6);
    expect(curve.map(({ atMs, bytes }) => [atMs, bytes])).toEqual([
      [0, 2],
      [10, 5],
      [20, 2],
      [20, 6],
      [30, 4],
      [40, 0],
    ]);
  });
});
