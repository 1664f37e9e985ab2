import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from './builder.ts';
import { nameKey, nodeAt, wayTo } from './node-path.ts';
import { callTree } from './tree.ts';

const stacksArb = fc.array(
  fc.array(fc.constantFrom('main.main', 'main.(*S3).get', 'c', 'd'), { minLength: 1, maxLength: 6 }),
  {
    minLength: 1,
    maxLength: 20,
  },
);

function treeOf(stacks: readonly (readonly string[])[], value = 1) {
  const builder = new ProfileBuilder('pprof', [{ type: 'samples', unit: 'count' }]);
  for (const stack of stacks)
    builder.add(
      stack.map((name) => builder.function(name)),
      [value],
    );
  return callTree(builder.build(), 0);
}

describe('the way to a call', () => {
  it('leads back to it, here and in another profile with the same stacks', () => {
    fc.assert(
      fc.property(stacksArb, (stacks) => {
        const [tree, other] = [treeOf(stacks), treeOf(stacks.toReversed(), 7)];
        const names = (of: typeof tree, node: number) =>
          wayTo(of, node).map((each) => of.names[of.name[each] ?? 0] ?? '');
        for (let node = 0; node < tree.size; node += 1) {
          const keys = names(tree, node).map(nameKey);
          for (const key of keys) expect(key).toMatch(/^[0-9a-z]{1,7}$/);
          expect(nodeAt(tree, keys)).toBe(node);
          expect(names(other, nodeAt(other, keys))).toEqual(names(tree, node));
        }
      }),
    );
  });

  it('ends where the calls are not there any more', () => {
    const tree = treeOf([['leaf', 'middle', 'main']]);
    const keys = ['main', 'middle', 'elsewhere', 'leaf'].map(nameKey);
    expect(wayTo(tree, nodeAt(tree, keys)).map((node) => tree.names[tree.name[node] ?? 0])).toEqual([
      'main',
      'middle',
    ]);
    expect(nodeAt(tree, [nameKey('nowhere')])).toBe(0);
  });
});
