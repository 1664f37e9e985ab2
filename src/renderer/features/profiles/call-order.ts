import type { Boxes } from '#shared/profile/icicle.ts';

export interface CallRow {
  readonly box: number;
  /** 0 for what has the whole width. */
  readonly depth: number;
}

/** The boxes of an icicle as a table reads them: each followed by what it calls. */
export function callRows({
  parent,
  rowStarts,
  node,
}: Pick<Boxes, 'parent' | 'rowStarts' | 'node'>): readonly CallRow[] {
  // The boxes of one parent are side by side in the row below it.
  const first = new Uint32Array(node.length);
  const end = new Uint32Array(node.length);
  for (let box = 1; box < node.length; box += 1) {
    const above = parent[box] ?? 0;
    if (end[above] === 0) first[above] = box;
    end[above] = box + 1;
  }
  const rows: CallRow[] = [];
  const pending: CallRow[] = rowStarts.length > 1 ? [{ box: 0, depth: 0 }] : [];
  for (let row = pending.pop(); row !== undefined; row = pending.pop()) {
    rows.push(row);
    const { box, depth } = row;
    for (let child = (end[box] ?? 0) - 1; child >= (first[box] ?? 0) && child > 0; child -= 1)
      pending.push({ box: child, depth: depth + 1 });
  }
  return rows;
}
