import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ColumnRule,
  defaultLayout,
  moved,
  narrowest,
  nudged,
  parseLayout,
  resized,
  shownColumns,
  toggled,
  widest,
  widthOf,
} from './column-layout.ts';

const rules: readonly ColumnRule[] = [
  { id: 'a', width: 100, isShown: true },
  { id: 'b', width: 50, isShown: true },
  { id: 'c', width: 60, isShown: false },
  { id: 'd', width: 70, isShown: true },
];
const standard = defaultLayout(rules);

describe('a layout of columns', () => {
  it('shows what is shown by itself, in the order of the rules', () => {
    expect(shownColumns(standard)).toEqual(['a', 'b', 'd']);
  });

  it('moves a column over those that are not shown', () => {
    expect(shownColumns(nudged(standard, 'b', 1))).toEqual(['a', 'd', 'b']);
    expect(shownColumns(nudged(standard, 'd', -1))).toEqual(['a', 'd', 'b']);
    expect(nudged(standard, 'a', -1)).toEqual(standard);
    expect(shownColumns(moved(standard, 'a', 'd'))).toEqual(['b', 'd', 'a']);
    expect(shownColumns(moved(standard, 'd', 'a'))).toEqual(['d', 'a', 'b']);
    expect(moved(standard, 'x', 'a')).toEqual(standard);
  });

  it('never hides the last column', () => {
    const one = toggled(toggled(standard, 'a'), 'b');
    expect(shownColumns(one)).toEqual(['d']);
    expect(toggled(one, 'd')).toEqual(one);
    expect(shownColumns(toggled(one, 'c'))).toEqual(['c', 'd']);
  });

  it('keeps widths within bounds', () => {
    const widths = [1, 99.6, 5000].map((width) => widthOf(resized(standard, 'a', width), rules[0]!));
    expect(widths).toEqual([narrowest, 100, widest]);
    expect(widthOf(standard, rules[1]!)).toBe(50);
  });
});

describe('what was kept of a layout', () => {
  it('comes back as it was', () => {
    const made = resized(toggled(moved(standard, 'd', 'a'), 'b'), 'a', 222);
    const kept = parseLayout(JSON.stringify(made), rules);
    expect({ ...kept, hidden: kept.hidden.toSorted() }).toEqual({ ...made, hidden: ['b', 'c'] });
  });

  it('a column that has come since is at the end, shown or not as by itself', () => {
    const kept = { order: ['d', 'a'], hidden: [], widths: {} };
    const layout = parseLayout(JSON.stringify(kept), rules);
    expect(layout.order).toEqual(['d', 'a', 'b', 'c']);
    expect(shownColumns(layout)).toEqual(['d', 'a', 'b']);
  });

  it('is any text at all, and every column still has its place', () => {
    const texts = fc.oneof(fc.string(), fc.json(), fc.constant(null));
    fc.assert(
      fc.property(texts, (text) => {
        const layout = parseLayout(text, rules);
        expect(layout.order.toSorted()).toEqual(['a', 'b', 'c', 'd']);
        expect(shownColumns(layout).length).toBeGreaterThan(0);
      }),
    );
  });
});
