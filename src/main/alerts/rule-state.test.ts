import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleState } from './rule-state.ts';

describe('RuleState', () => {
  it('fires after its time at the threshold without a break, and is over after as long below', () => {
    const state = new RuleState({ holdMs: 10_000 });
    const changes = [
      [0, 'at threshold'],
      [9999, 'at threshold'],
      [10_000, 'below'],
      [10_001, 'at threshold'],
      [20_001, 'at threshold'],
      [20_100, 'below'],
      [30_099, 'below'],
      [30_100, 'below'],
    ] as const;
    expect(changes.map(([at, side]) => state.update(at, side))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'fired',
      undefined,
      undefined,
      'resolved',
    ]);
  });

  it('does not flicker: a rule without a time of its own is over after five seconds of calm', () => {
    const state = new RuleState({ holdMs: 0 });
    expect(state.update(0, 'at threshold')).toBe('fired');
    for (let at = 100; at < 20_000; at += 100)
      expect(state.update(at, at % 1000 === 0 ? 'at threshold' : 'below')).toBeUndefined();
    expect(state.isFiring).toBe(true);
  });

  it('fires and ends in turns, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.boolean())),
        (holdMs, steps) => {
          const state = new RuleState({ holdMs });
          let at = 0;
          const changes = steps.flatMap(([later, isAt]) => {
            at += later;
            return state.update(at, isAt ? 'at threshold' : 'below') ?? [];
          });
          expect(changes).toEqual(changes.map((_, index) => (index % 2 === 0 ? 'fired' : 'resolved')));
          expect(state.isFiring).toBe(changes.length % 2 === 1);
        },
      ),
    );
  });
});
