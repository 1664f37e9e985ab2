/**
 * The timers of one request. The SDK's own do not cover a body (its `requestTimeout` ends with the headers), so a
 * store that stalls in the middle of one would hang for ever.
 *
 * Silence is counted in ticks, not read off a clock: when the event loop is blocked or the machine sleeps, many ticks
 * collapse into one, and the bytes that came meanwhile are read before the next. A busy process therefore never
 * takes its own delay for the store's.
 */
import { SluiceError } from '#shared/errors.ts';
import { abortedError, throwIfAborted } from './cancel.ts';

/** How long silence may last. */
export interface Patience {
  /** Until the answer begins: connecting, sending the request and the store's thinking included. */
  readonly firstByteMilliseconds: number;
  /** Between two pieces of the answer. */
  readonly idleMilliseconds: number;
}

/** One request under watch. */
export interface Watched {
  /** Aborts when the owner does, and when the silence has lasted too long. */
  readonly signal: AbortSignal;
  /** The answer began, or more of it came. */
  alive(): void;
}

const ticksPerLimit = 8;

/**
 * Runs `work` under the owner's signal and these timers.
 * @throws SluiceError ABORTED, STORE_STALLED; what `work` throws
 */
export async function watched<T>(
  patience: Patience,
  work: (watch: Watched) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  throwIfAborted(signal);
  const controller = new AbortController();
  const onAbort = () => controller.abort(abortedError(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  const silence = countSilence(patience, (error) => controller.abort(error));
  try {
    return await work({ signal: controller.signal, alive: silence.alive });
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    silence.stop();
    signal.removeEventListener('abort', onAbort);
  }
}

function countSilence(patience: Patience, onStall: (error: SluiceError) => void) {
  const { firstByteMilliseconds, idleMilliseconds } = patience;
  const tickMilliseconds = Math.max(1, Math.min(firstByteMilliseconds, idleMilliseconds) / ticksPerLimit);
  let limit = { milliseconds: firstByteMilliseconds, what: 'no answer' };
  let silentMilliseconds = 0;
  const timer = setInterval(() => {
    silentMilliseconds += tickMilliseconds;
    // Not `<`: the tick that reaches the limit may be the late one after a block, before what came was read.
    if (silentMilliseconds <= limit.milliseconds) return;
    onStall(
      new SluiceError('STORE_STALLED', `the store stalled: ${limit.what} for ${limit.milliseconds} ms`),
    );
  }, tickMilliseconds);
  return {
    alive: () => {
      silentMilliseconds = 0;
      limit = { milliseconds: idleMilliseconds, what: 'no further byte' };
    },
    stop: () => clearInterval(timer),
  };
}
