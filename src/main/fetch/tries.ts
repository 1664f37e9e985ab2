/**
 * One thing after another until it succeeds or has failed for good: a permit, an attempt, a wait, again. The permit is
 * held during attempts only.
 */
import type { Timer } from '#main/flow/clock.ts';
import { isSluiceError } from '#shared/errors.ts';
import type { FetchContext } from './context.ts';
import type { Urgency } from './fetch.ts';
import type { Permit, Place } from './permits.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** Whose attempts these are. Never called from inside `start`, nor after `end`. */
export interface Worker {
  /** The permit is there; the first is 1. Answered by `fail`, `succeed` or `end`. */
  attempt(number: number): void;
  backOff(milliseconds: number, cause: unknown): void;
  failed(error: unknown): void;
}

export class Tries {
  readonly #context: FetchContext;
  readonly #worker: Worker;
  readonly #policy: RetryPolicy;
  #urgency: Urgency;
  #place: Place | undefined;
  #permit: Permit | undefined;
  #timer: Timer | undefined;
  #number = 0;
  #isOver = false;

  constructor(context: FetchContext, urgency: Urgency, worker: Worker) {
    this.#context = context;
    this.#worker = worker;
    this.#urgency = urgency;
    this.#policy = context.newRetryPolicy();
  }

  /** With a permit that the first attempt is to use, if there is one: its request has been made already. */
  start(permit?: Permit): void {
    if (!permit) return this.#queue();
    this.#permit = permit;
    queueMicrotask(() => this.#attempt());
  }

  get number(): number {
    return this.#number;
  }

  get phase(): 'queued' | 'trying' | 'backing off' {
    if (this.#permit) return 'trying';
    return this.#place ? 'queued' : 'backing off';
  }

  /** Attempts in a row that came to nothing. */
  get fruitless(): number {
    return this.#policy.fruitless;
  }

  promote(urgency: Urgency): void {
    this.#urgency = urgency;
    this.#place?.promote(urgency);
  }

  progress(bytes: number): void {
    this.#policy.progress(bytes);
  }

  /** The attempt has failed; the permit is back when this returns. */
  fail(error: unknown): void {
    this.#returnPermit();
    const nowMs = this.#context.clock.now();
    const waitMs = this.#policy.backOffMs(error, nowMs);
    if (waitMs === undefined) {
      this.end();
      this.#worker.failed(error);
      return;
    }
    if (isSluiceError(error)) this.#context.counters.retried(error.code);
    this.#timer = this.#context.clock.after(waitMs, () => this.#queue());
    this.#worker.backOff(waitMs, error);
  }

  /** The attempt has succeeded; the permit is back when this returns. */
  succeed(): void {
    this.#policy.succeed();
    this.end();
  }

  /** The permit is the caller's from now on. */
  takePermit(): Permit | undefined {
    const permit = this.#permit;
    this.#permit = undefined;
    return permit;
  }

  /** Nothing is held or awaited when this returns. */
  end(): void {
    this.#isOver = true;
    this.#place?.leave();
    this.#timer?.cancel();
    this.#returnPermit();
  }

  #queue(): void {
    const askedMs = this.#context.clock.now();
    this.#place = this.#context.permits.ask(this.#urgency, (permit) => {
      this.#permit = permit;
      this.#place = undefined;
      this.#context.counters.connectionWait.add(this.#context.clock.now() - askedMs);
      this.#context.counters.attempts += 1;
      this.#context.hedges.requested();
      this.#attempt();
    });
  }

  #attempt(): void {
    if (this.#isOver) return;
    this.#number += 1;
    this.#policy.begin(this.#context.clock.now());
    this.#worker.attempt(this.#number);
  }

  #returnPermit(): void {
    this.#permit?.[Symbol.dispose]();
    this.#permit = undefined;
  }
}
