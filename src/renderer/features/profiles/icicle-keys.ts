/** Where the keyboard's cursor goes in an icicle: down to what is called, up to the caller, sideways in the row. */
import { type Boxes, firstChild, rowOfBox } from '#shared/profile/icicle.ts';

/** The box that a key leads to; `undefined` for a key that is none of these. */
export function boxAfterKey(boxes: Boxes, from: number, key: string): number | undefined {
  const { parent, rowStarts } = boxes;
  const row = rowOfBox(boxes, from);
  const [first, end] = [rowStarts[row] ?? 0, rowStarts[row + 1] ?? 0];
  switch (key) {
    case 'ArrowDown':
      return firstChild(boxes, from) ?? from;
    case 'ArrowUp':
      return parent[from] ?? 0;
    case 'ArrowLeft':
      return Math.max(first, from - 1);
    case 'ArrowRight':
      return Math.min(end - 1, from + 1);
    default:
      return undefined;
  }
}

/** The boxes from below the first one down to `box`. */
export function boxesTo({ parent }: Pick<Boxes, 'parent'>, box: number): readonly number[] {
  const way: number[] = [];
  for (let at = box; at !== 0; at = parent[at] ?? 0) way.push(at);
  return way.toReversed();
}
