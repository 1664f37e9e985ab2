import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Flights, type FlightPlan } from './flights.ts';

/** A fetch that the test ends, and what became of its memory. */
class Fetch {
  readonly bytes = new Uint8Array(4);
  holders = 0;
  starts = 0;
  cancelled = false;
  finish: (() => void) | undefined;
  fail: ((error: Error) => void) | undefined;

  get plan(): FlightPlan {
    return {
      bytes: this.bytes,
      held: () => {
        this.holders += 1;
        return {
          [Symbol.dispose]: () => {
            this.holders -= 1;
          },
        };
      },
      fetch: (signal) =>
        new Promise((resolve, reject) => {
          this.starts += 1;
          this.finish = () => {
            this.bytes.fill(7);
            resolve();
          };
          this.fail = reject;
          signal.addEventListener('abort', () => {
            this.cancelled = true;
            reject(new Error('cancelled'));
          });
        }),
    };
  }
}

const never = new AbortController().signal;

describe('flights', () => {
  it('Any number of readers of a missing chunk share one fetch.', async () => {
    const flights = new Flights();
    const fetches = Array.from({ length: 8 }, () => new Fetch());
    const reads = fetches.map((fetch) => flights.read('a', fetch.plan, fetch.bytes, never));
    fetches[0]?.finish?.();
    await Promise.all(reads);
    expect(fetches.map(({ starts }) => starts)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(fetches.every(({ bytes }) => bytes.every((byte) => byte === 7))).toBe(true);
    expect(flights.joined).toBe(7);
    await turn();
    expect(fetches[0]?.holders).toBe(0);
  });

  it('A reader that leaves, the first included, takes nothing from the others.', async () => {
    const flights = new Flights();
    const [first, second] = [new Fetch(), new Fetch()];
    const gone = new AbortController();
    const left = flights.read('a', first.plan, first.bytes, gone.signal);
    const stays = flights.read('a', second.plan, second.bytes, never);
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'ABORTED' });
    expect(first.cancelled).toBe(false);
    expect(first.holders).toBeGreaterThan(0);
    first.finish?.();
    await stays;
    expect(second.bytes).toEqual(Uint8Array.of(7, 7, 7, 7));
    await turn();
    expect(first.holders).toBe(0);
  });

  it('ends a fetch that nobody waits for, and whoever comes next starts anew', async () => {
    const flights = new Flights();
    const [first, second] = [new Fetch(), new Fetch()];
    const gone = new AbortController();
    const left = flights.read('a', first.plan, first.bytes, gone.signal);
    gone.abort();
    await expect(left).rejects.toMatchObject({ code: 'ABORTED' });
    expect(first.cancelled).toBe(true);
    const next = flights.read('a', second.plan, second.bytes, never);
    expect(second.starts).toBe(1);
    second.finish?.();
    await next;
    expect([first.holders, second.holders]).toEqual([0, 0]);
  });

  it('tells everybody of a failure and remembers none', async () => {
    const flights = new Flights();
    const [first, second, third] = [new Fetch(), new Fetch(), new Fetch()];
    const reads = [first, second].map((fetch) => flights.read('a', fetch.plan, fetch.bytes, never));
    first.fail?.(new Error('down'));
    const outcomes = await Promise.allSettled(reads);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = flights.read('a', third.plan, third.bytes, never);
    third.finish?.();
    await again;
    expect([first.holders, second.holders, third.holders]).toEqual([0, 0, 0]);
  });
});
