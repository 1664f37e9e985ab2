/**
 * What somebody looks at in time, for all views: how much of it, up to when, the instant under the pointer, the stretch
 * that lists are narrowed to, and whether the view stands still. Recording never does.
 */
import type { TimeWindow } from './axis.ts';
import { columnCapacity, columnMs } from './columns.ts';
import { Signal } from './signal.ts';

/** What can be chosen, in minutes. */
export const spans = [1, 2, 5, 10] as const;
export type SpanMinutes = (typeof spans)[number];

/** A stretch of time, in milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** What of a timeline stands in the address: without the pointer, which is nobody else's business. */
export interface TimePosition {
  readonly span: number;
  readonly right: number | undefined;
  readonly pausedAt: number | undefined;
  readonly brush: TimeRange | undefined;
  readonly trail: readonly TimeRange[];
}

/** The shortest and the longest window, in columns: two seconds, and all that is kept. */
const shortestSpan = 20;
const longestSpan = columnCapacity;

const columnsOf = (minutes: SpanMinutes): number => (minutes * 60_000) / columnMs;
const columnOf = (at: number): number => Math.floor(at / columnMs);
const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

export class Timeline {
  /** At once: for what moves with the pointer. */
  readonly changed = new Signal(0);
  /** The same at the pace of text: for what is read. */
  readonly settled = new Signal();
  readonly #latest: () => number;
  #minutes: SpanMinutes = 2;
  #span = columnsOf(2);
  /** The newest column in view; `undefined`: it follows the present. */
  #right: number | undefined;
  #hover: number | undefined;
  #pausedColumn: number | undefined;
  #brush: TimeRange | undefined;
  #trail: readonly TimeRange[] = [];

  /** Whether the newest column is the present, or an instant of a recording. */
  readonly source: 'live' | 'recording';

  /** `latest` gives the newest column that is recorded. */
  constructor(latest: () => number = () => columnOf(Date.now()), source: 'live' | 'recording' = 'live') {
    this.#latest = latest;
    this.source = source;
  }

  /** What the history rows show now. */
  get window(): TimeWindow {
    return { right: this.#right ?? this.#pausedColumn ?? this.#latest(), span: this.#span };
  }

  /** The column that the present's side is about: under the pointer, or where time stands; `undefined`: now. */
  get instant(): number | undefined {
    return this.#hover ?? this.#pausedColumn ?? this.#right;
  }

  /** Whether the history ends at the present. */
  get isLive(): boolean {
    return this.#right === undefined && this.#pausedColumn === undefined;
  }

  get minutes(): SpanMinutes | undefined {
    return this.#span === columnsOf(this.#minutes) ? this.#minutes : undefined;
  }

  get hover(): number | undefined {
    return this.#hover;
  }

  /** The pointer, or the keyboard's cursor, is at this column. Before anything is recorded there is none to be at. */
  point(column: number | undefined): void {
    if (column === this.#hover || (column !== undefined && this.#latest() <= 0)) return;
    this.#hover = column;
    this.#touch();
  }

  /** Lists show only what lies in it: what is brushed, or else the stretch that was gone into. `undefined`: everything. */
  get range(): TimeRange | undefined {
    return this.#brush ?? this.#trail.at(-1);
  }

  get brush(): TimeRange | undefined {
    return this.#brush;
  }

  /** Brushes a stretch, or takes the brush away. */
  narrow(range: TimeRange | undefined): void {
    this.#brush = range;
    this.#touch();
  }

  /** The stretches that were gone into, one within the other. */
  get trail(): readonly TimeRange[] {
    return this.#trail;
  }

  /** Goes into the brushed stretch: it fills the width. */
  commit(): void {
    if (!this.#brush) return;
    this.#enter([...this.#trail, this.#brush]);
  }

  /** Goes back out by one stretch, or out of all but the first `depth`. */
  back(depth: number = this.#trail.length - 1): void {
    if (this.#brush) this.narrow(undefined);
    else if (this.#trail.length > 0) this.#enter(this.#trail.slice(0, Math.max(0, depth)));
  }

  /** How many minutes are in view; lets go of every stretch. */
  show(minutes: SpanMinutes): void {
    this.#minutes = minutes;
    this.#enter([]);
  }

  /** One choice narrower (-1) or wider (1). */
  scale(direction: -1 | 1): void {
    const next = spans[spans.indexOf(this.#minutes) + direction];
    if (next !== undefined) this.show(next);
  }

  /** Makes the window `factor` times as long; `column` stays where it is. */
  zoom(column: number, factor: number): void {
    const { right, span } = this.window;
    const next = Math.round(clamp(span * factor, shortestSpan, longestSpan));
    this.#span = next;
    this.#move(Math.round(column + ((right - column) * next) / span));
  }

  /** Moves the window by so many columns; to the present is back to following it. */
  pan(columns: number): void {
    this.#move(this.window.right + Math.round(columns));
  }

  /** When the view was stopped, in milliseconds since the epoch. */
  get pausedAt(): number | undefined {
    return this.#pausedColumn === undefined ? undefined : this.#pausedColumn * columnMs;
  }

  /** The view stands still at what is shown now. */
  pause(): void {
    this.#pausedColumn ??= this.#right ?? this.#latest();
    this.#touch();
  }

  /** Goes on with the present, and lets go of every stretch. */
  resume(): void {
    this.#pausedColumn = undefined;
    this.#hover = undefined;
    this.#enter([]);
  }

  /** While paused: one column back (-1) or on (1). */
  step(direction: -1 | 1): void {
    if (this.#pausedColumn === undefined) return;
    const oldest = this.#latest() - columnCapacity + 1;
    this.#pausedColumn = clamp(this.#pausedColumn + direction, oldest, this.#latest());
    const { right, span } = this.window;
    if (this.#right !== undefined && (this.#pausedColumn > right || this.#pausedColumn <= right - span)) {
      this.#right = this.#pausedColumn;
    }
    this.#touch();
  }

  get position(): TimePosition {
    return {
      span: this.#span,
      right: this.#right,
      pausedAt: this.pausedAt,
      brush: this.#brush,
      trail: this.#trail,
    };
  }

  /** Goes where an address says. */
  restore({ span, right, pausedAt, brush, trail }: TimePosition): void {
    this.#span = clamp(Math.round(span), shortestSpan, longestSpan);
    this.#minutes = spans.find((minutes) => columnsOf(minutes) >= this.#span) ?? 10;
    this.#right = right;
    this.#pausedColumn = pausedAt === undefined ? undefined : columnOf(pausedAt);
    this.#brush = brush;
    this.#trail = trail;
    this.#touch();
  }

  #enter(trail: readonly TimeRange[]): void {
    const inner = trail.at(-1);
    this.#trail = trail;
    this.#brush = undefined;
    this.#right = inner && columnOf(inner.to);
    this.#span = inner
      ? clamp(columnOf(inner.to) - columnOf(inner.from), shortestSpan, longestSpan)
      : columnsOf(this.#minutes);
    this.#touch();
  }

  #move(right: number): void {
    const latest = this.#latest();
    const oldest = latest - columnCapacity + this.#span;
    this.#right = right >= latest ? undefined : Math.max(right, oldest);
    this.#touch();
  }

  #touch(): void {
    this.changed.touch();
    this.settled.touch();
  }
}
