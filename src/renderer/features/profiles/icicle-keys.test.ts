import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from '#shared/profile/builder.ts';
import { layOutIcicle, rowOfBox } from '#shared/profile/icicle.ts';
import { callTree } from '#shared/profile/tree.ts';
import { callRows } from './call-order.ts';
import { boxAfterKey, boxesTo } from './icicle-keys.ts';

const boxesArb = fc
  .array(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((stacks) => {
    const builder = new ProfileBuilder('pprof', [{ type: 'samples', unit: 'count' }]);
    for (const stack of stacks)
      builder.add(
        stack.map((name) => builder.function(name)),
        [1],
      );
    const tree = callTree(builder.build(), 0);
    return layOutIcicle({
      tree,
      room: (node) => tree.total[node] ?? 0,
      from: 0,
      leastShare: 0,
      maxBoxes: 1000,
    });
  });

describe('keys in an icicle', () => {
  it('go down to the widest callee and back up, and sideways within the row', () => {
    fc.assert(
      fc.property(boxesArb, fc.nat(), (boxes, seed) => {
        const from = seed % boxes.node.length;
        const row = rowOfBox(boxes, from);
        const down = boxAfterKey(boxes, from, 'ArrowDown') ?? -1;
        const callees = [...boxes.parent.keys()].filter((box) => box > 0 && boxes.parent[box] === from);
        const widest = callees.toSorted((a, b) => (boxes.share[b] ?? 0) - (boxes.share[a] ?? 0) || a - b)[0];
        expect(down).toBe(widest ?? from);
        expect(rowOfBox(boxes, down)).toBe(widest === undefined ? row : row + 1);
        const up = boxAfterKey(boxes, down, 'ArrowUp');
        expect(up).toBe(widest === undefined ? boxes.parent[from] : from);
        const right = boxAfterKey(boxes, from, 'ArrowRight') ?? -1;
        const isLast = from + 1 === boxes.rowStarts[row + 1];
        expect(right).toBe(isLast ? from : from + 1);
        expect(boxAfterKey(boxes, right, 'ArrowLeft')).toBe(
          isLast && boxes.rowStarts[row] !== from ? from - 1 : from,
        );
        expect(boxAfterKey(boxes, from, 'x')).toBeUndefined();
      }),
    );
  });

  it('the way down to a box goes from caller to callee', () => {
    fc.assert(
      fc.property(boxesArb, fc.nat(), (boxes, seed) => {
        const to = seed % boxes.node.length;
        const way = [0, ...boxesTo(boxes, to)];
        expect(way.at(-1)).toBe(to);
        expect(way).toHaveLength(rowOfBox(boxes, to) + 1);
        expect(way.slice(1).map((box) => boxes.parent[box])).toEqual(way.slice(0, -1));
      }),
    );
  });
});

describe('the table behind an icicle', () => {
  it('has each call once, right below its caller or a sibling’s callees', () => {
    fc.assert(
      fc.property(boxesArb, (boxes) => {
        const rows = callRows(boxes);
        expect(rows.map(({ box }) => box).toSorted((a, b) => a - b)).toEqual([...boxes.node.keys()]);
        for (const [index, { box, depth }] of rows.entries()) {
          expect(depth).toBe(rowOfBox(boxes, box));
          const above = rows.slice(0, index).findLast((row) => row.depth === depth - 1);
          expect(above?.box ?? 0).toBe(boxes.parent[box]);
        }
      }),
    );
  });
});
