/** Tests rows against a filter in slices that nobody notices, and says when there is more to show. */
import { FilteredRows, type RowTest } from './filtered-rows.ts';
import type { LiveStore } from './live-store.ts';
import { Signal, textIntervalMs } from './signal.ts';
import type { TimeRange } from './timeline.ts';

/** The longest that one slice may take. */
const sliceMs = 5;

export class RowSearch {
  readonly rows: FilteredRows;
  /** More rows match, or all have been tested. */
  readonly changed = new Signal(0);
  readonly #arrivals: Signal;
  readonly #now: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** `now` is what a filter's minutes ago count from. The live store's signal publishes when there are new rows. */
  constructor(
    { requests, changed, now }: Pick<LiveStore, 'requests' | 'changed' | 'now'>,
    test: RowTest,
    range: TimeRange | undefined,
  ) {
    this.rows = new FilteredRows(requests, test, range);
    this.#arrivals = changed.requests;
    this.#now = now;
  }

  /** Searches until the returned function is called. */
  follow(): () => void {
    const arrived = (): void => {
      if (this.#timer === undefined) this.#slice();
    };
    const leave = this.#arrivals.subscribe(arrived);
    this.#slice();
    return () => {
      leave();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #slice(): void {
    const startedAt = performance.now();
    const isDone = this.rows.advance(this.#now(), () => performance.now() - startedAt >= sliceMs);
    this.#timer = isDone ? undefined : setTimeout(() => this.#slice(), 0);
    if (!isDone && startedAt - this.#toldAt < textIntervalMs) return;
    this.#toldAt = startedAt;
    this.changed.touch();
  }
}
