/** The calls of a profile as one tree from the roots down: what an icicle draws. */
import { sampleCount, type Profile } from './profile.ts';
import { mergeByName, type SampleFilter } from './top.ts';

/** Nodes in order of making: a parent comes before its children. Node 0 is the root of all. */
export interface CallTree {
  /** Index into `names`; that of the root is not used. */
  readonly name: Uint32Array;
  readonly names: readonly string[];
  readonly parent: Uint32Array;
  readonly depth: Uint16Array;
  /** With all that is below, and of the function itself. */
  readonly total: Float64Array;
  readonly self: Float64Array;
  /** Children of a node, the largest first. */
  readonly children: (node: number) => readonly number[];
  readonly size: number;
}

/** Builds the tree for one sample type. */
export function callTree(profile: Profile, type: number, filter?: SampleFilter): CallTree {
  const merged = mergeByName(profile);
  const { starts, frames, values, sampleTypes, functions } = profile;
  const nodes: { name: number; parent: number; depth: number; total: number; self: number }[] = [
    { name: 0, parent: 0, depth: 0, total: 0, self: 0 },
  ];
  const childOf = new Map<number, Map<number, number>>();
  for (let sample = 0; sample < sampleCount(profile); sample += 1) {
    const value = values[sample * sampleTypes.length + type] ?? 0;
    if (value === 0 || filter?.(sample) === false) continue;
    let node = 0;
    add(nodes, 0, value);
    for (let at = (starts[sample + 1] ?? 0) - 1; at >= (starts[sample] ?? 0); at -= 1) {
      node = child(nodes, childOf, node, merged.rowOf[frames[at] ?? 0] ?? 0);
      add(nodes, node, value);
    }
    const leaf = nodes[node];
    if (leaf) leaf.self += value;
  }
  const order = new Map<number, readonly number[]>();
  return {
    size: nodes.length,
    name: Uint32Array.from(nodes, ({ name }) => name),
    names: merged.firsts.map((first) => functions[first]?.name ?? ''),
    parent: Uint32Array.from(nodes, ({ parent }) => parent),
    depth: Uint16Array.from(nodes, ({ depth }) => depth),
    total: Float64Array.from(nodes, ({ total }) => total),
    self: Float64Array.from(nodes, ({ self }) => self),
    children: (node) => {
      let sorted = order.get(node);
      if (!sorted) {
        sorted = [...(childOf.get(node)?.values() ?? [])].toSorted(
          (a, b) => (nodes[b]?.total ?? 0) - (nodes[a]?.total ?? 0) || a - b,
        );
        order.set(node, sorted);
      }
      return sorted;
    },
  };
}

type Nodes = { name: number; parent: number; depth: number; total: number; self: number }[];

function add(nodes: Nodes, index: number, value: number): void {
  const node = nodes[index];
  if (node) node.total += value;
}

function child(
  nodes: Nodes,
  childOf: Map<number, Map<number, number>>,
  parent: number,
  name: number,
): number {
  let children = childOf.get(parent);
  if (!children) childOf.set(parent, (children = new Map()));
  let index = children.get(name);
  if (index === undefined) {
    index = nodes.length;
    nodes.push({ name, parent, depth: (nodes[parent]?.depth ?? 0) + 1, total: 0, self: 0 });
    children.set(name, index);
  }
  return index;
}
