/**
 * The way to a node of a tree of calls, by the names on it and short enough for an address: the same way leads to the
 * same calls with another sample type, with other labels and in another profile.
 */

/** What of a tree says which node is whose child. Node 0 is the root of all. */
export interface NamedTree {
  readonly name: Uint32Array;
  readonly names: readonly string[];
  readonly parent: Uint32Array;
  readonly children: (node: number) => readonly number[];
}

/** A name in short, by 32 bits of it. */
export function nameKey(name: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}

/** The nodes from below the root down to `node`; none for the root. */
export function wayTo({ parent }: Pick<NamedTree, 'parent'>, node: number): readonly number[] {
  const way: number[] = [];
  for (let at = node; at !== 0; at = parent[at] ?? 0) way.push(at);
  return way.toReversed();
}

/** The node to which the keys of names lead, or the last one on the way that is there. */
export function nodeAt(tree: NamedTree, keys: readonly string[]): number {
  let node = 0;
  for (const key of keys) {
    const next = tree
      .children(node)
      .find((child) => nameKey(tree.names[tree.name[child] ?? 0] ?? '') === key);
    if (next === undefined) break;
    node = next;
  }
  return node;
}
