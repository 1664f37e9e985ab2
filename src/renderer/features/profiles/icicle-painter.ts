/** Paints the boxes of an icicle that are in sight, each with as much of its name as there is room for. */
import { shortNameOf } from '#shared/profile/callout.ts';
import { boxAt, rowOfBox } from '#shared/profile/icicle.ts';
import type { IciclePicture } from '../../state/profile-questions.ts';
import type { Surface } from '../../ui/paint-loop.ts';
import { type Palette, palette } from '../../ui/palette.ts';

export const rowHeight = 20;

export interface Rect {
  readonly context: CanvasRenderingContext2D;
  readonly colors: Palette;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** `dim`: there is a search, and it is no match. */
type BoxLook = 'plain' | 'match' | 'dim';

/** Fills a box. */
export type FillBox = (rect: Rect, box: number) => void;

export interface IcicleScene {
  readonly picture: IciclePicture;
  readonly fill: FillBox;
  /** What stands before a name: the shape of what is new, or gone. */
  readonly mark?: ((box: number) => string) | undefined;
  readonly search: string;
  readonly cursor: number | undefined;
  readonly hovered: number | undefined;
  /** The function that is shown beside the picture. */
  readonly chosenName: string | undefined;
  /** How far it is scrolled, in CSS pixels. */
  readonly top: number;
}

const font = '11px "Inter Variable", sans-serif';
const leastLabelWidth = 26;
const padding = 5;

export function paintIcicle({ context, width, height, ratio }: Surface, scene: IcicleScene): void {
  const colors = palette();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = font;
  context.textBaseline = 'middle';
  const { picture, top } = scene;
  const { rowStarts } = picture.boxes;
  const rows = rowStarts.length - 1;
  const firstRow = Math.max(0, Math.floor(top / rowHeight));
  const lastRow = Math.min(rows - 1, Math.floor((top + height / ratio) / rowHeight));
  const isForced = matchMedia('(forced-colors: active)').matches;
  const wanted = wantedNames(picture, scene.search);
  for (let row = firstRow; row <= lastRow; row += 1) {
    const end = rowStarts[row + 1] ?? 0;
    for (let box = rowStarts[row] ?? 0; box < end; box += 1) {
      const rect = rectOf(scene, box, row, { context, colors, width: width / ratio });
      const look = wanted === undefined ? 'plain' : (wanted[picture.name[box] ?? 0] ?? 'dim');
      fillBox(rect, box, look, scene);
      if (isForced) outline(rect, colors.line, 1);
      label(rect, box, look, scene);
    }
  }
  for (const box of new Set([scene.hovered, scene.cursor])) {
    if (box === undefined || box >= picture.boxes.node.length) continue;
    const row = rowOfBox(picture.boxes, box);
    outline(
      rectOf(scene, box, row, { context, colors, width: width / ratio }),
      colors.text,
      box === scene.cursor ? 2 : 1,
    );
  }
}

/** The box under a point of what is in sight. */
export function boxUnder({ boxes }: IciclePicture, x: number, y: number, width: number): number | undefined {
  return boxAt(boxes, Math.floor(y / rowHeight), x / width);
}

interface Whole {
  readonly context: CanvasRenderingContext2D;
  readonly colors: Palette;
  /** Of the picture. */
  readonly width: number;
}

/** A pixel between boxes, unless there is none left then. */
function rectOf(
  { picture, top }: IcicleScene,
  box: number,
  row: number,
  { context, colors, width }: Whole,
): Rect {
  const { start, share } = picture.boxes;
  const left = (start[box] ?? 0) * width;
  const wide = (share[box] ?? 0) * width;
  return {
    context,
    colors,
    x: left,
    y: row * rowHeight - top,
    width: Math.max(0.75, wide - Math.min(1, wide / 3)),
    height: rowHeight - 1,
  };
}

function fillBox(rect: Rect, box: number, look: BoxLook, { fill }: IcicleScene): void {
  const { context, colors, x, y, width, height } = rect;
  if (look === 'plain') {
    fill(rect, box);
    return;
  }
  context.fillStyle = look === 'match' ? colors['text-2'] : colors['line-soft'];
  context.fillRect(x, y, width, height);
}

function label(
  { context, colors, x, y, width, height }: Rect,
  box: number,
  look: BoxLook,
  scene: IcicleScene,
): void {
  const { picture, chosenName, mark } = scene;
  const name = picture.names[picture.name[box] ?? 0] ?? '';
  if (chosenName !== undefined && name === chosenName) {
    context.fillStyle = colors.focus;
    context.fillRect(x, y + height - 2, width, 2);
  }
  // What begins left of the edge has its name at the edge.
  const room = width - 2 * padding;
  if (width < leastLabelWidth) return;
  const text = fitted(context, `${mark?.(box) ?? ''}${name === '' ? 'all' : shortNameOf(name)}`, room);
  context.fillStyle = look === 'match' ? colors.page : look === 'dim' ? colors['text-3'] : colors.text;
  context.fillText(text, x + padding, y + height / 2 + 0.5);
}

/** As much of a text as there is room for; nothing when that would be one letter. */
function fitted(context: CanvasRenderingContext2D, text: string, room: number): string {
  const wide = context.measureText(text).width;
  if (wide <= room) return text;
  const letters = Math.floor((text.length * room) / wide) - 1;
  return letters < 2 ? '' : `${text.slice(0, letters)}…`;
}

function outline({ context, x, y, width, height }: Rect, color: string, lineWidth: number): void {
  context.strokeStyle = color;
  context.lineWidth = lineWidth;
  const inset = lineWidth / 2;
  context.strokeRect(x + inset, y + inset, Math.max(0.5, width - lineWidth), height - lineWidth);
}

function wantedNames({ names }: IciclePicture, search: string): readonly BoxLook[] | undefined {
  const words = search.trim().toLowerCase();
  if (words === '') return undefined;
  return names.map((name) => (name.toLowerCase().includes(words) ? 'match' : 'dim'));
}
