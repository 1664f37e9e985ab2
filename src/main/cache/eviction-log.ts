/**
 * The newest evictions, in a ring of fixed size, so that somebody can ask what went and why. The parts that evict tell
 * it; it decides nothing. An object that goes as a whole is one entry, however many chunks it had.
 */
import type { CacheTierName, EvictionReason } from '#shared/vocabulary/cache.ts';

export interface Eviction {
  /** For people. */
  readonly object: string;
  readonly tier: CacheTierName;
  readonly reason: EvictionReason;
  /** Where the chunk began in the object; `undefined` when the whole object went. */
  readonly start?: number | undefined;
  readonly chunks: number;
  readonly bytes: number;
}

export interface LoggedEviction extends Eviction {
  readonly number: number;
  readonly at: number;
}

export interface EvictionFilter {
  /** A part of the object's name; case does not matter. */
  readonly search?: string | undefined;
  readonly tier?: CacheTierName | undefined;
  readonly reason?: EvictionReason | undefined;
}

export class EvictionLog {
  readonly #capacity: number;
  readonly #ring: LoggedEviction[] = [];
  #total = 0;

  constructor(capacity = 4096) {
    this.#capacity = capacity;
  }

  get total(): number {
    return this.#total;
  }

  get kept(): number {
    return this.#ring.length;
  }

  add(eviction: Eviction): void {
    const number = this.#total;
    this.#total += 1;
    this.#ring[number % this.#capacity] = { ...eviction, number, at: Date.now() };
  }

  /** Those that match, the newest first: at most `most` of them, and how many there are. */
  find(
    { search = '', tier, reason }: EvictionFilter,
    most: number,
  ): { readonly matching: number; readonly rows: readonly LoggedEviction[] } {
    const needle = search.trim().toLowerCase();
    const rows: LoggedEviction[] = [];
    let matching = 0;
    for (let number = this.#total - 1; number >= this.#total - this.#ring.length; number -= 1) {
      const entry = this.#ring[number % this.#capacity];
      if (!entry || (tier && entry.tier !== tier) || (reason && entry.reason !== reason)) continue;
      if (needle !== '' && !entry.object.toLowerCase().includes(needle)) continue;
      matching += 1;
      if (rows.length < most) rows.push(entry);
    }
    return { matching, rows };
  }
}
