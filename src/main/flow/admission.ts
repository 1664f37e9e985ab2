/**
 * Admission: the number of transfers is bounded so that each has its guaranteed piece of memory. Beyond the bound a
 * transfer waits a moment and is then refused, before any header is sent; one that has started is never failed for
 * want of memory.
 */
import { SluiceError } from '#shared/errors.ts';

export class Admission {
  readonly capacity: number;
  readonly #patienceMs: number;
  readonly #queue = new Set<() => void>();
  #admitted = 0;
  #refused = 0;

  constructor(capacity: number, patienceMs = 1000) {
    this.capacity = capacity;
    this.#patienceMs = patienceMs;
  }

  get admitted(): number {
    return this.#admitted;
  }

  /** Requests that found no place in time. */
  get refused(): number {
    return this.#refused;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * A place, in the order of asking; dispose it once when the transfer is over.
   * @throws SluiceError BUSY when none came free within the patience; the signal's reason
   */
  async enter(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#admitted < this.capacity && this.#queue.size === 0) this.#admitted += 1;
    else await this.#wait(signal);
    let left = false;
    return {
      [Symbol.dispose]: () => {
        if (left) return;
        left = true;
        this.#leave();
      },
    };
  }

  /** The leaver's place passes to the first who waits, so that nobody can slip in between. */
  #leave(): void {
    const [next] = this.#queue;
    if (next) next();
    else this.#admitted -= 1;
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#queue.delete(admit);
      };
      const admit = (): void => {
        settle();
        resolve();
      };
      const onAbort = (): void => {
        settle();
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        settle();
        this.#refused += 1;
        reject(
          new SluiceError('BUSY', `all ${this.capacity} transfer places are taken; try again in a second`),
        );
      }, this.#patienceMs);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.add(admit);
    });
  }
}
