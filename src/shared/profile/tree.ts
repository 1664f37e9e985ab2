/** The calls of a profile as one tree from the roots down: what an icicle draws. */
import { sampleCount, type Profile } from './profile.ts';
import { NodeTable } from './node-table.ts';
import { mergeByName, type SampleFilter } from './top.ts';
import { hasNegative } from './whole.ts';

/** Nodes in order of making: a parent comes before its children. Node 0 is the root of all. */
export interface CallTree {
  /** Index into `names`; that of the root is not used. */
  readonly name: Uint32Array;
  readonly names: readonly string[];
  readonly parent: Uint32Array;
  /** 0 for the root; what is deeper than 65,535 says so. */
  readonly depth: Uint16Array;
  /** With all that is below, and of the function itself. */
  readonly total: Float64Array;
  readonly self: Float64Array;
  /** How much room a node wants in a picture: its total, and where some are below 0 what is in it, whatever its sign. */
  readonly room: Float64Array;
  /** Children of a node, the one with the most room first. */
  readonly children: (node: number) => readonly number[];
  readonly size: number;
}

/** Builds the tree for one sample type. */
export function callTree(profile: Profile, type: number, filter?: SampleFilter): CallTree {
  const merged = mergeByName(profile);
  const isDifference = hasNegative(profile, type);
  const table = new NodeTable(isDifference ? 2 : 1);
  const sizeColumn = isDifference ? 1 : undefined;
  addSamples(table, profile, { type, column: 0, sizeColumn, rowOf: merged.rowOf, filter });
  const { name, parent, depth, total: totals, self: selves } = table.arrays();
  const total = isDifference ? totals.filter((_, at) => at % 2 === 0) : totals;
  const self = isDifference ? selves.filter((_, at) => at % 2 === 0) : selves;
  const room = isDifference ? totals.filter((_, at) => at % 2 === 1) : total;
  return {
    size: table.size,
    name,
    names: merged.firsts.map((first) => profile.functions[first]?.name ?? ''),
    parent,
    depth,
    total,
    self,
    room,
    children: childrenBy(parent, (node) => room[node] ?? 0),
  };
}

export interface Adding {
  readonly type: number;
  /** Which of the table's values. */
  readonly column: number;
  /** Where the values go without their signs; nowhere, unless given. */
  readonly sizeColumn?: number | undefined;
  /** From functions of the profile to names of the table. */
  readonly rowOf: Uint32Array;
  readonly filter?: SampleFilter | undefined;
}

/** Adds each sample that counts along its stack. */
export function addSamples(
  table: NodeTable,
  profile: Profile,
  { type, column, sizeColumn, rowOf, filter }: Adding,
): void {
  const { starts, frames, values, sampleTypes } = profile;
  for (let sample = 0; sample < sampleCount(profile); sample += 1) {
    const value = values[sample * sampleTypes.length + type] ?? 0;
    if (value === 0 || filter?.(sample) === false) continue;
    let node = 0;
    const count = (): void => {
      table.addTotal(node, column, value);
      if (sizeColumn !== undefined) table.addTotal(node, sizeColumn, Math.abs(value));
    };
    count();
    const start = starts[sample] ?? 0;
    for (let at = (starts[sample + 1] ?? 0) - 1; at >= start; at -= 1) {
      node = table.child(node, rowOf[frames[at] ?? 0] ?? 0);
      count();
    }
    table.addSelf(node, column, value);
  }
}

/** The children of each node, the largest first; sorted when somebody asks. */
export function childrenBy(
  parent: Uint32Array,
  size: (node: number) => number,
): (node: number) => readonly number[] {
  const starts = new Uint32Array(parent.length + 1);
  for (let node = 1; node < parent.length; node += 1) {
    const after = (parent[node] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let node = 0; node < parent.length; node += 1) {
    starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0);
  }
  const next = starts.slice();
  const list = new Uint32Array(Math.max(0, parent.length - 1));
  for (let node = 1; node < parent.length; node += 1) {
    const of = parent[node] ?? 0;
    const at = next[of] ?? 0;
    list[at] = node;
    next[of] = at + 1;
  }
  const sorted = new Map<number, readonly number[]>();
  return (node) => {
    let children = sorted.get(node);
    if (!children) {
      children = [...list.subarray(starts[node] ?? 0, starts[node + 1] ?? 0)].toSorted(
        (a, b) => size(b) - size(a) || a - b,
      );
      sorted.set(node, children);
    }
    return children;
  };
}
