/**
 * The clock of the history: time cut into columns of 100 ms, kept in rings of fixed length. Every store writes at
 * the same column, so all history rows share one axis exactly. A column holds data, or carries the value before it
 * (the server answered a little late), or is a gap (nobody knows; nothing may be drawn as if somebody did).
 */
export const columnMs = 100;
/** Ten minutes. */
export const columnCapacity = 6000;
/** Up to this many missing columns are carried; more are a gap. */
const longestCarry = 20;
/** A clock that falls back further than this was set: the history starts over. */
const longestStepBack = 20;

export const columnKinds = { empty: 0, data: 1, carried: 2, gap: 3 } as const;
export type ColumnKind = (typeof columnKinds)[keyof typeof columnKinds];

/** What a new instant means for the rings: `skipped` columns before `column` were filled as `kind`. */
export interface Advance {
  readonly column: number;
  readonly skipped: number;
  readonly kind: 'data' | 'carried' | 'gap' | 'restart';
}

export class ColumnClock {
  readonly #kinds = new Uint8Array(columnCapacity);
  #first = 0;
  #latest = -1;

  /** The newest column, or -1 before the first. */
  get latest(): number {
    return this.#latest;
  }

  /** The oldest column that is still kept. */
  get first(): number {
    return Math.max(this.#first, this.#latest - columnCapacity + 1);
  }

  get byteLength(): number {
    return this.#kinds.byteLength;
  }

  kind(column: number): ColumnKind {
    if (column > this.#latest || column < this.first) return columnKinds.empty;
    return this.#kinds[slotOf(column)] as ColumnKind;
  }

  /** Whether anything is known of a column. */
  isKnown(column: number): boolean {
    const kind = this.kind(column);
    return kind === columnKinds.data || kind === columnKinds.carried;
  }

  /** Moves to the column of `at` (epoch milliseconds). An instant before the newest column counts as the newest. */
  advance(at: number): Advance {
    const wanted = Math.floor(at / columnMs);
    if (this.#latest < 0 || wanted < this.#latest - longestStepBack) return this.#restart(wanted);
    const column = Math.max(wanted, this.#latest);
    const skipped = Math.max(0, column - this.#latest - 1);
    const kind = skipped === 0 ? 'data' : skipped <= longestCarry ? 'carried' : 'gap';
    if (kind !== 'data') this.#mark(column - skipped, column - 1, columnKinds[kind]);
    this.#latest = column;
    this.#kinds[slotOf(column)] = columnKinds.data;
    return { column, skipped: Math.min(skipped, columnCapacity), kind };
  }

  /** Forgets everything: what comes next is the first. */
  clear(): void {
    this.#first = 0;
    this.#latest = -1;
  }

  #restart(column: number): Advance {
    this.#first = column;
    this.#latest = column;
    this.#kinds[slotOf(column)] = columnKinds.data;
    return { column, skipped: 0, kind: 'restart' };
  }

  #mark(from: number, to: number, kind: ColumnKind): void {
    for (let column = Math.max(from, to - columnCapacity + 1); column <= to; column += 1) {
      this.#kinds[slotOf(column)] = kind;
    }
  }
}

/** Where a column lives in a ring. */
export function slotOf(column: number): number {
  return column % columnCapacity;
}
