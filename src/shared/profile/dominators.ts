/**
 * Who alone keeps whom: the immediate dominator of each node of a graph, seen from node 0 (Cooper, Harvey and Kennedy,
 * "A Simple, Fast Dominance Algorithm"). A node that cannot be reached has none.
 */
import type { ReadOptions } from './profile.ts';

export interface Graph {
  readonly nodeCount: number;
  readonly edgeStart: Uint32Array;
  readonly edgeTo: Uint32Array;
}

/** Stands for no node. */
export const none = 0xffff_ffff;

export interface Dominators {
  /** For each node; node 0 is its own, `none` for what cannot be reached. */
  readonly idom: Uint32Array;
  /** Nodes that can be reached, each after all that it dominates. */
  readonly postorder: Uint32Array;
}

/** @throws the signal's reason */
export function dominators(graph: Graph, { onProgress, signal }: ReadOptions = {}): Dominators {
  const { nodeCount } = graph;
  const postorder = postorderOf(graph);
  const rank = new Uint32Array(nodeCount).fill(none);
  for (const [index, node] of postorder.entries()) rank[node] = index;
  const { starts, from } = predecessors(graph, rank);
  // In ranks: a dominator has a higher one.
  const idom = new Uint32Array(postorder.length).fill(none);
  const root = postorder.length - 1;
  if (root >= 0) idom[root] = root;
  for (let round = 1, isChanging = true; isChanging; round += 1) {
    isChanging = false;
    for (let at = root - 1; at >= 0; at -= 1) {
      let best = none;
      const end = starts[at + 1] ?? 0;
      for (let edge = starts[at] ?? 0; edge < end; edge += 1) {
        const candidate = from[edge] ?? 0;
        if (idom[candidate] === none) continue;
        best = best === none ? candidate : meet(idom, best, candidate);
      }
      if (idom[at] === best) continue;
      idom[at] = best;
      isChanging = true;
    }
    signal?.throwIfAborted();
    onProgress?.(1 - 1 / (round + 1));
  }
  const byNode = new Uint32Array(nodeCount).fill(none);
  for (const [index, node] of postorder.entries()) byNode[node] = postorder[idom[index] ?? 0] ?? none;
  return { idom: byNode, postorder };
}

/** The nearest that dominates both. */
function meet(idom: Uint32Array, a: number, b: number): number {
  let [x, y] = [a, b];
  while (x !== y) {
    while (x < y) x = idom[x] ?? 0;
    while (y < x) y = idom[y] ?? 0;
  }
  return x;
}

/** Depth first without recursion. */
function postorderOf({ nodeCount, edgeStart, edgeTo }: Graph): Uint32Array {
  const order = new Uint32Array(nodeCount);
  if (nodeCount === 0) return order;
  const isSeen = new Uint8Array(nodeCount);
  const stack = new Uint32Array(nodeCount);
  const next = new Uint32Array(nodeCount);
  let [depth, count] = [1, 0];
  isSeen[0] = 1;
  next[0] = edgeStart[0] ?? 0;
  while (depth > 0) {
    const node = stack[depth - 1] ?? 0;
    const edge = next[depth - 1] ?? 0;
    if (edge >= (edgeStart[node + 1] ?? 0)) {
      order[count] = node;
      count += 1;
      depth -= 1;
      continue;
    }
    next[depth - 1] = edge + 1;
    const to = edgeTo[edge] ?? 0;
    if (isSeen[to] === 1) continue;
    isSeen[to] = 1;
    stack[depth] = to;
    next[depth] = edgeStart[to] ?? 0;
    depth += 1;
  }
  return order.subarray(0, count);
}

/** For each rank the ranks of those that refer to it. */
function predecessors(
  { nodeCount, edgeStart, edgeTo }: Graph,
  rank: Uint32Array,
): { readonly starts: Uint32Array; readonly from: Uint32Array } {
  const starts = new Uint32Array(nodeCount + 1);
  const each = (visit: (from: number, to: number) => void): void => {
    for (let node = 0; node < nodeCount; node += 1) {
      const of = rank[node] ?? none;
      if (of === none) continue;
      const end = edgeStart[node + 1] ?? 0;
      for (let edge = edgeStart[node] ?? 0; edge < end; edge += 1) {
        const to = rank[edgeTo[edge] ?? 0] ?? none;
        if (to !== of) visit(of, to);
      }
    }
  };
  each((_, to) => (starts[to + 1] = (starts[to + 1] ?? 0) + 1));
  for (let at = 0; at < nodeCount; at += 1) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0);
  const next = starts.slice();
  const from = new Uint32Array(starts[nodeCount] ?? 0);
  each((of, to) => {
    const at = next[to] ?? 0;
    from[at] = of;
    next[to] = at + 1;
  });
  return { starts, from };
}
