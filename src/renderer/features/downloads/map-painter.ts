/**
 * Cells of the whole-object map. On their way and in a window they look as in the strips of the Live view; what is
 * cached, on disk or gone is grey. Solid holds memory, hollow holds none. The legend draws with these very functions.
 */
import type { CellState } from '#shared/vocabulary/downloads.ts';
import type { ChunkState } from '#shared/vocabulary/live.ts';
import type { ColorName, Palette } from '../../ui/palette.ts';
import { drawCell } from '../live/cells.ts';

export interface MapBox {
  readonly context: CanvasRenderingContext2D;
  readonly colors: Palette;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How much of a piece is there, and which attempt brings it: for the states that show it. */
export interface CellFill {
  readonly share: number;
  readonly attempt: number;
}

const chunkStates: ReadonlySet<CellState> = new Set<ChunkState>([
  'queued',
  'waiting',
  'receiving',
  'held',
  'draining',
  'retry',
  'failed',
]);

/** Cells narrower than this have no room for a shape: colour alone, and the table says the rest. */
const shapesFrom = 5;

/** What fills a cell that is too small for a shape. */
const fills: Readonly<Partial<Record<CellState, ColorName>>> = {
  queued: 'queued',
  waiting: 'waiting',
  receiving: 'receiving',
  held: 'held',
  draining: 'draining',
  retry: 'retry',
  failed: 'failed',
  cached: 'cached',
  disk: 'spare',
  partly: 'spare',
  evicted: 'line',
  cancelled: 'line',
};

export function paintMapCell(box: MapBox, state: CellState, fill: CellFill): void {
  if (box.width < shapesFrom) {
    const color = fills[state];
    if (color) rectangle(box, color);
    else dot(box);
    return;
  }
  if (chunkStates.has(state)) {
    drawCell(box, {
      state: state as ChunkState,
      bytes: 100,
      filledBytes: fill.share * 100,
      sentBytes: 40,
      ageMs: 0,
      attempt: fill.attempt,
    });
    return;
  }
  painters[state]?.(box);
}

const painters: Readonly<Partial<Record<CellState, (box: MapBox) => void>>> = {
  never: dot,
  cached: (box) => rectangle(box, 'cached'),
  // A platter: the lower half is filled.
  disk: (box) => {
    lower(box, 0.45, 'cached');
    outline(box, 'cached', []);
  },
  partly: (box) => {
    lower(box, 0.3, 'cached');
    outline(box, 'cached', [1, 2]);
  },
  evicted: (box) => outline(box, 'free-outline', [2, 2]),
  cancelled: (box) => {
    outline(box, 'queued-outline', []);
    diagonal(box);
  },
};

function rectangle({ context, colors, x, y, width, height }: MapBox, color: ColorName): void {
  context.fillStyle = colors[color];
  context.fillRect(x, y, width, height);
}

function lower({ context, colors, x, y, width, height }: MapBox, share: number, color: ColorName): void {
  const filled = Math.max(1, Math.round(height * share));
  context.fillStyle = colors[color];
  context.fillRect(x, y + height - filled, width, filled);
}

function outline({ context, colors, x, y, width, height }: MapBox, color: ColorName, dash: number[]): void {
  context.strokeStyle = colors[color];
  context.lineWidth = 1;
  context.setLineDash(dash);
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  context.setLineDash([]);
}

function dot({ context, colors, x, y, width, height }: MapBox): void {
  const size = width < shapesFrom ? 1 : 2;
  context.fillStyle = colors['free-outline'];
  context.fillRect(Math.floor(x + (width - size) / 2), Math.floor(y + (height - size) / 2), size, size);
}

function diagonal({ context, colors, x, y, width, height }: MapBox): void {
  context.strokeStyle = colors['queued-outline'];
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x + 1, y + height - 1);
  context.lineTo(x + width - 1, y + 1);
  context.stroke();
}
