/**
 * The slot cells of the present instant. Solid fill holds memory, a hollow outline has only reserved it, a dot holds
 * none: shape and hue say the same, so neither is needed alone. The legend draws with these very functions.
 */
import type { Slot } from '#shared/model.ts';
import type { ChunkState } from '#shared/vocabulary/live.ts';
import { type ColorName, palette, type Palette } from '../../ui/palette.ts';
import { isolation } from './isolation.ts';

export interface CellSize {
  readonly width: number;
  readonly height: number;
}

export const fullCell: CellSize = { width: 14, height: 20 };
export const smallCell: CellSize = { width: 6, height: 12 };
const gap = 2;
/** Held longer than this is hatched; longer than the second it also shows its seconds. */
const hatchAfterMs = 2000;
const digitsAfterMs = 10_000;

/** What a cell shows of a slot. */
export type Cell = Pick<Slot, 'bytes' | 'filledBytes' | 'sentBytes' | 'ageMs' | 'attempt' | 'tier'> & {
  /** `cancelled`: its transfer ended before it was sent. */
  readonly state: ChunkState | 'cancelled';
};

interface Box extends CellSize {
  readonly context: CanvasRenderingContext2D;
  readonly colors: Palette;
  readonly x: number;
  readonly y: number;
}

export interface StripLayout {
  readonly size: CellSize;
  readonly perRow: number;
  readonly width: number;
  readonly height: number;
}

/** Up to 32 slots are drawn with their glyphs, 16 in a row; more are drawn small. */
export function stripLayout(window: number): StripLayout {
  const size = window <= 32 ? fullCell : smallCell;
  const perRow = window <= 32 ? 16 : 32;
  return {
    size,
    perRow,
    width: Math.min(window, perRow) * (size.width + gap) - gap,
    height: Math.ceil(window / perRow) * (size.height + gap) - gap,
  };
}

/** Which slot lies at a point of the strip, in CSS pixels. */
export function slotAtPoint(window: number, { x, y }: { readonly x: number; readonly y: number }): number {
  const { size, perRow } = stripLayout(window);
  const column = Math.min(perRow - 1, Math.max(0, Math.floor(x / (size.width + gap))));
  return Math.max(0, Math.floor(y / (size.height + gap))) * perRow + column;
}

/** What a strip shows: slots in byte order, what the window has left now, and what it may have at most. */
interface Strip {
  readonly slots: readonly Cell[];
  readonly window: number;
  readonly windowLimit: number;
  /** The slot that the keyboard is at. */
  readonly cursor: number | undefined;
}

/** Draws the slots of a lane, a dot for each that its window has left, and a faint one beyond. In CSS pixels. */
export function drawStrip(context: CanvasRenderingContext2D, strip: Strip): void {
  const { slots, window, windowLimit, cursor } = strip;
  const { size, perRow } = stripLayout(windowLimit);
  const colors = palette();
  for (let index = 0; index < Math.max(windowLimit, slots.length); index += 1) {
    const x = (index % perRow) * (size.width + gap);
    const y = Math.floor(index / perRow) * (size.height + gap);
    const box = { context, colors, x, y, ...size };
    if (index < Math.max(window, slots.length)) drawCell(box, slots[index]);
    else dot(box, 'line');
    if (index === cursor) frame(box);
  }
}

/** Draws one cell; without a slot, the dot of a free one. */
export function drawCell(box: Box, cell: Cell | undefined): void {
  if (!cell) {
    dot(box, 'free-outline');
    return;
  }
  const { context } = box;
  context.globalAlpha = cell.state === 'cancelled' ? 1 : isolation.strengthOf(cell.state);
  painters[cell.state](box, cell);
  const showsSeconds = cell.state === 'held' && cell.ageMs > digitsAfterMs;
  if (cell.tier && cell.tier !== 'store' && box.width === fullCell.width && !showsSeconds)
    tierLetter(box, cell);
  context.globalAlpha = 1;
}

const painters: Readonly<Record<Cell['state'], (box: Box, cell: Cell) => void>> = {
  queued: (box) => outline(box, 'queued-outline'),
  waiting: (box, cell) => {
    outline(box, 'waiting-outline', [2, 2]);
    clockHand(box, cell.ageMs);
  },
  receiving: (box, cell) => {
    level(box, 'receiving', share(cell.filledBytes, cell.bytes));
    outline(box, 'receiving-outline');
  },
  held: (box, cell) => {
    level(box, 'held', 1);
    if (cell.ageMs > hatchAfterMs) hatch(box);
    outline(box, 'held-outline');
    if (cell.ageMs > digitsAfterMs) seconds(box, cell.ageMs);
  },
  draining: (box, cell) => {
    level(box, 'draining', 1 - share(cell.sentBytes, cell.bytes));
    outline(box, 'draining-outline');
  },
  retry: (box, cell) => {
    outline(box, 'retry-outline', [2, 2]);
    notch(box);
    text(box, String(Math.min(9, cell.attempt)), 'retry-outline', 9);
  },
  failed: (box) => {
    outline(box, 'failed-outline');
    cross(box);
  },
  cancelled: (box) => {
    outline(box, 'queued-outline');
    diagonal(box);
  },
};

function share(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}

function frame({ context, colors, x, y, width, height }: Box): void {
  context.strokeStyle = colors.text;
  context.lineWidth = 2;
  context.strokeRect(x, y, width, height);
}

function dot({ context, colors, x, y, width, height }: Box, color: ColorName): void {
  context.fillStyle = colors[color];
  context.fillRect(x + width / 2 - 1, y + height / 2 - 1, 2, 2);
}

function outline({ context, colors, x, y, width, height }: Box, color: ColorName, dash: number[] = []): void {
  context.strokeStyle = colors[color];
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.setLineDash([]);
}

/** Fill from the bottom: rises while bytes come in, falls from the top while they go out. */
function level({ context, colors, x, y, width, height }: Box, color: ColorName, part: number): void {
  const filled = Math.round(part * (height - 2));
  context.fillStyle = colors[color];
  context.fillRect(x + 1, y + height - 1 - filled, width - 2, filled);
}

function hatch({ context, colors, x, y, width, height }: Box): void {
  context.save();
  context.beginPath();
  context.rect(x + 1, y + 1, width - 2, height - 2);
  context.clip();
  context.strokeStyle = colors['held-ink'];
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.beginPath();
  for (let offset = -height; offset < width; offset += 5) {
    context.moveTo(x + offset, y + height);
    context.lineTo(x + offset + height, y);
  }
  context.stroke();
  context.restore();
}

/** One turn in two seconds: how long the first byte has been awaited. */
function clockHand({ context, colors, x, y, width, height }: Box, ageMs: number): void {
  if (width < fullCell.width) return;
  const angle = (Math.min(ageMs, 2000) / 2000) * 2 * Math.PI;
  context.strokeStyle = colors['waiting-outline'];
  context.beginPath();
  context.moveTo(x + width / 2, y + height / 2);
  context.lineTo(x + width / 2 + 4 * Math.sin(angle), y + height / 2 - 4 * Math.cos(angle));
  context.stroke();
}

function notch({ context, colors, x, y, width }: Box): void {
  context.fillStyle = colors['retry-outline'];
  context.beginPath();
  context.moveTo(x + width - 5, y);
  context.lineTo(x + width, y);
  context.lineTo(x + width, y + 5);
  context.fill();
}

function cross({ context, colors, x, y, width, height }: Box): void {
  const reach = Math.min(3, width / 2 - 1);
  const [centerX, centerY] = [x + width / 2, y + height / 2];
  context.strokeStyle = colors['failed-outline'];
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(centerX - reach, centerY - reach);
  context.lineTo(centerX + reach, centerY + reach);
  context.moveTo(centerX + reach, centerY - reach);
  context.lineTo(centerX - reach, centerY + reach);
  context.stroke();
}

function diagonal({ context, colors, x, y, width, height }: Box): void {
  context.strokeStyle = colors['queued-outline'];
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x + 1, y + height - 1);
  context.lineTo(x + width - 1, y + 1);
  context.stroke();
}

function seconds(box: Box, ageMs: number): void {
  if (box.width < fullCell.width) return;
  const { context, colors, x, y, width, height } = box;
  context.fillStyle = colors.held;
  context.fillRect(x + 1, y + height / 2 - 5, width - 2, 10);
  text(box, String(Math.min(99, Math.floor(ageMs / 1000))), 'held-ink', 9);
}

function text(
  { context, colors, x, y, width, height }: Box,
  value: string,
  color: ColorName,
  size: number,
): void {
  if (width < fullCell.width) return;
  context.fillStyle = colors[color];
  context.font = `600 ${size}px "Inter Variable", sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(value, x + width / 2, y + height / 2 + 0.5);
}

/** Bytes that came from a cache and not from the store: a double tick at the top, and the cache's letter. */
function tierLetter({ context, colors, x, y, width, height }: Box, cell: Cell): void {
  context.fillStyle = colors.page;
  context.fillRect(x + 2, y, width - 4, 6);
  context.fillStyle = colors['queued-outline'];
  for (const top of [0, 3]) context.fillRect(x + 3, y + top, width - 6, 2);
  const letter = cell.tier === 'memory' ? 'M' : 'D';
  context.font = '700 8px "Inter Variable", sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const onFill = cell.state === 'held' || (cell.state === 'draining' && cell.sentBytes < cell.bytes * 0.7);
  context.fillStyle = onFill ? colors['held-ink'] : colors['text-2'];
  context.fillText(letter, x + width / 2, y + height - 3);
}
