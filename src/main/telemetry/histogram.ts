/** Durations in fixed buckets, as Prometheus wants them. */

/** Upper bounds, inclusive, in seconds; one more bucket takes what is longer. */
export const durationBoundsSeconds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const;

export interface HistogramReading {
  /** Not cumulative: one count per bound, and one for what is longer. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

export class Histogram {
  readonly #counts = Array.from({ length: durationBoundsSeconds.length + 1 }, () => 0);
  #sumSeconds = 0;

  add(milliseconds: number): void {
    const seconds = milliseconds / 1000;
    const found = durationBoundsSeconds.findIndex((bound) => seconds <= bound);
    const bucket = found === -1 ? durationBoundsSeconds.length : found;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumSeconds += seconds;
  }

  get reading(): HistogramReading {
    return { counts: [...this.#counts], sumSeconds: this.#sumSeconds };
  }
}
