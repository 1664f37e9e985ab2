/**
 * The shared time axis: which columns are in view and where each lies. Pixels are numbered absolutely (pixel n shows
 * columns [n·k, (n+1)·k) for k columns a pixel), so a pixel's content never depends on where it is on the screen and
 * scrolling is a copy.
 */
import { columnMs } from './columns.ts';
import { Signal } from './signal.ts';

/** What can be chosen, in minutes. */
export const spans = [1, 2, 5, 10] as const;
export type SpanMinutes = (typeof spans)[number];

function columnsOf(minutes: SpanMinutes): number {
  return (minutes * 60_000) / columnMs;
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

/** Labels of the axis: how long before now, `share` of the width from the right. */
export function axisTicks(
  minutes: SpanMinutes,
): readonly { readonly label: string; readonly share: number }[] {
  const stepSeconds = { 1: 10, 2: 15, 5: 60, 10: 60 }[minutes];
  const count = (minutes * 60) / stepSeconds;
  return Array.from({ length: count - 1 }, (_, index) => {
    const seconds = (index + 1) * stepSeconds;
    const label = `-${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    return { label, share: seconds / (minutes * 60) };
  });
}

/** A stretch of time, in milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** What the user looks at: the span, the column under the pointer, and the stretch that everything is narrowed to. */
export class Timeline {
  readonly changed = new Signal(0);
  #minutes: SpanMinutes = 2;
  #hover: number | undefined;
  #range: TimeRange | undefined;

  /** What was brushed: lists show only what lies in it. `undefined`: everything. */
  get range(): TimeRange | undefined {
    return this.#range;
  }

  narrow(range: TimeRange | undefined): void {
    this.#range = range;
    this.changed.touch();
  }

  get minutes(): SpanMinutes {
    return this.#minutes;
  }

  get span(): number {
    return columnsOf(this.#minutes);
  }

  get hover(): number | undefined {
    return this.#hover;
  }

  show(minutes: SpanMinutes): void {
    this.#minutes = minutes;
    this.changed.touch();
  }

  /** One step narrower (-1) or wider (1). */
  step(direction: -1 | 1): void {
    const next = spans[spans.indexOf(this.#minutes) + direction];
    if (next !== undefined) this.show(next);
  }

  point(column: number | undefined): void {
    if (column === this.#hover) return;
    this.#hover = column;
    this.changed.touch();
  }
}
