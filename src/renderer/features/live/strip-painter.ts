/**
 * Requests as bars of 3 px, each from its start to its end: grey when it went well, in the colour of failure and with
 * a ▲ at its end when it did not. What is still in flight is an outline up to now.
 */
import { pixelOf } from '../../state/axis.ts';
import { columnKinds, columnMs } from '../../state/columns.ts';
import type { LiveStore } from '../../state/live-store.ts';
import { type Bar, type RequestStrip, stripRows } from '../../state/request-strip.ts';
import type { Timeline } from '../../state/timeline.ts';
import type { Paint, Surface } from '../../ui/paint-loop.ts';
import { palette } from '../../ui/palette.ts';
import { hatchPattern } from './patterns.ts';

const barHeight = 3;
const rowHeight = 4;
/** The first rows are of what is in flight: drawn anew each time, because an outline has to go when its bar comes. */
const flightRows = 4;
const top = 2;

/** In CSS pixels: rows of what is in flight, a little air, rows of what is over. */
export const stripHeight = top + (flightRows + stripRows) * rowHeight + 2;

interface Scale {
  readonly right: number;
  readonly span: number;
}

export function stripPainter(store: LiveStore, timeline: Timeline): Paint {
  const finished = new Finished(store.strip);
  return (surface) => {
    const { context, width, ratio } = surface;
    const scale = timeline.window;
    const edge = Math.round((top + flightRows * rowHeight) * ratio);
    finished.paint(surface, scale, edge);
    context.clearRect(0, 0, width, edge);
    drawFlights(surface, store, timeline, scale);
    drawGaps(surface, store, scale);
  };
}

/** What is over stays where it is drawn: only what is new is drawn, after the rest has moved left. */
class Finished {
  readonly #strip: RequestStrip;
  #painted = 0;
  #pixel = -1;
  #span = 0;

  constructor(strip: RequestStrip) {
    this.#strip = strip;
  }

  paint(surface: Surface, { right, span }: Scale, edge: number): void {
    const { context, width, height, fresh } = surface;
    const pixel = pixelOf(right, span, width);
    const shift = pixel - this.#pixel;
    const whole = fresh || span !== this.#span || shift < 0 || shift >= width;
    if (whole) context.clearRect(0, edge, width, height - edge);
    else if (shift > 0) scroll(surface, shift, edge);
    const endAt = (right + 1) * columnMs;
    const perMs = width / (span * columnMs);
    this.#strip.each(whole ? 0 : this.#painted, (bar) => {
      if (bar.from < endAt) drawBar(surface, bar, { endAt, perMs, edge });
    });
    this.#painted = this.#strip.next;
    this.#pixel = pixel;
    this.#span = span;
  }
}

interface BarScale {
  readonly endAt: number;
  readonly perMs: number;
  readonly edge: number;
}

function drawBar({ context, width, ratio }: Surface, bar: Bar, { endAt, perMs, edge }: BarScale): void {
  const colors = palette();
  const x = width - (endAt - bar.from) * perMs;
  const end = width - (endAt - Math.min(bar.to, endAt)) * perMs;
  if (end < 0) return;
  const y = edge + bar.row * rowHeight * ratio;
  context.fillStyle = bar.outcome === 'failed' ? colors.failed : colors['text-3'];
  context.globalAlpha = bar.outcome === 'refused' ? 0.55 : 1;
  context.fillRect(x, y, Math.max(ratio, end - x), barHeight * ratio);
  context.globalAlpha = 1;
  if (bar.outcome !== 'failed') return;
  context.beginPath();
  context.moveTo(end - 3 * ratio, y + 3 * ratio);
  context.lineTo(end, y - 3 * ratio);
  context.lineTo(end + 3 * ratio, y + 3 * ratio);
  context.fill();
}

function scroll({ context, width, height }: Surface, shift: number, edge: number): void {
  const tall = height - edge;
  context.save();
  context.beginPath();
  context.rect(0, edge, width, tall);
  context.clip();
  context.globalCompositeOperation = 'copy';
  context.drawImage(context.canvas, shift, edge, width - shift, tall, 0, edge, width - shift, tall);
  context.restore();
}

/** Outlines of what had not ended at the right edge, the oldest on top; more than fit share the last row. */
function drawFlights(surface: Surface, store: LiveStore, { isLive }: Timeline, { right, span }: Scale): void {
  const { context, width, ratio } = surface;
  const views = isLive ? store.lanes.views : store.lanes.at(right);
  const perMs = width / (span * columnMs);
  const endAt = (right + 1) * columnMs;
  context.strokeStyle = palette()['text-2'];
  context.lineWidth = ratio;
  const open = views.filter((view) => store.laneAt(view, isLive ? undefined : right) !== undefined);
  for (const [index, { lane }] of open.entries()) {
    const row = Math.min(index, flightRows - 1);
    const x = Math.max(-1, width - (endAt - lane.startedAt) * perMs);
    const y = (top + row * rowHeight) * ratio;
    context.strokeRect(x + ratio / 2, y + ratio / 2, width - x, (barHeight - 1) * ratio);
  }
}

function drawGaps(
  { context, width, height, ratio }: Surface,
  store: LiveStore,
  { right, span }: Scale,
): void {
  const style = hatchPattern(context, palette().line, ratio);
  const first = right - span + 1;
  let from = -1;
  for (let column = first; column <= right + 1; column += 1) {
    const isGap = column <= right && store.clock.kind(column) === columnKinds.gap;
    if (isGap && from < 0) from = column;
    if (isGap || from < 0) continue;
    context.fillStyle = style;
    const x = ((from - first) * width) / span;
    context.fillRect(x, 0, ((column - from) * width) / span, height);
    from = -1;
  }
}
