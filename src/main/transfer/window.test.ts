import { describe, expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';
import { Window, type WindowSample } from './window.ts';

const calm: WindowSample = {
  bytesPerMs: 1000,
  latencyMs: 100,
  chunkBytes: MiB,
  starved: 0,
  hasRoom: true,
  blockedMs: 0,
  oldestAheadMs: 0,
};

function windowOf(...samples: readonly Partial<WindowSample>[]): Window {
  const window = new Window(8);
  for (const sample of samples) window.tick({ ...calm, ...sample });
  return window;
}

describe('the window', () => {
  it('begins with the present chunk and doubles with each that is taken, up to the limit', () => {
    const window = new Window(8);
    const sizes = [1, 2, 3, 4].map(() => {
      window.crossed();
      return window.size;
    });
    expect([new Window(8).size, ...sizes]).toEqual([1, 2, 4, 8, 8]);
  });

  it('holds what is taken while a chunk comes, and one more', () => {
    expect(windowOf({ bytesPerMs: 3 * MiB, latencyMs: 1 }).size).toBe(4);
    expect(windowOf({ bytesPerMs: 2.1 * MiB, latencyMs: 1 }).size).toBe(4);
    expect(windowOf({ bytesPerMs: 100 * MiB, latencyMs: 10 }).size).toBe(8);
  });

  it('grows while the client starves, if there is memory', () => {
    expect(windowOf({ starved: 0.5 }, { starved: 0.5 }).size).toBe(4);
    expect(windowOf({ starved: 0.5, hasRoom: false }).size).toBe(1);
    expect(windowOf({ starved: 0.04, bytesPerMs: 1 }).size).toBe(2);
  });

  it('shrinks one at a time while what is ahead grows old', () => {
    const large = { bytesPerMs: 100 * MiB, latencyMs: 10 };
    const slow = { bytesPerMs: 1, oldestAheadMs: 201 };
    expect(windowOf(large, slow).size).toBe(7);
    expect(windowOf(large, { ...slow, oldestAheadMs: 200 }).size).toBe(8);
    expect(windowOf(large, ...Array.from({ length: 20 }, () => slow)).size).toBe(2);
  });

  it('Nothing is read ahead for a client that takes nothing.', () => {
    const window = windowOf({ bytesPerMs: 100 * MiB, latencyMs: 10 }, { blockedMs: 1001 });
    expect(window.size).toBe(1);
    window.crossed();
    expect(window.size).toBe(2);
  });
});
