/**
 * Trying again, in one place: the SDK's own attempts are switched off, because they never cover a body. Full jitter
 * (each wait is a random share of an exponential bound) spreads clients that failed together.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isSluiceError } from '#shared/errors.ts';
import { abortedError, throwIfAborted } from './cancel.ts';

export const maxAttempts = 5;
const baseMilliseconds = 50;
const capMilliseconds = 5000;

/** What waiting needs from the world; tests give their own. */
export interface Backoff {
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const realBackoff: Backoff = {
  random: Math.random,
  sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
};

export interface RetryOptions {
  readonly backoff?: Backoff | undefined;
  /** Told before each wait. */
  readonly onBackOff?: ((milliseconds: number, cause: unknown) => void) | undefined;
}

/**
 * The result of `work`, which gets the number of the attempt (the first is 1) and is tried up to five times while it
 * fails with a retryable SluiceError. Any other error is final and passed on; so is the last one.
 * @throws SluiceError ABORTED; what `work` throws
 */
export async function retry<T>(
  work: (attempt: number) => Promise<T>,
  options: RetryOptions,
  signal: AbortSignal,
): Promise<T> {
  const backoff = options.backoff ?? realBackoff;
  for (let attempt = 1; ; attempt += 1) {
    throwIfAborted(signal);
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt === maxAttempts || !isSluiceError(error) || !error.retryable) throw error;
      const milliseconds = backoff.random() * backoffBound(attempt);
      options.onBackOff?.(milliseconds, error);
      await sleep(backoff, milliseconds, signal);
    }
  }
}

/** The longest wait after this attempt has failed, in milliseconds: 50, 100, 200, …, at most 5000. */
export function backoffBound(attempt: number): number {
  return Math.min(capMilliseconds, baseMilliseconds * 2 ** (attempt - 1));
}

async function sleep(backoff: Backoff, milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await backoff.sleep(milliseconds, signal);
  } catch (error) {
    throw signal.aborted ? abortedError(signal) : error;
  }
}
