/**
 * Hedging: when the answer to a request that somebody waits for is late, the same is asked once more, and whichever
 * head is valid first wins; the other request ends before it has a body, so that no second memory is needed. Late
 * means later than 95 of 100, and clearly later than most.
 *
 * The two wait under one permit: permits count bodies, and only one of them will have one. What bounds hedges is a
 * budget of their own: one for twenty requests. A slow body that is given up for a new request pays from it as well.
 * It is closed while the store asks us to slow down, and when lateness is the rule rather than the exception.
 */
import type { Latency } from './latency.ts';

const perRequest = 0.05;
const burst = 4;
const leastWaitMs = 20;
const mostLateShare = 0.2;
/** Of the late share: about the last fifty requests. */
const memory = 1 / 50;

export class HedgeBudget {
  #tokens = burst;
  #lateShare = 0;
  #restUntilMs = 0;

  /** A request that is not a hedge goes out. */
  requested(): void {
    this.#tokens = Math.min(burst, this.#tokens + perRequest);
  }

  /** Told once about each such request: whether its head came before or after the time for a hedge. */
  noteHead(when: 'in time' | 'late'): void {
    this.#lateShare += memory * ((when === 'late' ? 1 : 0) - this.#lateShare);
  }

  /** The store has asked us to slow down, or got slower for it: no hedge before then. */
  rest(untilMs: number): void {
    this.#restUntilMs = Math.max(this.#restUntilMs, untilMs);
  }

  /** Pays for one extra request; false when there is to be none. */
  tryPay(nowMs: number): boolean {
    if (nowMs < this.#restUntilMs || this.#lateShare > mostLateShare || this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** How long to wait for a head before asking again, in milliseconds; undefined until enough is known. */
export function hedgeAfterMs({ firstByteMs }: Latency): number | undefined {
  const [median, p95] = [firstByteMs.at(0.5), firstByteMs.at(0.95)];
  if (median === undefined || p95 === undefined) return undefined;
  // In a narrow distribution a hair over the p95 is no straggler.
  return Math.max(leastWaitMs, p95, 1.5 * median);
}
