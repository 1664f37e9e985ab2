/** Bytes per second over the last second, in ten buckets, so that adding is cheap and old traffic is forgotten. */
const bucketMs = 100;
const bucketCount = 10;

export class RateMeter {
  readonly #buckets = new Float64Array(bucketCount);
  #tick = 0;
  #totalBytes = 0;

  get totalBytes(): number {
    return this.#totalBytes;
  }

  add(bytes: number, now = performance.now()): void {
    this.#advance(now);
    const bucket = this.#tick % bucketCount;
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + bytes;
    this.#totalBytes += bytes;
  }

  bytesPerSecond(now = performance.now()): number {
    this.#advance(now);
    return this.#buckets.reduce((sum, bytes) => sum + bytes, 0) * (1000 / (bucketMs * bucketCount));
  }

  #advance(now: number): void {
    const tick = Math.floor(now / bucketMs);
    const passed = Math.min(tick - this.#tick, bucketCount);
    for (let step = 1; step <= passed; step += 1) this.#buckets[(this.#tick + step) % bucketCount] = 0;
    this.#tick = Math.max(tick, this.#tick);
  }
}
