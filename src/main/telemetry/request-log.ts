/**
 * The last requests, in a ring: the console reads them from where it left off. A reader that is too slow misses the
 * oldest and is told how many; it never holds the server back.
 */
import type { RequestDetail, RequestRow } from '#shared/request-model.ts';
import { defaultDetailBytes, RequestDetails, type KeptDetail } from './request-details.ts';

export interface RequestPage {
  readonly requests: readonly RequestRow[];
  /** Pass it to read on. */
  readonly cursor: number;
  readonly missed: number;
}

export interface OlderRequests {
  /** The newest first. */
  readonly requests: readonly RequestRow[];
  readonly hasOlder: boolean;
}

/** Told of each request when it is added. */
export type RequestWatcher = (row: RequestRow, detail: KeptDetail | undefined) => void;

export interface RequestLogOptions {
  /** Rows that are kept. */
  readonly capacity?: number;
  /** Bytes that details may take. */
  readonly detailBytes?: number;
}

/** As many as a console keeps. */
const defaultCapacity = 50_000;

export class RequestLog {
  readonly #capacity: number;
  /** Grows to the capacity; then the oldest row is replaced. */
  readonly #rows: RequestRow[] = [];
  readonly #details: RequestDetails;
  readonly #texts = new Texts();
  readonly #watchers = new Set<RequestWatcher>();
  readonly #byStatus = new Map<string, number>();
  #next = 0;
  #sentBytes = 0;

  constructor({ capacity = defaultCapacity, detailBytes = defaultDetailBytes }: RequestLogOptions = {}) {
    this.#capacity = capacity;
    this.#details = new RequestDetails(detailBytes);
  }

  get total(): number {
    return this.#next;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** The first `seq` that is kept. */
  get oldest(): number {
    return Math.max(0, this.#next - this.#capacity);
  }

  /** Counts by `METHOD status`. */
  counts(): Iterable<readonly [string, number]> {
    return this.#byStatus;
  }

  /** @returns the row's `seq` */
  add(row: Omit<RequestRow, 'seq'>, detail?: KeptDetail): number {
    const seq = this.#next;
    const added = Object.assign(row, {
      seq,
      target: this.#texts.one(row.target),
      client: this.#texts.one(row.client),
    });
    this.#rows[seq % this.#capacity] = added;
    if (detail) this.#details.add(seq, detail);
    this.#next += 1;
    this.#sentBytes += row.sentBytes;
    const key = `${row.method} ${row.status}`;
    this.#byStatus.set(key, (this.#byStatus.get(key) ?? 0) + 1);
    for (const watcher of this.#watchers) watcher(added, detail);
    return seq;
  }

  /** Tells `watcher` of what is added, until the result is disposed of. */
  watch(watcher: RequestWatcher): Disposable {
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  /** The row of a request, while it is kept. */
  row(seq: number): RequestRow | undefined {
    return seq >= this.oldest && seq < this.#next ? this.#rows[seq % this.#capacity] : undefined;
  }

  /** What is known beyond the row, while that is kept. */
  detail(seq: number): RequestDetail | undefined {
    const row = this.row(seq);
    return row && this.#details.of(row);
  }

  /** At most `limit` rows after `cursor` (-1: the newest), oldest first. */
  read(cursor: number, limit: number): RequestPage {
    const { oldest } = this;
    const wanted = cursor < 0 ? Math.max(oldest, this.#next - limit) : Math.min(cursor, this.#next);
    const start = Math.max(wanted, oldest);
    const requests: RequestRow[] = [];
    for (let seq = start; seq < Math.min(this.#next, start + limit); seq += 1) {
      const row = this.row(seq);
      if (row) requests.push(row);
    }
    return { requests, cursor: start + requests.length, missed: start - wanted };
  }

  /** At most `limit` rows before `before`, or the newest. */
  older(before: number | undefined, limit: number): OlderRequests {
    const requests: RequestRow[] = [];
    let seq = Math.min(before ?? this.#next, this.#next) - 1;
    for (; requests.length < limit && seq >= this.oldest; seq -= 1) {
      const row = this.row(seq);
      if (row) requests.push(row);
    }
    return { requests, hasOlder: seq >= this.oldest };
  }
}

/** More different names than this at a time gain little from being shared. */
const maxTexts = 4096;

/** One string for each text: the same names come again and again, and each request brings copies of its own. */
class Texts {
  readonly #known = new Map<string, string>();

  one(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= maxTexts) this.#known.clear();
    this.#known.set(text, text);
    return text;
  }
}
