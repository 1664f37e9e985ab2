/**
 * Memory, and requests finished, over time: one ring of numbers for each series. A figure that the runtime does not report is NaN, never 0.
 */
import type { Frame, Memory } from '#shared/model.ts';
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

const series = [...stackedSeries, 'ledger', 'budget', 'rss', 'requests', 'failures'] as const;
export type Series = (typeof series)[number];

export type MemoryFigures = Readonly<Record<StackedSeries | 'ledger' | 'budget' | 'rss', number>>;

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
  };
}

/** What RSS holds beside the figures that have a name: the rest of the arithmetic. NaN when a part is not reported. */
export function unaccountedBytes(figures: MemoryFigures): number {
  return figures.rss - figures.ledger - figures.heap - figures.external;
}

/** Requests that finished in a frame's time; what the server had kept from before is not among them. */
export interface Finished {
  readonly requests: number;
  readonly failures: number;
  readonly isNewColumn: boolean;
}

export class MemoryHistory {
  readonly #clock: ColumnClock;
  readonly #rings: Readonly<Record<Series, Float64Array>>;

  constructor(clock: ColumnClock) {
    this.#clock = clock;
    const rings = series.map((name) => [name, new Float64Array(columnCapacity)] as const);
    this.#rings = Object.fromEntries(rings) as Record<Series, Float64Array>;
  }

  get byteLength(): number {
    return series.length * columnCapacity * Float64Array.BYTES_PER_ELEMENT;
  }

  /** The value of a series at a column that is kept. */
  value(name: Series, column: number): number {
    return this.#rings[name][slotOf(column)] ?? Number.NaN;
  }

  /** Writes a frame at the column that the clock has just reached. */
  record(frame: Frame, advance: Advance, finished: Finished): void {
    if (advance.kind === 'carried') this.#carry(advance);
    const slot = slotOf(advance.column);
    const figures = figuresOf(frame.memory);
    for (const [name, bytes] of Object.entries(figures)) this.#rings[name as Series][slot] = bytes;
    const { requests, failures } = this.#rings;
    requests[slot] = (finished.isNewColumn ? 0 : (requests[slot] ?? 0)) + finished.requests;
    failures[slot] = (finished.isNewColumn ? 0 : (failures[slot] ?? 0)) + finished.failures;
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

  #carry({ column, skipped }: Advance): void {
    const source = slotOf(column - skipped - 1);
    for (const name of series) {
      const ring = this.#rings[name];
      const carried = name === 'requests' || name === 'failures' ? 0 : (ring[source] ?? 0);
      for (let back = skipped; back > 0; back -= 1) ring[slotOf(column - back)] = carried;
    }
  }
}
