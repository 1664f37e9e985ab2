/**
 * Whether one piece of work is tried again, and after what wait. Nothing else retries: neither the SDK nor a store.
 * Full jitter (each wait is a random share of an exponential bound) spreads requests that failed together.
 */
import { isSluiceError } from '#shared/errors.ts';
import type { RetryQuota } from './retry-quota.ts';
import type { RetryLimits } from './tuning.ts';

export class RetryPolicy {
  readonly #limits: RetryLimits;
  readonly #quota: RetryQuota;
  readonly #random: () => number;
  #beganMs: number | undefined;
  #failures = 0;
  #fruitless = 0;
  #misbehaved = 0;
  #progressBytes = 0;

  constructor(limits: RetryLimits, quota: RetryQuota, random: () => number) {
    this.#limits = limits;
    this.#quota = quota;
    this.#random = random;
  }

  /** An attempt begins. */
  begin(nowMs: number): void {
    this.#beganMs ??= nowMs;
  }

  /** The work has come so much further. */
  progress(bytes: number): void {
    this.#progressBytes += bytes;
  }

  succeed(): void {
    if (this.#failures === 0) this.#quota.refund();
  }

  /** Attempts in a row that came to nothing. */
  get fruitless(): number {
    return this.#fruitless;
  }

  /** The wait before the next attempt in milliseconds; undefined when the failure is final. */
  backOffMs(error: unknown, nowMs: number): number | undefined {
    if (!isSluiceError(error) || !error.retryable) return undefined;
    this.#count();
    if (error.code === 'STORE_MISBEHAVED') this.#misbehaved += 1;
    if (this.#fruitless >= this.#limits.attempts || this.#misbehaved > 1) return undefined;
    const bound = Math.min(
      this.#limits.backOffCapMs,
      this.#limits.backOffMs * 2 ** Math.max(0, this.#fruitless - 1),
    );
    // Those who were told the same time do not all come back at once.
    const waitMs = (error.retryAfterMs ?? 0) + this.#random() * bound;
    if (nowMs + waitMs - (this.#beganMs ?? nowMs) > this.#limits.totalMs) return undefined;
    return this.#quota.tryPay(error.code === 'STORE_STALLED' ? 'stall' : 'failure') ? waitMs : undefined;
  }

  #count(): void {
    this.#failures += 1;
    this.#fruitless = this.#progressBytes >= this.#limits.progressBytes ? 0 : this.#fruitless + 1;
    this.#progressBytes = 0;
  }
}
