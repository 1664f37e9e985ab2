/**
 * The newest requests as bars: when each ran, how it ended, and in which of a few rows it lies, so that bars of one row
 * do not cover each other. Rows are given as requests end, in constant time, in rings of fixed length.
 */
import type { RequestRow } from '#shared/request-model.ts';

export const stripRows = 8;
const capacity = 32_768;
/** Bars of a row keep this distance, in milliseconds. */
const gapMs = 60;
/** Longer ones have rows of their own: they would leave no room for the others. */
const longMs = 1000;
const longRows = 3;

/** How a request ended, as the strip tells it apart. */
const outcomes = ['fine', 'refused', 'failed'] as const;
export type Outcome = (typeof outcomes)[number];

export interface Bar {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly outcome: Outcome;
}

/** 412, 416 and what is the server's fault stand out; other refusals do not. */
export function outcomeOf(status: number): Outcome {
  if (status >= 500 || status === 412 || status === 416) return 'failed';
  return status >= 400 ? 'refused' : 'fine';
}

export class RequestStrip {
  readonly #from = new Float64Array(capacity);
  readonly #to = new Float64Array(capacity);
  readonly #row = new Uint8Array(capacity);
  readonly #outcome = new Uint8Array(capacity);
  /** When the last bar of each row ends. */
  readonly #busyUntil = new Float64Array(stripRows);
  #next = 0;
  /** Bars before this one are forgotten. */
  #cleared = 0;

  get byteLength(): number {
    const rings = [this.#from, this.#to, this.#row, this.#outcome, this.#busyUntil];
    return rings.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Numbers of the oldest bar that is kept, and of the next. */
  get first(): number {
    return Math.max(this.#cleared, this.#next - capacity);
  }

  get next(): number {
    return this.#next;
  }

  /** Forgets all bars. Numbers are not given again. */
  clear(): void {
    this.#cleared = this.#next;
    this.#busyUntil.fill(0);
  }

  append(requests: readonly RequestRow[]): void {
    for (const { at, durationMs, status } of requests) {
      const slot = this.#next % capacity;
      this.#from[slot] = at;
      this.#to[slot] = at + durationMs;
      this.#row[slot] = this.#place(at, at + durationMs);
      this.#outcome[slot] = outcomes.indexOf(outcomeOf(status));
      this.#next += 1;
    }
  }

  /** Calls `show` for each bar from number `from` on, oldest first. */
  each(from: number, show: (bar: Bar) => void): void {
    for (let number = Math.max(from, this.first); number < this.#next; number += 1) {
      const slot = number % capacity;
      show({
        from: this.#from[slot] ?? 0,
        to: this.#to[slot] ?? 0,
        row: this.#row[slot] ?? 0,
        outcome: outcomes[this.#outcome[slot] ?? 0] ?? 'fine',
      });
    }
  }

  /** Bars that ended in `(from, to]`, by outcome. */
  count(from: number, to: number): Readonly<Record<Outcome, number>> {
    const counts = { fine: 0, refused: 0, failed: 0 };
    for (let number = this.#next - 1; number >= this.first; number -= 1) {
      const slot = number % capacity;
      const end = this.#to[slot] ?? 0;
      // They end about in order; whoever was told late does not lie far back.
      if (end < from - 2000) break;
      if (end > from && end <= to) counts[outcomes[this.#outcome[slot] ?? 0] ?? 'fine'] += 1;
    }
    return counts;
  }

  /** The first row of its kind that is free, or else the one that is free first. */
  #place(from: number, to: number): number {
    const isLong = to - from >= longMs;
    const [begin, end] = isLong ? [0, longRows] : [longRows, stripRows];
    let best = begin;
    for (let row = begin; row < end; row += 1) {
      const until = this.#busyUntil[row] ?? 0;
      if (until + gapMs <= from) {
        best = row;
        break;
      }
      if (until < (this.#busyUntil[best] ?? 0)) best = row;
    }
    this.#busyUntil[best] = Math.max(this.#busyUntil[best] ?? 0, to);
    return best;
  }
}
