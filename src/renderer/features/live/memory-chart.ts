/**
 * Memory over time: the ledger stacked by what its bytes are for, V8 and other external memory above it, RSS as a
 * line and the budget as the ceiling. Where nothing is known the chart is hatched; it never draws across a gap.
 */
import type { ChunkState } from '#shared/vocabulary/live.ts';
import { formatBytes, MiB } from '#shared/units.ts';
import { columnKinds } from '../../state/columns.ts';
import type { LiveStore } from '../../state/live-store.ts';
import { type StackedSeries, stackedSeries } from '../../state/memory-history.ts';
import { columnsAt, pixelOf, type TimeWindow } from '../../state/axis.ts';
import type { Timeline } from '../../state/timeline.ts';
import type { Paint, Surface } from '../../ui/paint-loop.ts';
import { type ColorName, palette } from '../../ui/palette.ts';
import { drawFlags } from './flag-painter.ts';
import { isolation } from './isolation.ts';
import { hatchPattern } from './patterns.ts';

export const stackColors: Readonly<Record<StackedSeries, ColorName>> = {
  receiving: 'receiving',
  held: 'held',
  draining: 'draining',
  reserved: 'queued',
  cached: 'cached',
  upload: 'upload',
  spare: 'spare',
  heap: 'heap',
  external: 'external',
};

/** Which state the legend has to point at for a layer to stand out. */
const isolatedBy: Readonly<Partial<Record<StackedSeries, readonly ChunkState[]>>> = {
  receiving: ['receiving'],
  held: ['held'],
  draining: ['draining'],
  reserved: ['queued', 'waiting', 'retry', 'failed'],
};

/** The representative column of each pixel across the chart; negative codes below where there is none. */
const unknown = -1;
const gap = -2;

interface Plot extends Surface {
  readonly store: LiveStore;
  /** Column that each device pixel shows. */
  readonly columns: Float64Array;
  readonly topBytes: number;
  readonly timeWindow: TimeWindow;
}

/** The chart's vertical scale, for labels beside it: bytes at the top edge. */
export interface ChartScale {
  topBytes: number;
}

export function memoryPainter(store: LiveStore, timeline: Timeline, scale: ChartScale): Paint {
  let columns = new Float64Array(0);
  return (surface) => {
    const { context, width, height } = surface;
    if (columns.length !== width) columns = new Float64Array(width);
    const timeWindow = timeline.window;
    chooseColumns(columns, store, timeWindow);
    scale.topBytes = niceTop(highest(columns, store));
    const plot = { ...surface, store, columns, topBytes: scale.topBytes, timeWindow };
    context.clearRect(0, 0, width, height);
    drawGaps(plot);
    drawStack(plot);
    drawLine(plot, 'ledger', { color: 'text-2', lineWidth: 1 });
    drawLine(plot, 'rss', { color: 'page', lineWidth: 3.5 });
    drawLine(plot, 'rss', { color: 'text', lineWidth: 1.5 });
    drawBudget(plot);
    drawLimit(plot);
    drawPauses(plot);
    drawRssTag(plot);
    drawFlags(surface, store.flags.list, timeWindow);
  };
}

function chooseColumns(
  columns: Float64Array,
  { clock, memory }: LiveStore,
  { right: newest, span }: TimeWindow,
): void {
  const width = columns.length;
  const right = pixelOf(newest, span, width);
  for (let x = 0; x < width; x += 1) {
    const range = columnsAt(right - (width - 1 - x), span, width);
    const to = Math.min(range.to, newest);
    const peak = memory.peakColumn(range.from, to);
    columns[x] = peak >= 0 ? peak : clock.kind(to) === columnKinds.gap ? gap : unknown;
  }
}

function highest(columns: Float64Array, { memory }: LiveStore): number {
  let bytes = 0;
  for (const column of columns) {
    if (column < 0) continue;
    let stack = 0;
    for (const name of stackedSeries) stack += memory.value(name, column) || 0;
    bytes = Math.max(bytes, stack, memory.value('rss', column) || 0, memory.value('budget', column));
  }
  return bytes;
}

/** The next of 1, 1.5, 2, 3, 4, 6, 8 × 2^n MiB that leaves some air above `bytes`. */
export function niceTop(bytes: number): number {
  const wanted = Math.max(bytes * 1.06, 16 * MiB);
  const power = 2 ** Math.floor(Math.log2(wanted));
  return [1, 1.25, 1.5, 1.75, 2].map((factor) => factor * power).find((top) => top >= wanted) ?? 2 * power;
}

function yOf({ height, topBytes }: Pick<Plot, 'height' | 'topBytes'>, bytes: number): number {
  return height - (bytes / topBytes) * height;
}

/** Calls `draw` for each unbroken run of known pixels, `to` exclusive. */
function eachRun(plot: Plot, draw: (from: number, to: number) => void): void {
  let from = -1;
  for (let x = 0; x <= plot.width; x += 1) {
    const known = (plot.columns[x] ?? unknown) >= 0;
    if (known && from < 0) from = x;
    if (!known && from >= 0) {
      draw(from, x);
      from = -1;
    }
  }
}

function drawStack(plot: Plot): void {
  const { context, store, columns, width } = plot;
  let bottom = new Float64Array(width);
  for (const name of stackedSeries) {
    const top = bottom.map(
      (base, x) => base + ((columns[x] ?? -1) < 0 ? 0 : store.memory.value(name, columns[x] ?? 0) || 0),
    );
    const base = bottom;
    context.globalAlpha = isolation.strengthOf(...(isolatedBy[name] ?? []));
    context.fillStyle = palette()[stackColors[name]];
    eachRun(plot, (from, to) => {
      // What is only reserved holds nothing yet: a hollow band.
      if (name === 'reserved') outlineBetween(plot, base, top, from, to);
      else fillBetween(plot, base, top, from, to);
      if (name === 'external') overlay(plot);
    });
    context.globalAlpha = 1;
    bottom = top;
  }
}

/** Leaves one CSS pixel of ground above: the layers' separator. */
function fillBetween(plot: Plot, bottom: Float64Array, top: Float64Array, from: number, to: number): void {
  const { context } = plot;
  context.beginPath();
  for (let x = from; x < to; x += 1) {
    const base = yOf(plot, bottom[x] ?? 0);
    edge(context, x, Math.min(base, yOf(plot, top[x] ?? 0) + plot.ratio));
  }
  for (let x = to - 1; x >= from; x -= 1) edge(context, x, yOf(plot, bottom[x] ?? 0));
  context.closePath();
  context.fill();
}

function edge(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.lineTo(x, y);
  context.lineTo(x + 1, y);
}

/** The upper edge of a band, and its ends, where it is not empty. */
function outlineBetween(plot: Plot, bottom: Float64Array, top: Float64Array, from: number, to: number): void {
  const { context, ratio } = plot;
  context.strokeStyle = palette()['queued-outline'];
  context.lineWidth = ratio;
  context.beginPath();
  let isOpen = false;
  for (let x = from; x < to; x += 1) {
    const y = yOf(plot, top[x] ?? 0);
    const base = yOf(plot, bottom[x] ?? 0);
    const isBand = base - y >= ratio;
    if (isBand && !isOpen) context.moveTo(x, base);
    if (isBand) edge(context, x, Math.round(y) + ratio / 2);
    if (!isBand && isOpen) context.lineTo(x, base);
    isOpen = isBand;
  }
  context.stroke();
}

/** What is not Sluice's own is hatched over its grey. */
function overlay({ context, ratio }: Plot): void {
  const style = context.fillStyle;
  context.fillStyle = hatchPattern(context, palette().page, ratio);
  const { globalAlpha } = context;
  context.globalAlpha = globalAlpha * 0.5;
  context.fill();
  context.globalAlpha = globalAlpha;
  context.fillStyle = style;
}

interface LineStyle {
  readonly color: ColorName;
  readonly lineWidth: number;
}

function drawLine(plot: Plot, name: 'ledger' | 'rss' | 'budget', { color, lineWidth }: LineStyle): void {
  const { context, store, columns, ratio } = plot;
  context.strokeStyle = palette()[color];
  context.lineWidth = lineWidth * ratio;
  context.lineJoin = 'round';
  eachRun(plot, (from, to) => {
    context.beginPath();
    for (let x = from; x < to; x += 1) {
      const bytes = store.memory.value(name, columns[x] ?? 0);
      if (!Number.isNaN(bytes)) edge(context, x, yOf(plot, bytes));
    }
    context.stroke();
  });
}

function drawBudget(plot: Plot): void {
  const { context, store, width, ratio } = plot;
  const budget = store.currentFrame?.memory.budgetBytes;
  if (budget === undefined) return;
  const y = Math.round(yOf(plot, budget));
  context.fillStyle = palette().text;
  for (let x = 0; x < width; x += 10 * ratio) context.fillRect(x, y - ratio, 6 * ratio, 2 * ratio);
  tag(plot, `budget ${formatBytes(budget)}`, y);
}

/** The second line: beyond it the system kills the process. Where it is far away, a word at the top says so. */
function drawLimit(plot: Plot): void {
  const { context, store, width, ratio, topBytes } = plot;
  const memory = store.currentFrame?.memory;
  if (memory?.limitBytes === undefined) return;
  const name = memory.limitSource === 'cgroup' ? 'cgroup limit' : 'machine';
  const words = `${name} ${formatBytes(memory.limitBytes)}`;
  if (memory.limitBytes > topBytes) {
    context.textAlign = 'left';
    label(plot, `↑ ${words}`, { x: 14 * ratio, y: 10 * ratio, color: 'text-2' });
    return;
  }
  const y = Math.round(yOf(plot, memory.limitBytes));
  context.fillStyle = palette().alarm;
  for (let x = 0; x < width; x += 6 * ratio) context.fillRect(x, y - ratio, 3 * ratio, 2 * ratio);
  context.textAlign = 'right';
  label(plot, words, { x: width - 6 * ratio, y: Math.max(9 * ratio, y - 9 * ratio), color: 'text' });
}

/** Pauses for garbage as ticks along the foot: a pixel for 2 ms, 12 pixels at most. */
function drawPauses({ context, store, columns, width, height, ratio, timeWindow }: Plot): void {
  context.fillStyle = palette().text;
  const right = pixelOf(timeWindow.right, timeWindow.span, width);
  for (let x = 0; x < width; x += 1) {
    if ((columns[x] ?? unknown) < 0) continue;
    const { from, to } = columnsAt(right - (width - 1 - x), timeWindow.span, width);
    const pauseMs = store.memory.sum('gcMs', from, Math.min(to, timeWindow.right));
    if (pauseMs < 1) continue;
    const tall = Math.min(12, Math.max(2, pauseMs / 2)) * ratio;
    context.fillRect(x, height - tall, ratio, tall);
  }
}

/** Just above its line, with a rim instead of a ground: the newest data stay in sight. */
function drawRssTag(plot: Plot): void {
  const { store, width, ratio } = plot;
  const rss = store.currentFrame?.memory.rssBytes;
  if (rss === undefined) return;
  const y = Math.max(9 * ratio, yOf(plot, rss) - 10 * ratio);
  plot.context.textAlign = 'right';
  label(plot, `RSS ${formatBytes(rss)}`, { x: width - 6 * ratio, y, color: 'text' });
}

interface LabelPlace {
  readonly x: number;
  readonly y: number;
  readonly color: ColorName;
}

/** With a rim in the colour of the page; the context says on which side of `x`. */
function label({ context, ratio }: Plot, words: string, { x, y, color }: LabelPlace): void {
  context.font = labelFont(ratio);
  context.textBaseline = 'middle';
  context.strokeStyle = palette().page;
  context.lineWidth = 4 * ratio;
  context.strokeText(words, x, y);
  context.fillStyle = palette()[color];
  context.fillText(words, x, y);
}

/** A label on a line, readable whatever is behind it. */
function tag({ context, ratio }: Plot, label: string, y: number): void {
  context.font = labelFont(ratio);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const width = context.measureText(label).width + 12 * ratio;
  const height = 16 * ratio;
  context.fillStyle = palette().page;
  context.beginPath();
  context.roundRect(8 * ratio, y - height / 2, width, height, 3 * ratio);
  context.fill();
  context.fillStyle = palette().text;
  context.fillText(label, 14 * ratio, y + ratio / 2);
}

function labelFont(ratio: number): string {
  return `600 ${11 * ratio}px "Inter Variable", sans-serif`;
}

function drawGaps({ context, columns, width, height, ratio }: Plot): void {
  context.fillStyle = hatchPattern(context, palette().line, ratio);
  for (let x = 0; x < width; x += 1) if (columns[x] === gap) context.fillRect(x, 0, 1, height);
}
