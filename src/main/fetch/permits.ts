/**
 * Connection permits: how many bodies may come in at a time. The most urgent class is served first, and inside a class
 * who asked first. A few permits are for `small` alone, so that a small read never waits for a big one to end.
 *
 * A permit is back the moment it is disposed; it is granted to the next in a microtask, so that nobody's work begins
 * inside another's call.
 */
import type { Clock } from '#main/flow/clock.ts';
import { urgencies, type Urgency } from './fetch.ts';

const usuallyReserved = 4;

/** Gives the permit back; a second call does nothing. */
export type Permit = Disposable;

/** A place in the queue. */
export interface Place {
  /** To the end of a more urgent class. Does nothing when it is not more urgent. */
  promote(urgency: Urgency): void;
  /** Does nothing when the permit has been granted. */
  leave(): void;
}

interface Waiter {
  urgency: Urgency;
  readonly granted: (permit: Permit) => void;
}

export class Permits {
  readonly #clock: Clock;
  readonly #mostReserved: number;
  readonly #queues: Readonly<Record<Urgency, Set<Waiter>>> = {
    small: new Set(),
    demand: new Set(),
    ahead: new Set(),
  };
  #limit: number;
  #inUse = 0;
  #inUseBySmall = 0;
  #dispatching = false;
  #queuedSinceMs: number | undefined;
  #queuedMs = 0;

  constructor(clock: Clock, limit: number, mostReserved: number = usuallyReserved) {
    this.#clock = clock;
    this.#mostReserved = mostReserved;
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Fewer than are in use: nobody gets one until enough have come back. */
  set limit(limit: number) {
    this.#limit = limit;
    this.#dispatch();
  }

  get inUse(): number {
    return this.#inUse;
  }

  /** Who waits, by class. */
  get waiting(): Readonly<Record<Urgency, number>> {
    const { small, demand, ahead } = this.#queues;
    return { small: small.size, demand: demand.size, ahead: ahead.size };
  }

  /** Queues for a permit; `granted` is called at most once, never from inside this call. */
  ask(urgency: Urgency, granted: (permit: Permit) => void): Place {
    const waiter: Waiter = { urgency, granted };
    this.#queues[urgency].add(waiter);
    this.#dispatch();
    return {
      promote: (to) => this.#promote(waiter, to),
      leave: () => {
        this.#queues[waiter.urgency].delete(waiter);
        this.#noteQueue();
      },
    };
  }

  /** For how long somebody waited since this was asked last, in milliseconds: more connections would have been used. */
  takeQueuedMs(): number {
    this.#closeQueuedSpan();
    this.#noteQueue();
    const queuedMs = this.#queuedMs;
    this.#queuedMs = 0;
    return queuedMs;
  }

  #promote(waiter: Waiter, to: Urgency): void {
    if (!isMoreUrgent(to, waiter.urgency) || !this.#queues[waiter.urgency].delete(waiter)) return;
    waiter.urgency = to;
    this.#queues[to].add(waiter);
    this.#dispatch();
  }

  #dispatch(): void {
    if (this.#dispatching) return;
    this.#dispatching = true;
    queueMicrotask(() => {
      this.#dispatching = false;
      for (let waiter = this.#next(); waiter; waiter = this.#next()) this.#grant(waiter);
      this.#noteQueue();
    });
  }

  #next(): Waiter | undefined {
    return urgencies
      .filter((urgency) => this.#hasRoom(urgency))
      .flatMap((urgency) => this.#queues[urgency].values().next().value ?? [])[0];
  }

  #hasRoom(urgency: Urgency): boolean {
    if (this.#inUse >= this.#limit) return false;
    const reserved = Math.min(this.#mostReserved, Math.floor(this.#limit / 4));
    return urgency === 'small' || this.#inUse - this.#inUseBySmall < this.#limit - reserved;
  }

  #grant(waiter: Waiter): void {
    const { urgency } = waiter;
    const small = urgency === 'small' ? 1 : 0;
    this.#queues[urgency].delete(waiter);
    this.#inUse += 1;
    this.#inUseBySmall += small;
    let isOut = true;
    waiter.granted({
      [Symbol.dispose]: () => {
        if (!isOut) return;
        isOut = false;
        this.#inUse -= 1;
        this.#inUseBySmall -= small;
        this.#dispatch();
      },
    });
  }

  #noteQueue(): void {
    const isQueued = urgencies.some((urgency) => this.#queues[urgency].size > 0);
    if (!isQueued) this.#closeQueuedSpan();
    else this.#queuedSinceMs ??= this.#clock.now();
  }

  #closeQueuedSpan(): void {
    if (this.#queuedSinceMs !== undefined) this.#queuedMs += this.#clock.now() - this.#queuedSinceMs;
    this.#queuedSinceMs = undefined;
  }
}

export function isMoreUrgent(urgency: Urgency, than: Urgency): boolean {
  return urgencies.indexOf(urgency) < urgencies.indexOf(than);
}
