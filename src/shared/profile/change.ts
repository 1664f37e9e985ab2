/**
 * What became of each call between two profiles, so that it can be drawn: what it has in both (kept), what it has more
 * (added) and what it has less (removed). What one callee gained and another lost does not cancel out in their caller.
 */
import type { CompareTree } from './compare.ts';

export interface Changes {
  readonly kept: Float64Array<ArrayBuffer>;
  readonly added: Float64Array<ArrayBuffer>;
  readonly removed: Float64Array<ArrayBuffer>;
}

/** `scale`: what values before and after are multiplied by: 1, or to shares of their sums. */
export function changesOf(
  { size, parent, selfBefore, selfAfter }: CompareTree,
  scale: { readonly before: number; readonly after: number } = { before: 1, after: 1 },
): Changes {
  const kept = new Float64Array(size);
  const added = new Float64Array(size);
  const removed = new Float64Array(size);
  // Children come after their parents: from the last to the first, each is whole when it is added to its parent.
  for (let node = size - 1; node >= 0; node -= 1) {
    const before = (selfBefore[node] ?? 0) * scale.before;
    const after = (selfAfter[node] ?? 0) * scale.after;
    // What is below 0 in both is kept, too; what changes its sign has nothing in common.
    if (before * after > 0) kept[node] = (kept[node] ?? 0) + Math.min(Math.abs(before), Math.abs(after));
    added[node] = (added[node] ?? 0) + Math.max(0, after - before);
    removed[node] = (removed[node] ?? 0) + Math.max(0, before - after);
    if (node === 0) continue;
    const above = parent[node] ?? 0;
    kept[above] = (kept[above] ?? 0) + (kept[node] ?? 0);
    added[above] = (added[above] ?? 0) + (added[node] ?? 0);
    removed[above] = (removed[above] ?? 0) + (removed[node] ?? 0);
  }
  return { kept, added, removed };
}
