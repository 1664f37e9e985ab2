import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Concurrency } from './concurrency.ts';

const tickMs = 500;
const bounds = { start: 4, min: 2, max: 64 };

/** A path to a store, seen from one end: goodput by the number of requests that are out at a time. */
interface Link {
  /** In bytes per millisecond. */
  readonly capacity: number;
  readonly perConnection: number;
  /** From asking to the first byte; with a chunk of 8 MiB. */
  readonly headMs: number;
  /** More requests than this are refused with 503. */
  readonly throttleAbove: number;
  /** With more than this, next to nothing comes through. */
  readonly collapseAbove: number;
  /** Share by which a measurement may be off. */
  readonly noise: number;
}

const chunkBytes = 8 * 1024 * 1024;

function goodput(link: Link, level: number): number {
  if (level > link.collapseAbove) return link.capacity / 1000;
  const served = Math.min(level, link.throttleAbove);
  const perRequest = chunkBytes / (link.headMs + chunkBytes / link.perConnection);
  return Math.min(link.capacity, served * perRequest);
}

/** The lowest level with the highest goodput, from the bounds. */
function bestLevel(link: Link): number {
  const levels = Array.from({ length: bounds.max - bounds.min + 1 }, (_, index) => bounds.min + index);
  return levels.reduce((best, level) => (goodput(link, level) > goodput(link, best) ? level : best));
}

interface Observed {
  readonly level: number;
  readonly goodput: number;
}

function simulate(
  link: Link,
  ticks: number,
  random: () => number,
  concurrency = new Concurrency(bounds),
): Observed[] {
  return Array.from({ length: ticks }, (_, tick) => {
    const nowMs = tick * tickMs;
    const level = concurrency.limit;
    const observed = { level, goodput: goodput(link, level) };
    const measured = observed.goodput * (1 + link.noise * (2 * random() - 1));
    if (level > link.throttleAbove) concurrency.throttled(nowMs, 0);
    concurrency.tick({ nowMs, elapsedMs: tickMs, bytes: measured * tickMs, failures: 0, boundBy: 'level' });
    return observed;
  });
}

const link: fc.Arbitrary<Link> = fc.record({
  capacity: fc.integer({ min: 20_000, max: 2_000_000 }),
  perConnection: fc.integer({ min: 5000, max: 90_000 }),
  headMs: fc.integer({ min: 1, max: 200 }),
  throttleAbove: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 5, max: 60 })),
  collapseAbove: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 5, max: 60 })),
  noise: fc.constantFrom(0, 0.01, 0.02),
});

/** A reproducible stand-in for Math.random (a linear congruential generator; constants of Numerical Recipes). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

const longest = (flags: readonly boolean[]): number =>
  flags.reduce(
    ({ run, most }, flag) => {
      const now = flag ? run + 1 : 0;
      return { run: now, most: Math.max(most, now) };
    },
    { run: 0, most: 0 },
  ).most;

describe('concurrency', () => {
  it('comes within a tenth of the best goodput and never stays at twice the best level', () => {
    fc.assert(
      fc.property(link, fc.nat(), (link, seed) => {
        const observed = simulate(link, 600, seeded(seed));
        const best = bestLevel(link);
        const converged = observed.slice(120);
        const mean = converged.reduce((sum, each) => sum + each.goodput, 0) / converged.length;
        expect(mean).toBeGreaterThanOrEqual(0.9 * goodput(link, best));
        const tooHigh = observed.map(({ level }) => level > 2 * best);
        expect(longest(tooHigh) * tickMs).toBeLessThanOrEqual(10_000);
      }),
      { numRuns: 200 },
    );
  });

  const calm: Link = {
    capacity: 200_000,
    perConnection: 60_000,
    headMs: 20,
    throttleAbove: Number.POSITIVE_INFINITY,
    collapseAbove: Number.POSITIVE_INFINITY,
    noise: 0,
  };
  const tick = { elapsedMs: tickMs, bytes: 1_000_000, failures: 0 };

  it('comes down when the store gets slower', () => {
    const concurrency = new Concurrency(bounds);
    simulate({ ...calm, capacity: 2_000_000 }, 200, () => 0, concurrency);
    expect(concurrency.limit).toBeGreaterThan(24);
    simulate(calm, 400, () => 0, concurrency);
    expect(concurrency.limit).toBeLessThan(8);
  });

  it('learns nothing while it is demand that is measured', () => {
    const concurrency = new Concurrency(bounds);
    for (let count = 0; count < 100; count += 1)
      concurrency.tick({ ...tick, nowMs: count * tickMs, bytes: count * 1000, boundBy: 'demand' });
    expect(concurrency.limit).toBe(4);
  });

  it('asks for more while nothing has come and nothing is wrong: latency is the bound', () => {
    const concurrency = new Concurrency(bounds);
    const levels = [0, 1, 2, 3, 4].map((count) =>
      concurrency.tick({ ...tick, nowMs: count * tickMs, bytes: 0, boundBy: 'level' }),
    );
    expect(levels).toEqual([5, 5, 6, 6, 7]);
    expect(concurrency.tick({ ...tick, nowMs: 5000, bytes: 0, failures: 1, boundBy: 'level' })).toBe(7);
  });

  it('halves when goodput collapses, and comes back to what had worked below what had not', () => {
    const collapsing = { ...calm, capacity: 2_000_000, collapseAbove: 20 };
    const levels = simulate(collapsing, 100, () => 0).map(({ level }) => level);
    expect(levels.slice(0, 12)).toEqual([4, 8, 8, 16, 16, 32, 32, 32, 16, 16, 16, 16]);
    expect(levels.slice(30).filter((level) => level > 20).length).toBeLessThanOrEqual(6);
    expect(levels.at(-1)).toBeGreaterThanOrEqual(18);
  });

  it('takes many refusals at once for one', () => {
    const concurrency = new Concurrency({ ...bounds, start: 40 });
    for (let count = 0; count < 20; count += 1) concurrency.throttled(count, 0);
    expect(concurrency.limit).toBe(28);
    expect(concurrency.throttled(1100, 60_000)).toBe(19);
    expect(concurrency.restUntilMs).toBe(61_100);
  });

  it('does nothing when the number of connections is fixed', () => {
    const concurrency = new Concurrency({ start: 8, min: 8, max: 8 });
    simulate({ ...calm, throttleAbove: 4 }, 50, () => 0, concurrency);
    expect(concurrency.limit).toBe(8);
  });
});
