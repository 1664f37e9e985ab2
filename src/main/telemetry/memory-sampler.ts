/**
 * What the runtime says about memory. Reading it walks the process's pages, so a sample is kept for half a second
 * and taken only when somebody asks.
 */

export interface RuntimeMemory {
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
}

const keptMs = 500;

export class MemorySampler {
  #sample: RuntimeMemory | undefined;
  #takenAt = 0;

  sample(now = performance.now()): RuntimeMemory {
    if (this.#sample && now - this.#takenAt < keptMs) return this.#sample;
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    this.#sample = {
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
    };
    this.#takenAt = now;
    return this.#sample;
  }
}
