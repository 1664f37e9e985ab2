/** The life of one discovery: like that of a fetch, but there is no memory yet, and the answer waits for a fetch. */
import type { Discovery } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import type { BodySource } from './body.ts';
import type { FetchContext } from './context.ts';
import { HeldDiscovery } from './discovered.ts';
import { smallReadBytes, type Discovered } from './fetch.ts';
import { HedgedRequest } from './hedged-request.ts';
import { Tries } from './tries.ts';

type Found = Discovery | undefined;

export interface Wanted {
  readonly key: string;
  readonly range: ByteRange;
}

interface Outcome {
  readonly resolve: (discovered: Discovered | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @throws SluiceError ABORTED when the signal says so: request and permit are back in that tick. What the last attempt
 * failed with.
 */
export function discover(
  context: FetchContext,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Discovered | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(aborted(signal));
    const run = new DiscoveryRun(context, wanted, {
      resolve: (discovered) => {
        signal.removeEventListener('abort', onAbort);
        resolve(discovered);
      },
      reject: (error) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    });
    const onAbort = (): void => run.cancel(aborted(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function aborted(signal: AbortSignal): SluiceError {
  return new SluiceError('ABORTED', 'cancelled by its owner', { cause: signal.reason });
}

class DiscoveryRun {
  readonly #context: FetchContext;
  readonly #wanted: Wanted;
  readonly #outcome: Outcome;
  readonly #tries: Tries;
  #request: HedgedRequest<Found> | undefined;

  constructor(context: FetchContext, wanted: Wanted, outcome: Outcome) {
    this.#context = context;
    this.#wanted = wanted;
    this.#outcome = outcome;
    const { start, end } = wanted.range;
    this.#tries = new Tries(context, end - start <= smallReadBytes ? 'small' : 'demand', {
      attempt: () => this.#ask(),
      backOff: () => undefined,
      failed: outcome.reject,
    });
    this.#tries.start();
  }

  cancel(error: SluiceError): void {
    this.#request?.end();
    this.#tries.end();
    this.#outcome.reject(error);
  }

  #ask(): void {
    const { key, range } = this.#wanted;
    this.#request = new HedgedRequest(this.#context, {
      key,
      fruitless: this.#tries.fruitless,
      ask: (signal) => this.#context.store.discover(key, range, signal),
      // Somebody waits for every first look.
      isUrgent: () => true,
      answered: (found: Found, source) => this.#onFound(found, source),
      failed: (error) => this.#tries.fail(error),
    });
  }

  #onFound(found: Found, source: BodySource): void {
    const permit = found?.answer && this.#tries.takePermit();
    if (!permit) source.close();
    this.#tries.succeed();
    this.#outcome.resolve(found && new HeldDiscovery(found, permit && { source, permit }));
  }
}
