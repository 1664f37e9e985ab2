import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

describe('pace', () => {
  it('is what was accepted over the time that there was something to accept', () => {
    const pace = new Pace();
    pace.busy(0);
    pace.accepted(50_000);
    pace.idle(50);
    // Starved for the rest of the tick: that is not the client's fault.
    pace.tick(250);
    expect(pace.bytesPerMs).toBe(1000);
  });

  it('follows changes within a few ticks', () => {
    const pace = new Pace();
    for (let tick = 0; tick < 20; tick += 1) {
      pace.busy(tick * 250);
      pace.accepted((tick < 10 ? 1000 : 100) * 250);
      pace.tick((tick + 1) * 250);
    }
    expect(pace.bytesPerMs).toBeGreaterThan(100);
    expect(pace.bytesPerMs).toBeLessThan(110);
  });

  it('is assumed to be good before anything is known, and never nothing', () => {
    const pace = new Pace();
    expect(pace.bytesPerMs).toBeGreaterThan(1000);
    pace.busy(0);
    pace.tick(250);
    expect(pace.bytesPerMs).toBeGreaterThan(1000);
    pace.accepted(1);
    for (let tick = 2; tick < 100; tick += 1) pace.tick(tick * 250);
    expect(pace.bytesPerMs).toBe(1);
  });
});
