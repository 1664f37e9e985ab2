/** The samples of a run, bounded: when there are too many, every other one goes, and they are taken half as often. */
import { maxSamples, type Sample } from '#shared/experiment/outcome.ts';

const firstIntervalMs = 100;

export class Curve {
  #samples: Sample[] = [];
  #intervalMs = firstIntervalMs;

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  /** Keeps a sample if it is time for one; `last` in any case, as the end of the curve. */
  add(sample: Sample, which: 'next' | 'last' = 'next'): void {
    const [atMs] = sample;
    const lastMs = this.#samples.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
    if (which === 'next' && atMs < lastMs + this.#intervalMs) return;
    if (this.#samples.length === maxSamples) {
      this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
      this.#intervalMs *= 2;
    }
    this.#samples.push(sample);
  }
}
