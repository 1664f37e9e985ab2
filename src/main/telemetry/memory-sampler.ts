/**
 * What the runtime says about memory. Reading it walks the process's pages, so a sample is kept for half a second
 * and taken only when somebody asks.
 */

export interface RuntimeMemory {
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  /** Shared ones included; absent under Electron, which does not count those. */
  readonly arrayBufferBytes?: number;
}

const keptMs = 500;

export class MemorySampler {
  #sample: RuntimeMemory | undefined;
  #takenAt = 0;

  sample(now = performance.now()): RuntimeMemory {
    if (this.#sample && now - this.#takenAt < keptMs) return this.#sample;
    const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
    this.#sample = {
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
      ...('electron' in process.versions ? {} : { arrayBufferBytes: arrayBuffers }),
    };
    this.#takenAt = now;
    return this.#sample;
  }
}
