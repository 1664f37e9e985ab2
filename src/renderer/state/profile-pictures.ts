/** From a tree of calls to what the page draws of it: the boxes that are wide enough, with their names and values. */
import type { Changes } from '#shared/profile/change.ts';
import type { CompareTree } from '#shared/profile/compare.ts';
import { type Boxes, layOutIcicle } from '#shared/profile/icicle.ts';
import { type NamedTree, nameKey, nodeAt, wayTo } from '#shared/profile/node-path.ts';
import type { CallTree } from '#shared/profile/tree.ts';
import {
  type CallPicture,
  type ChangePicture,
  type Drawing,
  type IciclePicture,
  maxBoxes,
} from './profile-questions.ts';

type Files = (name: string) => string;

export function callPicture(tree: CallTree, files: Files, drawing: Drawing): CallPicture {
  const room = (node: number): number => tree.room[node] ?? 0;
  const { from, boxes } = lay(tree, room, drawing);
  return {
    ...named(tree, { from, boxes, room, files }, drawing.search),
    total: picked(tree.total, boxes),
    self: picked(tree.self, boxes),
    whole: tree.room[0] ?? 0,
  };
}

interface Sides {
  readonly files: Files;
  /** The sums of both profiles. */
  readonly before: number;
  readonly after: number;
}

export function changePicture(
  tree: CompareTree,
  { kept, added, removed }: Changes,
  { files, before, after }: Sides,
  drawing: Drawing,
): ChangePicture {
  const room = (node: number): number => (kept[node] ?? 0) + (added[node] ?? 0) + (removed[node] ?? 0);
  const { from, boxes } = lay(tree, room, drawing);
  return {
    ...named(tree, { from, boxes, room, files }, drawing.search),
    kept: picked(kept, boxes),
    added: picked(added, boxes),
    removed: picked(removed, boxes),
    before,
    after,
  };
}

function lay(
  tree: NamedTree & { readonly size: number },
  room: (node: number) => number,
  { zoom, leastShare }: Drawing,
): { readonly from: number; readonly boxes: Boxes } {
  const from = nodeAt(tree, zoom);
  return { from, boxes: layOutIcicle({ tree, room, from, leastShare, maxBoxes }) };
}

interface Laid {
  readonly from: number;
  readonly boxes: Boxes;
  readonly room: (node: number) => number;
  readonly files: Files;
}

function named(tree: NamedTree, { from, boxes, room, files }: Laid, search: string): IciclePicture {
  const names: string[] = [];
  const rows = new Map<number, number>();
  const name = boxes.node.map((node) => {
    const of = node === 0 ? -1 : (tree.name[node] ?? 0);
    let row = rows.get(of);
    if (row === undefined) {
      row = names.length;
      names.push(of < 0 ? '' : (tree.names[of] ?? ''));
      rows.set(of, row);
    }
    return row;
  });
  const crumbs = wayTo(tree, from).map((node) => {
    const text = tree.names[tree.name[node] ?? 0] ?? '';
    return { key: nameKey(text), name: text };
  });
  return { boxes, name, names, files: names.map(files), crumbs, matched: matchedRoom(tree, room, search) };
}

/** What all calls have whose names match; a match below another one counts once. */
function matchedRoom(tree: NamedTree, room: (node: number) => number, search: string): number | undefined {
  const words = search.trim().toLowerCase();
  if (words === '') return undefined;
  const isMatch = tree.names.map((name) => name.toLowerCase().includes(words));
  const isWithin = new Uint8Array(tree.parent.length);
  let matched = 0;
  for (let node = 1; node < tree.parent.length; node += 1) {
    const isBelow = isWithin[tree.parent[node] ?? 0] === 1;
    const isOwn = isMatch[tree.name[node] ?? 0] === true;
    if (isOwn && !isBelow) matched += room(node);
    if (isOwn || isBelow) isWithin[node] = 1;
  }
  return matched;
}

function picked(values: Float64Array, { node }: Boxes): Float64Array<ArrayBuffer> {
  const result = new Float64Array(node.length);
  for (const [box, of] of node.entries()) result[box] = values[of] ?? 0;
  return result;
}
