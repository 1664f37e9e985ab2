/**
 * The shared time axis. Pixels are numbered absolutely (pixel n shows columns [n·k, (n+1)·k) for k columns a pixel), so
 * a pixel's content never depends on where it is on the screen and scrolling is a copy.
 */
import { formatBefore } from '#shared/units.ts';
import { columnMs } from './columns.ts';

/** What all history rows show: `span` columns, of which `right` is the newest. */
export interface TimeWindow {
  readonly right: number;
  readonly span: number;
}

/** Absolute number of the pixel that shows `column`, when `width` pixels show `span` columns. */
export function pixelOf(column: number, span: number, width: number): number {
  return Math.floor((column * width) / span);
}

/** The columns that an absolute pixel stands for: at least one. Inclusive. */
export function columnsAt(
  pixel: number,
  span: number,
  width: number,
): { readonly from: number; readonly to: number } {
  const from = Math.ceil((pixel * span) / width);
  const to = Math.ceil(((pixel + 1) * span) / width) - 1;
  return to >= from ? { from, to } : { from: from - 1, to: from - 1 };
}

/** The column that `share` of the width from the left stands for. */
export function columnAtShare({ right, span }: TimeWindow, share: number): number {
  return Math.min(right, Math.max(right - span + 1, right - span + 1 + Math.floor(share * span)));
}

/** How far from the right edge a column lies, as a share of the width; beyond 0 and 1 outside of the window. */
export function shareFromRight({ right, span }: TimeWindow, column: number): number {
  return (right - column) / span;
}

export interface AxisTick {
  readonly label: string;
  /** From the right edge, of the width. */
  readonly share: number;
}

const stepsSeconds = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300] as const;
/** No more labels than this: they would touch. */
const maxTicks = 10;

/** Labels of an axis that ends now: how long before. */
export function ticksBeforeNow(span: number): readonly AxisTick[] {
  const seconds = (span * columnMs) / 1000;
  const step = stepFor(seconds);
  const count = Math.ceil(seconds / step) - 1;
  return Array.from({ length: count }, (_, index) => {
    const before = (index + 1) * step;
    return { label: formatBefore(before * 1000, step < 1 ? 1 : 0), share: before / seconds };
  });
}

/** Labels of an axis that stands still: what the clock said. `format` writes a time of day. */
export function ticksOfDay({ right, span }: TimeWindow, format: (at: number) => string): readonly AxisTick[] {
  const stepMs = stepFor((span * columnMs) / 1000) * 1000;
  const end = right * columnMs;
  const ticks: AxisTick[] = [];
  for (let at = Math.floor(end / stepMs) * stepMs; at > end - span * columnMs; at -= stepMs) {
    const share = (end - at) / (span * columnMs);
    if (share > 0.02 && share < 0.98) ticks.push({ label: format(at), share });
  }
  return ticks;
}

function stepFor(seconds: number): number {
  return stepsSeconds.find((step) => seconds / step <= maxTicks) ?? 300;
}
