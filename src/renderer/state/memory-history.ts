/**
 * Memory, and requests finished, over time: one ring of numbers for each series. A figure that the runtime does not report is NaN, never 0.
 */
import type { Frame, Memory } from '#shared/model.ts';
import { type PoolState, poolStates } from '#shared/vocabulary/live.ts';
import { type Advance, columnCapacity, type ColumnClock, columnKinds, slotOf } from './columns.ts';

/** Stacked from the bottom. The first seven are the ledger; the budget is its ceiling. */
export const stackedSeries = [
  'receiving',
  'held',
  'draining',
  'reserved',
  'cached',
  'upload',
  'spare',
  'heap',
  'external',
] as const;
export type StackedSeries = (typeof stackedSeries)[number];

/** One number each, beside the bytes: who waits and is served, and pauses for garbage within the column. */
const counted = ['waiting', 'transfers', 'gcMs', 'requests', 'failures'] as const;
/** Of the time between two columns: nothing to carry over. */
const perColumn = new Set<string>(['gcMs', 'requests', 'failures']);

const series = [...stackedSeries, 'ledger', 'budget', 'rss', 'limit', ...counted] as const;
type Series = (typeof series)[number];

const figureNames = [...stackedSeries, 'ledger', 'budget', 'rss', 'limit', 'waiting', 'transfers'] as const;

export type MemoryFigures = Readonly<Record<(typeof figureNames)[number], number>>;

/** The figures of one instant, as drawn. */
export function figuresOf(memory: Memory): MemoryFigures {
  const by = memory.byState;
  return {
    receiving: by.receiving,
    held: by.held,
    draining: by.draining + by.bounce,
    reserved: by.connection + by.queued + by.waiting + by.retry + by.failed,
    cached: by.cached,
    upload: by.upload,
    spare: by.spare,
    heap: memory.heapUsedBytes ?? Number.NaN,
    external: memory.externalBytes ?? Number.NaN,
    ledger: memory.ledgerBytes,
    budget: memory.budgetBytes,
    rss: memory.rssBytes ?? Number.NaN,
    limit: memory.limitBytes ?? Number.NaN,
    waiting: memory.waiting,
    transfers: memory.transfers,
  };
}

/** What RSS holds beside the figures that have a name: the rest of the arithmetic. NaN when a part is not reported. */
export function unaccountedBytes(figures: MemoryFigures): number {
  return figures.rss - figures.ledger - figures.heap - figures.external;
}

/** A state of the pool has a series of its own: its name may also be one of the ledger's. */
const poolName = (state: PoolState): string => `pool ${state}`;
const ringNames: readonly string[] = [...series, ...poolStates.map(poolName)];

/** Requests that finished in a frame's time; what the server had kept from before is not among them. */
export interface Finished {
  readonly requests: number;
  readonly failures: number;
  readonly isNewColumn: boolean;
}

export class MemoryHistory {
  readonly #clock: ColumnClock;
  readonly #rings: Readonly<Record<string, Float64Array>>;
  #gcMs = Number.NaN;

  constructor(clock: ColumnClock) {
    this.#clock = clock;
    this.#rings = Object.fromEntries(ringNames.map((name) => [name, new Float64Array(columnCapacity)]));
  }

  get byteLength(): number {
    return ringNames.length * columnCapacity * Float64Array.BYTES_PER_ELEMENT;
  }

  /** What comes next has nothing to do with what was before; the clock knows that the rest is gone. */
  clear(): void {
    this.#gcMs = Number.NaN;
  }

  /** The value of a series at a column that is kept. */
  value(name: Series, column: number): number {
    return this.#read(name, column);
  }

  /** What the tank shows, as it was at a column. */
  figuresAt(column: number): MemoryFigures {
    return Object.fromEntries(
      figureNames.map((name) => [name, this.value(name, column)]),
    ) as unknown as MemoryFigures;
  }

  /** The budget by what it is for, as it was at a column. */
  poolAt(column: number): Readonly<Record<PoolState, number>> {
    return Object.fromEntries(
      poolStates.map((state) => [state, this.#read(poolName(state), column)]),
    ) as Record<PoolState, number>;
  }

  /** Writes a frame at the column that the clock has just reached. */
  record(frame: Frame, advance: Advance, finished: Finished): void {
    if (advance.kind === 'carried') this.#carry(advance);
    const slot = slotOf(advance.column);
    const figures = figuresOf(frame.memory);
    for (const name of figureNames) this.#write(name, slot, figures[name]);
    for (const state of poolStates) this.#write(poolName(state), slot, frame.memory.pool[state]);
    const { isNewColumn } = finished;
    const add = (name: Series, amount: number): void => {
      const before = isNewColumn ? 0 : (this.#rings[name]?.[slot] ?? 0);
      this.#write(name, slot, before + amount);
    };
    add('requests', finished.requests);
    add('failures', finished.failures);
    add('gcMs', this.#pauseMs(frame.memory, advance));
  }

  /**
   * The column of `[from, to]` where the ledger was fullest, so that zooming out never hides a peak; -1 when none of
   * them holds data.
   */
  peakColumn(from: number, to: number): number {
    let peak = -1;
    for (let column = Math.max(from, this.#clock.first); column <= to; column += 1) {
      const kind = this.#clock.kind(column);
      if (kind === columnKinds.empty || kind === columnKinds.gap) continue;
      if (peak < 0 || this.value('ledger', column) >= this.value('ledger', peak)) peak = column;
    }
    return peak;
  }

  /** The sum of a series over `[from, to]`, as far as it is kept. */
  sum(name: Series, from: number, to: number): number {
    let total = 0;
    for (let column = Math.max(from, this.#clock.first); column <= to; column += 1) {
      if (this.#clock.kind(column) !== columnKinds.gap) total += this.value(name, column);
    }
    return total;
  }

  /** What was paused since the frame before; nothing of it is in a frame that came after a gap, or of another server. */
  #pauseMs({ gc }: Memory, { kind }: Advance): number {
    const totalMs = gc?.totalMs ?? Number.NaN;
    const pauseMs = totalMs - this.#gcMs;
    this.#gcMs = totalMs;
    return kind === 'gap' || kind === 'restart' || !(pauseMs > 0) ? 0 : pauseMs;
  }

  #read(name: string, column: number): number {
    return this.#rings[name]?.[slotOf(column)] ?? Number.NaN;
  }

  #write(name: string, slot: number, value: number): void {
    const ring = this.#rings[name];
    if (ring) ring[slot] = value;
  }

  #carry({ column, skipped }: Advance): void {
    const source = slotOf(column - skipped - 1);
    for (const [name, ring] of Object.entries(this.#rings)) {
      const carried = perColumn.has(name) ? 0 : (ring[source] ?? 0);
      for (let back = skipped; back > 0; back -= 1) ring[slotOf(column - back)] = carried;
    }
  }
}
