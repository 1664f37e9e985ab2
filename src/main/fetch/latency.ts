/**
 * What a store's answers are like, from the recent past: the last 256 of each kind in a ring, sorted when somebody
 * asks (about 10 µs, at most once per addition). Exact within its memory, and old habits are forgotten.
 */

const capacity = 256;
/** Fewer say nothing about a tail. */
const enough = 20;
const smoothing = 0.1;

/** Quantiles of the last 256 values. */
export class Quantiles {
  readonly #ring = new Float64Array(capacity);
  #added = 0;
  #sorted: Float64Array | undefined;

  add(value: number): void {
    this.#ring[this.#added % capacity] = value;
    this.#added += 1;
    this.#sorted = undefined;
  }

  /** `quantile` from 0 to 1. Undefined until there are 20 values. */
  at(quantile: number): number | undefined {
    if (this.#added < enough) return undefined;
    this.#sorted ??= this.#ring.slice(0, Math.min(this.#added, capacity)).sort();
    return this.#sorted[Math.min(this.#sorted.length - 1, Math.floor(quantile * this.#sorted.length))];
  }
}

export class Latency {
  /** From asking to the head of the answer. A request that was given up counts with the time it had. */
  readonly firstByteMs = new Quantiles();
  readonly #msPerByte = new Quantiles();
  readonly #wholeMs = new Quantiles();
  #typicalMs: number | undefined;

  /** A body, or what came of it. Short ones are all start and say nothing about pace. */
  addBody(bytes: number, milliseconds: number): void {
    if (bytes >= 64 * 1024) this.#msPerByte.add(milliseconds / bytes);
  }

  /** A fetch of a chunk, from wanting it to having it. */
  addFetch(milliseconds: number): void {
    this.#wholeMs.add(milliseconds);
    const p90 = this.#wholeMs.at(0.9) ?? milliseconds;
    this.#typicalMs = p90 * smoothing + (this.#typicalMs ?? p90) * (1 - smoothing);
  }

  /** How long a window must reckon with: the smoothed p90 of waiting, first byte and transfer. 0 at first. */
  get typicalMs(): number {
    return this.#typicalMs ?? 0;
  }

  /** How long a body of `bytes` takes by the median; undefined until there are 20 of them. */
  bodyMs(bytes: number): number | undefined {
    const pace = this.#msPerByte.at(0.5);
    return pace === undefined ? undefined : pace * bytes;
  }
}
