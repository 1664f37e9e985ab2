import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LoopDelay } from './loop-delay.ts';

/** Long enough for the timer to have run when the loop is free. */
const aTurn = () => sleep(60);

function keepBusy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

describe('LoopDelay', () => {
  it('says nothing during the first interval', async () => {
    const start = performance.now();
    using delay = new LoopDelay();
    await aTurn();
    expect(delay.sample(start + 999)).toBeUndefined();
  });

  it('notices a busy loop, also right after a sample was taken', async () => {
    using delay = new LoopDelay();
    const start = performance.now();
    await aTurn();
    expect(delay.sample(start + 2000)).toBeDefined();
    keepBusy(150);
    await aTurn();
    const figures = delay.sample(start + 4000);
    // The timer was due 20 ms into it at the latest.
    expect(figures?.maxMs).toBeGreaterThanOrEqual(125);
    expect(figures?.p50Ms).toBeLessThanOrEqual(figures?.p99Ms ?? 0);
    expect(figures?.p99Ms).toBeLessThanOrEqual(figures?.maxMs ?? 0);
  });

  it('keeps a sample for a second, and starts anew after it', async () => {
    using delay = new LoopDelay();
    const start = performance.now();
    keepBusy(150);
    await aTurn();
    const first = delay.sample(start + 2000);
    await aTurn();
    expect(delay.sample(start + 2900)).toBe(first);
    expect(delay.sample(start + 3100)).not.toBe(first);
  });

  it('shows the last seconds to whoever asks, and takes nothing from the samples', async () => {
    using delay = new LoopDelay();
    const start = performance.now();
    expect(delay.recent).toBeUndefined();
    await aTurn();
    keepBusy(150);
    await aTurn();
    const { recent } = delay;
    expect(recent?.maxMs).toBeGreaterThanOrEqual(125);
    expect(recent?.p50Ms).toBeLessThanOrEqual(recent?.p99Ms ?? 0);
    expect(delay.recent?.maxMs).toBe(recent?.maxMs);
    expect(delay.sample(start + 2000)?.maxMs).toBeGreaterThanOrEqual(125);
  });

  it('stops measuring when it is disposed of', async () => {
    const delay = new LoopDelay();
    delay[Symbol.dispose]();
    await aTurn();
    expect(delay.sample(performance.now() + 2000)).toBeUndefined();
  });
});
