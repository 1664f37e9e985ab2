/**
 * Which of the kept requests a table shows, as a list that grows at both ends: new rows are tested as they come,
 * older ones from the newest back, a few milliseconds at a time. What is shown never waits for all to be tested.
 */
import type { Footprint } from './footprint.ts';
import type { TimeRange } from './timeline.ts';
import { type RequestFacts, type RequestStore, RowCursor } from './request-store.ts';

/** A list of row numbers, ascending. */
export interface RowList {
  readonly size: number;
  /** The row number at an index. */
  readonly at: (index: number) => number;
  /** The first index whose row number is at least `number`; `size` when there is none. */
  readonly indexOf: (number: number) => number;
  /** Stays with a row while it is in the list, whatever comes or goes; each is used again after the store's capacity. */
  readonly keyAt: (index: number) => number;
}

/** Whether a row is shown. `now`: for filters that speak of minutes ago. */
export type RowTest = (row: RequestFacts, now: number) => boolean;

/** All rows that are kept, up to `end`. */
export function allRows(store: RequestStore, end: number): RowList {
  const { first } = store;
  const size = Math.max(0, Math.min(end, store.next) - first);
  return {
    size,
    at: (index) => first + index,
    indexOf: (number) => Math.min(size, Math.max(0, number - first)),
    keyAt: (index) => store.slot(first + index),
  };
}

export class FilteredRows implements RowList {
  readonly #store: RequestStore;
  readonly #test: RowTest;
  readonly #range: TimeRange | undefined;
  readonly #cursor: RowCursor;
  /** Matching rows in a ring: as many as the store keeps at most. */
  readonly #numbers: Float64Array;
  #head = 0;
  #size = 0;
  /** What has been tested: from `#from` up to `#to`. */
  #from: number;
  #to: number;

  /** `range` narrows to requests that were under way in it. */
  constructor(store: RequestStore, test: RowTest, range: TimeRange | undefined) {
    this.#store = store;
    this.#test = test;
    this.#range = range;
    this.#cursor = new RowCursor(store);
    this.#numbers = new Float64Array(store.capacity);
    this.#from = store.next;
    this.#to = store.next;
  }

  get size(): number {
    return this.#size;
  }

  /** The same from the beginning. */
  get footprint(): Footprint {
    const { byteLength } = this.#numbers;
    return { usedBytes: byteLength, limitBytes: byteLength };
  }

  /** Whether every kept row has been tested. */
  get isDone(): boolean {
    return this.#from <= this.#store.first && this.#to === this.#store.next;
  }

  /** The share of the kept rows that has been tested. */
  get share(): number {
    return this.#store.size === 0
      ? 1
      : (this.#to - Math.max(this.#from, this.#store.first)) / this.#store.size;
  }

  readonly at = (index: number): number => this.#numbers[this.#position(index)] ?? 0;

  readonly keyAt = (index: number): number => this.#position(index);

  readonly indexOf = (number: number): number => {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  /** Tests rows until `isOver` says that it has been long enough; it is asked after every 64. True when all are tested. */
  advance(now: number, isOver: () => boolean): boolean {
    this.#forgetEvicted();
    let tested = 0;
    const rests = (): boolean => {
      tested += 1;
      return tested % 64 === 0 && isOver();
    };
    for (; this.#to < this.#store.next; this.#to += 1) {
      if (rests()) return false;
      if (this.#matches(this.#to, now)) this.#append(this.#to);
    }
    while (this.#from > this.#store.first) {
      if (rests()) return false;
      this.#from -= 1;
      if (this.#matches(this.#from, now)) this.#prepend(this.#from);
    }
    return true;
  }

  #matches(number: number, now: number): boolean {
    const cursor = this.#cursor;
    cursor.number = number;
    if (this.#range) {
      const { at, durationMs } = cursor;
      if (at > this.#range.to || at + durationMs < this.#range.from) return false;
    }
    return this.#test(cursor, now);
  }

  #forgetEvicted(): void {
    const { first } = this.#store;
    while (this.#size > 0 && this.at(0) < first) {
      this.#head = this.#position(1);
      this.#size -= 1;
    }
    this.#from = Math.max(this.#from, first);
    this.#to = Math.max(this.#to, first);
  }

  #append(number: number): void {
    this.#numbers[this.#position(this.#size)] = number;
    this.#size += 1;
  }

  #prepend(number: number): void {
    this.#head = this.#position(-1);
    this.#numbers[this.#head] = number;
    this.#size += 1;
  }

  #position(index: number): number {
    const { length } = this.#numbers;
    return (this.#head + index + length) % length;
  }
}
