/** One piece of work at a time for each key, in the order asked; different keys do not wait for each other. */
import { ignore } from './cancel.ts';

export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs `work` once everything asked before it for the same key has ended, well or badly. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = this.settled(key).then(work);
    const tail = result.then(ignore, ignore).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return result;
  }

  /** Resolves when the work asked for until now for this key has ended. */
  async settled(key: string): Promise<void> {
    await this.#tails.get(key);
  }
}
