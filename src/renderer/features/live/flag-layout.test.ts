import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnMs } from '../../state/columns.ts';
import { type Flag, Flags, flagsOf } from '../../state/flags.ts';
import { flagsNear, flagWords, placeFlags } from './flag-layout.ts';

const flag = (at: number, kind: Flag['kind'] = 'mark', isFiring = false): Flag => ({
  at,
  kind,
  isFiring,
  text: `${kind} at ${at}`,
});
const timeWindow = { right: 10_000, span: 1000 };
const edge = timeWindow.right * columnMs;

describe('placeFlags', () => {
  it('puts flags at their pixels, and leaves out what is beside the time in view', () => {
    const flags = [
      flag(edge - 2000 * columnMs),
      flag(edge - 500 * columnMs),
      flag(edge),
      flag(edge + columnMs),
    ];
    const placed = placeFlags(flags, { timeWindow, width: 1000, apart: 6 });
    expect(placed.map(({ x }) => x)).toEqual([499, 999]);
  });

  it('shows those that touch as one, an alert before a mark', () => {
    const flags = [
      flag(edge - 300 * columnMs),
      flag(edge - 298 * columnMs, 'alert', true),
      flag(edge - 100 * columnMs),
    ];
    expect(placeFlags(flags, { timeWindow, width: 1000, apart: 6 })).toEqual([
      { x: 699, kind: 'alert', isFiring: true, count: 2 },
      { x: 899, kind: 'mark', isFiring: false, count: 1 },
    ]);
  });

  it('loses none that is in view, and keeps them apart, whatever there is', () => {
    const times = fc.array(fc.integer({ min: 0, max: 999 }), { maxLength: 60 });
    fc.assert(
      fc.property(times, fc.integer({ min: 10, max: 2000 }), (before, width) => {
        const flags = before.toSorted((a, b) => b - a).map((columns) => flag(edge - columns * columnMs));
        const placed = placeFlags(flags, { timeWindow, width, apart: 6 });
        expect(placed.reduce((sum, { count }) => sum + count, 0)).toBe(flags.length);
        for (const [index, { x }] of placed.entries())
          expect(x - (placed[index - 1]?.x ?? -6)).toBeGreaterThanOrEqual(6);
      }),
    );
  });
});

describe('flags', () => {
  it('say what is near an instant, each once', () => {
    const flags = new Flags();
    flags.set([
      flag(edge),
      flag(edge - 400 * columnMs, 'alert', true),
      flag(edge - 400 * columnMs, 'alert', true),
    ]);
    expect(flagWords(flagsNear(flags, timeWindow.right - 402, 1000))).toEqual([
      `▲ alert at ${edge - 400 * columnMs}, still`,
    ]);
    expect(flagsNear(flags, timeWindow.right - 200, 1000)).toEqual([]);
  });

  it('are bounded, in the order of their times, with the first line of a note', () => {
    const flags = new Flags();
    flags.set(Array.from({ length: 1000 }, (_, at) => flag(1000 - at)));
    expect(flags.footprint.usedBytes).toBe(flags.footprint.limitBytes);
    expect(flags.list[0]?.at).toBeLessThan(flags.list.at(-1)?.at ?? 0);
    const [noted, bare] = flagsOf(
      [],
      [
        { id: 'a', at: 1, note: `${'x'.repeat(200)}\nmore` },
        { id: 'b', at: 2, note: '' },
      ],
    );
    expect(noted?.text).toMatch(/^x{79}…$/);
    expect(bare?.text).toBe('mark');
  });
});
