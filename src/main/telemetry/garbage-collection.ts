/**
 * How long V8 has stopped the program to collect garbage. Sums since the process started: whoever looks seldom misses
 * nothing, and there is nothing to keep.
 */
import { PerformanceObserver } from 'node:perf_hooks';

export interface GarbagePauses {
  readonly count: number;
  readonly totalMs: number;
}

export class GarbageCollection implements Disposable {
  readonly #observer: PerformanceObserver;
  #count = 0;
  #totalMs = 0;

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        this.#count += 1;
        this.#totalMs += duration;
      }
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  get total(): GarbagePauses {
    return { count: this.#count, totalMs: this.#totalMs };
  }

  [Symbol.dispose](): void {
    this.#observer.disconnect();
  }
}
