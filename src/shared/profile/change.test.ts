import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from './builder.ts';
import { changesOf } from './change.ts';
import { compareTrees } from './compare.ts';
import type { Profile } from './profile.ts';

const type = { type: 'inuse_space', unit: 'bytes' };
const stacksArb = fc.array(
  fc.tuple(
    fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 1000 }),
  ),
  { maxLength: 20 },
);

function profileOf(stacks: readonly (readonly [readonly string[], number])[]): Profile {
  const builder = new ProfileBuilder('pprof', [type]);
  for (const [stack, value] of stacks)
    builder.add(
      stack.map((name) => builder.function(name)),
      [value],
    );
  return builder.build();
}

describe('changes', () => {
  it('are, of each call, what its own stacks kept, gained and lost', () => {
    fc.assert(
      fc.property(stacksArb, stacksArb, (before, after) => {
        const tree = compareTrees({ profile: profileOf(before) }, { profile: profileOf(after) }, type);
        const { kept, added, removed } = changesOf(tree);
        for (let node = 0; node < tree.size; node += 1) {
          expect((kept[node] ?? 0) + (removed[node] ?? 0)).toBe(tree.totalBefore[node]);
          expect((kept[node] ?? 0) + (added[node] ?? 0)).toBe(tree.totalAfter[node]);
          const below = Array.from({ length: tree.size }, (_, each) => each).filter((each) => {
            for (let at = each; ; at = tree.parent[at] ?? 0) {
              if (at === node) return true;
              if (at === 0) return false;
            }
          });
          const gained = below.map((each) =>
            Math.max(0, (tree.selfAfter[each] ?? 0) - (tree.selfBefore[each] ?? 0)),
          );
          expect(added[node]).toBe(gained.reduce((sum, each) => sum + each, 0));
        }
      }),
    );
  });

  it('do not cancel out: what one callee lost and another gained is both in the caller', () => {
    const tree = compareTrees(
      { profile: profileOf([[['a', 'main'], 100]]) },
      { profile: profileOf([[['b', 'main'], 100]]) },
      type,
    );
    const { kept, added, removed } = changesOf(tree);
    expect([kept[0], added[0], removed[0]]).toEqual([0, 100, 100]);
  });

  it('are of shares, with the sums as scale', () => {
    const tree = compareTrees(
      {
        profile: profileOf([
          [['a'], 10],
          [['b'], 10],
        ]),
      },
      {
        profile: profileOf([
          [['a'], 300],
          [['b'], 100],
        ]),
      },
      type,
    );
    const { kept, added, removed } = changesOf(tree, { before: 1 / 20, after: 1 / 400 });
    expect([kept[0], added[0], removed[0]]).toEqual([0.75, 0.25, 0.25]);
  });
});
