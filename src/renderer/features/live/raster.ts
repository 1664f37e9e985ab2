/**
 * The slot raster: time to the right, one row for each slot that
 * the window may ever have, the head on top. Thin blue and mint is
 * healthy; solid amber is a slow client; amber under one long blue row is a chunk that blocks the head. Painting is a
 * copy of what is there, moved left, plus the new pixels.
 */
import { chunkStates } from '#shared/vocabulary/live.ts';
import { columnKinds } from '../../state/columns.ts';
import { rowsOf } from '../../state/lane-history.ts';
import type { LaneView } from '../../state/lane-list.ts';
import type { LiveStore } from '../../state/live-store.ts';
import { type StateCode, strongest } from '../../state/majority.ts';
import { columnsAt, pixelOf } from '../../state/axis.ts';
import type { Timeline } from '../../state/timeline.ts';
import type { Paint, Surface } from '../../ui/paint-loop.ts';
import { type ColorName, palette } from '../../ui/palette.ts';
import { isolation } from './isolation.ts';

const fills: Readonly<Record<StateCode, ColorName>> = {
  0: 'free',
  1: 'queued',
  2: 'waiting',
  3: 'receiving',
  4: 'held',
  5: 'draining',
  6: 'retry',
  7: 'failed',
};

/** Distance of the lines that hatch a gap, in pixels. */
const hatchStep = 6;

export function rasterPainter(store: LiveStore, timeline: Timeline, view: LaneView): Paint {
  let paintedPixel = -1;
  let paintedSpan = 0;
  return (surface) => {
    const { context, width, height, fresh } = surface;
    const { right: newest, span } = timeline.window;
    const right = pixelOf(newest, span, width);
    const shift = right - paintedPixel;
    const whole = fresh || span !== paintedSpan || shift < 0 || shift >= width;
    if (whole) context.clearRect(0, 0, width, height);
    else if (shift > 0) scroll(surface, shift);
    // The newest pixel may have been half full when it was painted.
    const from = whole ? right - width + 1 : paintedPixel;
    for (let pixel = from; pixel <= right; pixel += 1) {
      paintPixel(surface, store, view, {
        x: pixel - right + width - 1,
        pixel,
        newest,
        ...columnsAt(pixel, span, width),
      });
    }
    paintedPixel = right;
    paintedSpan = span;
  };
}

function scroll({ context, width, height }: Surface, shift: number): void {
  context.globalCompositeOperation = 'copy';
  context.drawImage(context.canvas, shift, 0, width - shift, height, 0, 0, width - shift, height);
  context.globalCompositeOperation = 'source-over';
}

interface Stripe {
  readonly x: number;
  readonly pixel: number;
  readonly from: number;
  readonly to: number;
  /** The newest column in view. */
  readonly newest: number;
}

function paintPixel(surface: Surface, store: LiveStore, view: LaneView, stripe: Stripe): void {
  const { context, height } = surface;
  context.clearRect(stripe.x, 0, 1, height);
  const to = Math.min(stripe.to, stripe.newest);
  const kind = store.clock.kind(to);
  if (kind === columnKinds.empty) return;
  if (kind === columnKinds.gap) {
    hatch(surface, stripe);
    return;
  }
  if (to < store.laneHistory.firstColumn(view.track)) return;
  paintSlots(surface, store, view, { ...stripe, to });
}

function paintSlots(
  { context, height, ratio }: Surface,
  store: LiveStore,
  view: LaneView,
  stripe: Stripe,
): void {
  const colors = palette();
  const rows = rowsOf(view.lane.windowLimit);
  const edge = Math.max(1, Math.round(ratio));
  let failed = false;
  for (let row = 0; row < rows; row += 1) {
    const code = codeBetween(store, view.track, row, stripe);
    if (code === 0) continue;
    const top = Math.round((row * height) / rows);
    const bottom = Math.round(((row + 1) * height) / rows);
    context.globalAlpha = isolation.strengthOf(chunkStates[code - 1]);
    context.fillStyle = colors[fills[code]];
    context.fillRect(stripe.x, top, 1, bottom - top);
    if (code === 6) {
      context.fillStyle = colors['retry-outline'];
      context.fillRect(stripe.x, top, 1, edge);
    }
    failed ||= code === 7;
  }
  context.globalAlpha = 1;
  if (!failed) return;
  context.fillStyle = colors.failed;
  context.fillRect(stripe.x, 0, 1, edge * 2);
}

const codes: StateCode[] = [];

function codeBetween(store: LiveStore, track: number, row: number, { from, to }: Stripe): StateCode {
  if (from === to) return store.laneHistory.code(track, row, to);
  codes.length = 0;
  for (let column = Math.max(from, store.clock.first); column <= to; column += 1) {
    codes.push(store.laneHistory.code(track, row, column));
  }
  return strongest(codes);
}

function hatch({ context, height }: Surface, { x, pixel }: Stripe): void {
  context.fillStyle = palette().line;
  for (let y = hatchStep - 1 - (pixel % hatchStep); y < height; y += hatchStep) context.fillRect(x, y, 1, 1);
}
