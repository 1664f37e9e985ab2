/** What an `AbortSignal` means to a store: the work ends with ABORTED, whatever the reason its owner gave. */
import { SluiceError } from '#shared/errors.ts';

/** The error of work whose owner has cancelled it. */
export function abortedError(signal: AbortSignal): SluiceError {
  return new SluiceError('ABORTED', 'cancelled by its owner', { cause: signal.reason });
}

/** @throws SluiceError ABORTED */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortedError(signal);
}

/** A controller that also aborts with another signal, until it is disposed of. */
export class FollowingController extends AbortController implements Disposable {
  readonly #leader: AbortSignal;
  readonly #follow = () => this.abort(this.#leader.reason);

  constructor(leader: AbortSignal) {
    super();
    this.#leader = leader;
    if (leader.aborted) this.#follow();
    leader.addEventListener('abort', this.#follow, { once: true });
  }

  [Symbol.dispose](): void {
    this.#leader.removeEventListener('abort', this.#follow);
  }
}

/**
 * The pieces of `source`, ending with ABORTED as soon as the signal says so: a source that is stuck and does not
 * know the signal must not hold its reader.
 */
export async function* abortable<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  const iterator = source[Symbol.asyncIterator]();
  let exhausted = false;
  try {
    for (;;) {
      throwIfAborted(signal);
      const next = await orAborted(iterator.next(), signal);
      exhausted = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a generator that is stuck in `next` would never answer. How it ends is no longer our concern.
    if (!exhausted) void iterator.return?.().then(ignore, ignore);
  }
}

/** The outcome of `work`, or ABORTED as soon as the signal says so; `work` then goes on unheard. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // A listener for each call: racing against one long-lived promise would keep every call's reaction in memory.
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortedError(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}

/** For a promise whose outcome, either way, changes nothing any more. */
export function ignore(): void {}
