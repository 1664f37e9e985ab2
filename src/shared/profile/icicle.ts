/**
 * Where the calls of a tree are in an icicle: callers above, what they call below them, each as wide as it is large.
 * Only what is wide enough to be seen has a box, so that a tree of a million nodes has a few thousand.
 */

export interface IcicleInput {
  readonly tree: { readonly size: number; readonly children: (node: number) => readonly number[] };
  /** How much room a node wants; its children never want more together. */
  readonly room: (node: number) => number;
  /** The node that has the whole width. */
  readonly from: number;
  /** Narrower ones, as a share of the whole width, are left out. */
  readonly leastShare: number;
  readonly maxBoxes: number;
}

/** Boxes row by row, from left to right: a parent is in the row above its children. */
export interface Boxes {
  /** The node of the tree that each box is. */
  readonly node: Uint32Array<ArrayBuffer>;
  /** The box above; that of the first is itself. */
  readonly parent: Uint32Array<ArrayBuffer>;
  /** Left edge and width, as shares of the whole width. */
  readonly start: Float64Array<ArrayBuffer>;
  readonly share: Float64Array<ArrayBuffer>;
  /** Where each row begins, and after the last one where it ends. */
  readonly rowStarts: Uint32Array<ArrayBuffer>;
  /** Calls that are too narrow, or too many, and left out with all below them. */
  readonly leftOut: number;
}

export function layOutIcicle({ tree, room, from, leastShare, maxBoxes }: IcicleInput): Boxes {
  const whole = room(from);
  const node: number[] = [from];
  const parent: number[] = [0];
  const start: number[] = [0];
  const share: number[] = [1];
  const rowStarts: number[] = [0];
  let leftOut = 0;
  for (let first = 0, end = 1; first < end; first = end, end = node.length) {
    rowStarts.push(end);
    for (let box = first; box < end; box += 1) {
      let left = start[box] ?? 0;
      for (const child of tree.children(node[box] ?? 0)) {
        const width = whole > 0 ? room(child) / whole : 0;
        if (width >= leastShare && width > 0 && node.length < maxBoxes) {
          node.push(child);
          parent.push(box);
          start.push(left);
          share.push(width);
        } else leftOut += 1;
        left += Math.max(0, width);
      }
    }
  }
  return {
    node: Uint32Array.from(node),
    parent: Uint32Array.from(parent),
    start: Float64Array.from(start),
    share: Float64Array.from(share),
    rowStarts: Uint32Array.from(rowStarts),
    leftOut,
  };
}

/** The box in a row at a share of the width, from 0 to 1. */
export function boxAt(
  { start, share, rowStarts }: Pick<Boxes, 'start' | 'share' | 'rowStarts'>,
  row: number,
  at: number,
): number | undefined {
  if (row < 0 || row >= rowStarts.length - 1) return undefined;
  let [low, high] = [rowStarts[row] ?? 0, rowStarts[row + 1] ?? 0];
  const first = low;
  // The last box that begins at or before the place.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((start[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  const box = low - 1;
  return box >= first && at < (start[box] ?? 0) + (share[box] ?? 0) ? box : undefined;
}

/** The row that a box is in. */
export function rowOfBox({ rowStarts }: Pick<Boxes, 'rowStarts'>, box: number): number {
  let [low, high] = [0, rowStarts.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rowStarts[middle] ?? 0) <= box) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The first, the widest, of what a box calls. */
export function firstChild(boxes: Pick<Boxes, 'parent' | 'rowStarts'>, box: number): number | undefined {
  const { parent, rowStarts } = boxes;
  const row = rowOfBox(boxes, box) + 1;
  const end = rowStarts[row + 1] ?? 0;
  for (let at = rowStarts[row] ?? end; at < end; at += 1) if (parent[at] === box) return at;
  return undefined;
}
