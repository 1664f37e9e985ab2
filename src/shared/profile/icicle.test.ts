import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from './builder.ts';
import { boxAt, firstChild, layOutIcicle, rowOfBox } from './icicle.ts';
import { callTree, type CallTree } from './tree.ts';

const stacksArb = fc.array(
  fc.record({
    stack: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 }),
    value: fc.integer({ min: 1, max: 1000 }),
  }),
  { minLength: 1, maxLength: 30 },
);

function treeOf(stacks: readonly { readonly stack: readonly string[]; readonly value: number }[]): CallTree {
  const builder = new ProfileBuilder('pprof', [{ type: 'samples', unit: 'count' }]);
  for (const { stack, value } of stacks)
    builder.add(
      stack.map((name) => builder.function(name)),
      [value],
    );
  return callTree(builder.build(), 0);
}

const lay = (tree: CallTree, from = 0, leastShare = 0, maxBoxes = 100_000) =>
  layOutIcicle({ tree, room: (node) => tree.total[node] ?? 0, from, leastShare, maxBoxes });

describe('an icicle', () => {
  it('has a box for each call, as wide as its share, within its caller and beside the others', () => {
    fc.assert(
      fc.property(stacksArb, (stacks) => {
        const tree = treeOf(stacks);
        const boxes = lay(tree);
        const { node, parent, start, share, rowStarts, leftOut } = boxes;
        expect(leftOut).toBe(0);
        expect([...node].toSorted((a, b) => a - b)).toEqual(Array.from({ length: tree.size }, (_, at) => at));
        for (const [box, of] of node.entries()) {
          const row = rowOfBox(boxes, box);
          expect(row).toBe(tree.depth[of]);
          expect(share[box]).toBeCloseTo((tree.total[of] ?? 0) / (tree.total[0] ?? 0), 10);
          if (box === 0) continue;
          const above = parent[box] ?? 0;
          expect(node[above]).toBe(tree.parent[of]);
          expect(start[box]).toBeGreaterThanOrEqual((start[above] ?? 0) - 1e-9);
          const end = (start[box] ?? 0) + (share[box] ?? 0);
          expect(end).toBeLessThanOrEqual((start[above] ?? 0) + (share[above] ?? 0) + 1e-9);
          const isLastInRow = box + 1 === rowStarts[row + 1];
          expect(isLastInRow ? 1 : start[box + 1]).toBeGreaterThanOrEqual(end - 1e-9);
        }
      }),
    );
  });

  it('is hit where its boxes are, and nowhere else', () => {
    fc.assert(
      fc.property(stacksArb, (stacks) => {
        const boxes = lay(treeOf(stacks));
        const { node, start, share, rowStarts } = boxes;
        for (const box of node.keys()) {
          const middle = (start[box] ?? 0) + (share[box] ?? 0) / 2;
          expect(boxAt(boxes, rowOfBox(boxes, box), middle)).toBe(box);
        }
        const last = rowStarts.length - 2;
        expect(boxAt(boxes, -1, 0.5)).toBeUndefined();
        expect(boxAt(boxes, last + 1, 0.5)).toBeUndefined();
        expect(boxAt(boxes, 0, 1.1)).toBeUndefined();
        const covered = (at: number): boolean =>
          [...node.keys()].some(
            (box) =>
              rowOfBox(boxes, box) === last &&
              at >= (start[box] ?? 0) &&
              at < (start[box] ?? 0) + (share[box] ?? 0),
          );
        for (let at = 0.005; at < 1; at += 0.01)
          expect(boxAt(boxes, last, at) !== undefined).toBe(covered(at));
      }),
    );
  });

  it('begins at any call, and its widest callee comes first', () => {
    fc.assert(
      fc.property(stacksArb, fc.nat(), (stacks, seed) => {
        const tree = treeOf(stacks);
        const from = seed % tree.size;
        const boxes = lay(tree, from);
        expect([boxes.node[0], boxes.share[0]]).toEqual([from, 1]);
        const child = firstChild(boxes, 0);
        expect(child === undefined ? undefined : boxes.node[child]).toBe(tree.children(from)[0]);
      }),
    );
  });

  it('leaves out what is too narrow to be seen, and counts it', () => {
    const tree = treeOf([
      { stack: ['wide'], value: 990 },
      { stack: ['below', 'narrow'], value: 5 },
      { stack: ['thin'], value: 5 },
    ]);
    const { node, leftOut } = lay(tree, 0, 0.01);
    expect([...node].map((of) => tree.names[tree.name[of] ?? 0])).toEqual([expect.anything(), 'wide']);
    expect(leftOut).toBe(2);
  });

  it('of a million calls has no more boxes than may be', () => {
    const builder = new ProfileBuilder('pprof', [{ type: 'samples', unit: 'count' }]);
    const names = Array.from({ length: 1000 }, (_, index) => builder.function(`f${index}`));
    for (const a of names) for (const b of names) builder.add([b, a], [1]);
    const tree = callTree(builder.build(), 0);
    expect(tree.size).toBe(1_001_001);
    expect(lay(tree, 0, 1 / 4000).node).toHaveLength(1001);
    expect(lay(tree, 0, 0, 5000).node).toHaveLength(5000);
  });
});
