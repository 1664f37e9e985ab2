/**
 * The last requests, in a ring: the console reads them from where it left off. A reader that is too slow misses the
 * oldest and is told how many; it never holds the server back.
 */
import type { RequestRow } from '#shared/request-model.ts';

export interface RequestPage {
  readonly requests: readonly RequestRow[];
  /** Pass it to read on. */
  readonly cursor: number;
  readonly missed: number;
}

export class RequestLog {
  readonly #capacity: number;
  readonly #rows: (RequestRow | undefined)[];
  readonly #byStatus = new Map<string, number>();
  #next = 0;
  #sentBytes = 0;

  constructor(capacity = 5000) {
    this.#capacity = capacity;
    this.#rows = Array.from({ length: capacity });
  }

  get total(): number {
    return this.#next;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Counts by `METHOD status`. */
  counts(): Iterable<readonly [string, number]> {
    return this.#byStatus;
  }

  add(row: Omit<RequestRow, 'seq'>): void {
    this.#rows[this.#next % this.#capacity] = { ...row, seq: this.#next };
    this.#next += 1;
    this.#sentBytes += row.sentBytes;
    const key = `${row.method} ${row.status}`;
    this.#byStatus.set(key, (this.#byStatus.get(key) ?? 0) + 1);
  }

  /** At most `limit` rows after `cursor` (-1: the newest), oldest first. */
  read(cursor: number, limit: number): RequestPage {
    const oldest = Math.max(0, this.#next - this.#capacity);
    const wanted = cursor < 0 ? Math.max(oldest, this.#next - limit) : Math.min(cursor, this.#next);
    const start = Math.max(wanted, oldest);
    const requests: RequestRow[] = [];
    for (let seq = start; seq < Math.min(this.#next, start + limit); seq += 1) {
      const row = this.#rows[seq % this.#capacity];
      if (row) requests.push(row);
    }
    return { requests, cursor: start + requests.length, missed: start - wanted };
  }
}
