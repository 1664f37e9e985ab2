/**
 * A heap snapshot of V8 in summary: for each constructor how many objects there are, what they take themselves, and
 * what would go with them (retained). Retained is counted over every reference that keeps something alive; what is
 * within another object of the same constructor is counted once.
 */
import { dominators, none, type Dominators } from './dominators.ts';
import type { ReadOptions } from './profile.ts';
import { readSnapshotFile, type SnapshotFile } from './snapshot-file.ts';

interface ConstructorRow {
  /** As the developer tools of Chrome name it: `Array`, `system / JSArrayBufferData`, `(string)`. */
  readonly name: string;
  readonly count: number;
  readonly selfBytes: number;
  readonly retainedBytes: number;
}

export interface SnapshotSummary {
  readonly format: 'heapsnapshot';
  readonly objects: number;
  readonly references: number;
  readonly totalBytes: number;
  /** By what they take themselves, the largest first. */
  readonly constructors: readonly ConstructorRow[];
}

/** The share of the time that reading takes; the rest is for who keeps whom. */
const readingShare = 0.6;

/** @throws ProfileError that names the field; the signal's reason */
export function readSnapshot(bytes: Uint8Array, { onProgress, signal }: ReadOptions = {}): SnapshotSummary {
  const abort = signal ? { signal } : {};
  const file = readSnapshotFile(bytes, {
    ...abort,
    onProgress: (share) => onProgress?.(share * readingShare),
  });
  const dominance = dominators(file, {
    ...abort,
    onProgress: (share) => onProgress?.(readingShare + share * (1 - readingShare)),
  });
  const { names, rowOf } = constructorsOf(file);
  const retained = retainedBytes(file, dominance);
  const rows = names.map((name) => ({ name, count: 0, selfBytes: 0, retainedBytes: 0 }));
  let totalBytes = 0;
  for (const [node, row] of rowOf.entries()) {
    const of = rows[row];
    const self = file.selfBytes[node] ?? 0;
    totalBytes += self;
    if (!of) continue;
    of.count += 1;
    of.selfBytes += self;
    if (dominance.idom[node] === none) of.retainedBytes += self;
  }
  for (const node of outermost(file.nodeCount, dominance, rowOf, rows.length)) {
    const of = rows[rowOf[node] ?? 0];
    if (of) of.retainedBytes += retained[node] ?? 0;
  }
  return {
    format: 'heapsnapshot',
    objects: file.nodeCount,
    references: file.edgeCount,
    totalBytes,
    constructors: rows.toSorted((a, b) => b.selfBytes - a.selfBytes || b.count - a.count),
  };
}

const typeNames: Readonly<Record<string, string>> = {
  hidden: '(system)',
  code: '(compiled code)',
  closure: 'Function',
  regexp: 'RegExp',
};

function constructorsOf({ nodeCount, nodeTypes, type, nameIndex, name }: SnapshotFile): {
  readonly names: readonly string[];
  readonly rowOf: Uint32Array;
} {
  const rows = new Map<string, number>();
  const names: string[] = [];
  const rowNamed = (text: string): number => {
    let row = rows.get(text);
    if (row === undefined) {
      row = names.length;
      names.push(text);
      rows.set(text, row);
    }
    return row;
  };
  const byString = new Map<number, number>();
  const byType = new Map<number, number>();
  const rowOf = new Uint32Array(nodeCount);
  for (let node = 0; node < nodeCount; node += 1) {
    const of = type[node] ?? 0;
    const typeName = nodeTypes[of] ?? 'unknown';
    const isNamed = typeName === 'object' || typeName === 'native';
    const [known, key] = isNamed ? [byString, nameIndex[node] ?? 0] : [byType, of];
    let row = known.get(key);
    if (row === undefined) {
      row = rowNamed(isNamed ? name(key) : (typeNames[typeName] ?? `(${typeName})`));
      known.set(key, row);
    }
    rowOf[node] = row;
  }
  return { names, rowOf };
}

function retainedBytes({ selfBytes }: SnapshotFile, { idom, postorder }: Dominators): Float64Array {
  const retained = selfBytes.slice();
  for (const node of postorder) {
    const by = idom[node] ?? node;
    if (by !== node) retained[by] = (retained[by] ?? 0) + (retained[node] ?? 0);
  }
  return retained;
}

/** Nodes that no other one of the same constructor dominates. */
function* outermost(
  nodeCount: number,
  { idom, postorder }: Dominators,
  rowOf: Uint32Array,
  rows: number,
): Generator<number, void> {
  const first = new Uint32Array(nodeCount).fill(none);
  const sibling = new Uint32Array(nodeCount).fill(none);
  for (const node of postorder) {
    const by = idom[node] ?? node;
    if (by === node) continue;
    sibling[node] = first[by] ?? none;
    first[by] = node;
  }
  // How many of each constructor are on the way down.
  const above = new Uint32Array(rows);
  for (let node = postorder.at(-1) ?? none; node !== none;) {
    const row = rowOf[node] ?? 0;
    if (above[row] === 0) yield node;
    above[row] = (above[row] ?? 0) + 1;
    let next = first[node] ?? none;
    // Up, until there is a way down again.
    for (let at = node; next === none;) {
      const of = rowOf[at] ?? 0;
      above[of] = (above[of] ?? 0) - 1;
      next = sibling[at] ?? none;
      const by = idom[at] ?? at;
      if (by === at) break;
      at = by;
    }
    node = next;
  }
}
