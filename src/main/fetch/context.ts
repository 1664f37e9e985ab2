/** What all fetches from one store share: its permits, its budgets, and what has been learnt about it. */
import type { Clock } from '#main/flow/clock.ts';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import { isSluiceError } from '#shared/errors.ts';
import { Concurrency, throttleRestMs } from './concurrency.ts';
import { HedgeBudget } from './hedging.ts';
import { Latency } from './latency.ts';
import { Permits } from './permits.ts';
import { Pulse } from './pulse.ts';
import { RetryPolicy } from './retry-policy.ts';
import { RetryQuota } from './retry-quota.ts';
import { FetchCounters } from './stats.ts';
import { resolveTuning, type FetchTuning, type ResolvedTuning } from './tuning.ts';

/** What the fetch level needs of a store. */
export type FetchableStore = Pick<ObjectStore, 'openRange' | 'discover' | 'letsGo'>;

export interface FetcherOptions {
  readonly store: FetchableStore;
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly tuning?: FetchTuning | undefined;
}

const tickMs = 500;
const longestBeatMs = 25;
const beatsPerLimit = 8;
/** Of a tick: if the queue was empty for longer, it is not the permits that bound. */
const leastQueuedShare = 0.8;

export class FetchContext {
  readonly store: FetchableStore;
  readonly clock: Clock;
  readonly tuning: ResolvedTuning;
  readonly pulse: Pulse;
  readonly permits: Permits;
  readonly concurrency: Concurrency;
  readonly latency = new Latency();
  readonly quota = new RetryQuota();
  readonly hedges = new HedgeBudget();
  readonly counters = new FetchCounters();
  readonly #random: () => number;
  #leavePulse: (() => void) | undefined;
  #tick = { beganMs: 0, bytes: 0, failures: 0 };

  constructor({ store, clock, random, tuning }: FetcherOptions) {
    this.store = store;
    this.clock = clock;
    this.#random = random;
    this.tuning = resolveTuning(tuning);
    const { firstByteMinMs, idleMs } = this.tuning.stalls;
    this.pulse = new Pulse(clock, Math.min(longestBeatMs, Math.min(firstByteMinMs, idleMs) / beatsPerLimit));
    this.concurrency = new Concurrency(this.tuning.connections);
    this.permits = new Permits(clock, this.concurrency.limit, this.tuning.connections.forSmall);
  }

  newRetryPolicy(): RetryPolicy {
    return new RetryPolicy(this.tuning.retries, this.quota, this.#random);
  }

  /** A request goes out. The level of concurrency is watched while there are any. */
  requestBegan(): void {
    if (this.counters.activeRequests === 0) {
      this.#restartTick();
      this.#leavePulse = this.pulse.join(() => this.#onBeat());
    }
    this.counters.activeRequests += 1;
  }

  requestEnded(): void {
    this.counters.activeRequests -= 1;
    if (this.counters.activeRequests === 0) this.#leavePulse?.();
  }

  requestFailed(error: unknown): void {
    this.counters.failures += 1;
    if (!isSluiceError(error) || error.retryAfterMs === undefined) return;
    const nowMs = this.clock.now();
    this.hedges.rest(nowMs + throttleRestMs);
    this.permits.limit = this.concurrency.throttled(nowMs, error.retryAfterMs);
  }

  #onBeat(): void {
    const nowMs = this.clock.now();
    const elapsedMs = nowMs - this.#tick.beganMs;
    if (elapsedMs < tickMs) return;
    const { bytes, failures } = this.#tick;
    const queuedMs = this.#restartTick();
    // A tick that was held up tells of our own delay, not of the store.
    if (elapsedMs > 2 * tickMs) return;
    this.permits.limit = this.concurrency.tick({
      nowMs,
      elapsedMs,
      bytes: this.counters.receivedBytes - bytes,
      failures: this.counters.failures - failures,
      boundBy: queuedMs >= leastQueuedShare * elapsedMs ? 'level' : 'demand',
    });
    this.hedges.rest(this.concurrency.restUntilMs);
  }

  /** Returns for how long somebody was queued in the tick that ends. */
  #restartTick(): number {
    const { receivedBytes: bytes, failures } = this.counters;
    this.#tick = { beganMs: this.clock.now(), bytes, failures };
    return this.permits.takeQueuedMs();
  }
}
