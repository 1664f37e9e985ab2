/** When a request has kept us waiting for too long. Pure: fed by beats (pulse.ts) and arrivals. */
import { SluiceError } from '#shared/errors.ts';
import type { Latency } from './latency.ts';
import type { StallLimits } from './tuning.ts';

/** Over how much time the pace of a body is averaged, and the least before it is judged. */
const paceMs = 1000;
const slowFactor = 3;
const requestFactor = 8;

/** What a request was given up for. */
export type Stall = 'first byte' | 'idle' | 'slow' | 'too long';

/**
 * How long an answer may take to begin, in milliseconds: twice the p99, within the limits. Twice as long for each
 * attempt that came to nothing, so that a store that has become slower is not given up for ever.
 */
export function firstByteLimitMs(latency: Latency, limits: StallLimits, fruitless: number): number {
  const p99 = latency.firstByteMs.at(0.99);
  if (p99 === undefined) return limits.firstByteMaxMs;
  const limit = Math.max(limits.firstByteMinMs, 2 * p99) * 2 ** fruitless;
  return Math.min(limits.firstByteMaxMs, limit);
}

/** Watches one body. Times are counted in beats. */
export class BodyWatch {
  readonly #limits: StallLimits;
  readonly #latency: Latency;
  readonly #length: number;
  #received = 0;
  #receivedInBeat = 0;
  #bytesPerMs = 0;
  #silentMs = 0;
  #bodyMs = 0;

  constructor(limits: StallLimits, latency: Latency, length: number) {
    this.#limits = limits;
    this.#latency = latency;
    this.#length = length;
  }

  received(bytes: number): void {
    this.#received += bytes;
    this.#receivedInBeat += bytes;
    this.#silentMs = 0;
  }

  /** A beat has passed: whether the body is to be given up. `slow` is for the caller to weigh. */
  beat(beatMs: number): Stall | undefined {
    this.#silentMs += beatMs;
    this.#bodyMs += beatMs;
    // The mean at first, an average that forgets from then on.
    const share = beatMs / Math.min(this.#bodyMs, paceMs);
    this.#bytesPerMs += share * (this.#receivedInBeat / beatMs - this.#bytesPerMs);
    this.#receivedInBeat = 0;
    // Not `>=`: the beat that reaches the limit may be the late one after a block, before what came was read.
    if (this.#silentMs > this.#limits.idleMs) return 'idle';
    if (this.#bodyMs > this.#longestMs()) return 'too long';
    return this.#isSlow() ? 'slow' : undefined;
  }

  #longestMs(): number {
    return Math.max(this.#limits.requestMs, requestFactor * (this.#latency.bodyMs(this.#length) ?? 0));
  }

  #isSlow(): boolean {
    const usualMs = this.#latency.bodyMs(this.#length);
    if (usualMs === undefined || this.#bodyMs < paceMs) return false;
    const stillMs = (this.#length - this.#received) / this.#bytesPerMs;
    return stillMs > Math.max(this.#limits.slowMs, slowFactor * usualMs);
  }
}

export function stallError(stall: Stall, key: string): SluiceError {
  const sentences: Readonly<Record<Stall, string>> = {
    'first byte': 'no answer in time',
    idle: 'no further byte in time',
    slow: 'the bytes come much slower than usual',
    'too long': 'the answer takes too long',
  };
  return new SluiceError('STORE_STALLED', `the store stalled on ${key}: ${sentences[stall]}`);
}
