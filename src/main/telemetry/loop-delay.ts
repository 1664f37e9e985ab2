/**
 * How late the event loop is: a timer measures by how much it misses its time. While the loop is busy no socket is
 * served and no deadline is kept, so this is the first figure to look at when everything is slow.
 *
 * The timer is ours because Node's own monitor forgets, with each reset, when it last ran: a delay that begins
 * right after a sample was taken would be lost.
 */
import { createHistogram } from 'node:perf_hooks';

interface LoopDelayFigures {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const periodMs = 20;
const keptMs = 1000;
/** Five seconds of them. */
const recentCount = 250;

export class LoopDelay implements Disposable {
  readonly #histogram = createHistogram();
  readonly #timer: NodeJS.Timeout;
  readonly #recent = new Float64Array(recentCount);
  #measured = 0;
  #dueAt = performance.now() + periodMs;
  #takenAt = performance.now();
  #figures: LoopDelayFigures | undefined;

  /** Measures until it is disposed of; does not keep the process alive. */
  constructor() {
    this.#timer = setInterval(() => this.#measure(), periodMs);
    this.#timer.unref();
  }

  /**
   * The delays of the last interval: one ends when somebody asks, after a second at the earliest. `undefined` during
   * the first.
   */
  sample(now = performance.now()): LoopDelayFigures | undefined {
    if (now - this.#takenAt < keptMs || this.#histogram.count === 0) return this.#figures;
    const milliseconds = (nanoseconds: number): number => nanoseconds / 1e6;
    this.#figures = {
      p50Ms: milliseconds(this.#histogram.percentile(50)),
      p99Ms: milliseconds(this.#histogram.percentile(99)),
      maxMs: milliseconds(this.#histogram.max),
    };
    this.#takenAt = now;
    this.#histogram.reset();
    return this.#figures;
  }

  /** The delays of the last five seconds, whoever else asks. `undefined` before the first. */
  get recent(): LoopDelayFigures | undefined {
    if (this.#measured === 0) return undefined;
    const sorted = this.#recent.slice(0, Math.min(this.#measured, recentCount)).sort();
    const at = (quantile: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? 0;
    return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #measure(): void {
    const now = performance.now();
    const delayMs = Math.max(0, now - this.#dueAt);
    this.#recent[this.#measured % recentCount] = delayMs;
    this.#measured += 1;
    // A histogram counts from 1.
    this.#histogram.record(Math.max(1, Math.round(delayMs * 1e6)));
    this.#dueAt = now + periodMs;
  }
}
