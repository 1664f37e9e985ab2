/**
 * An answer of the server that is read again and again while somebody looks: one is kept, the newest, and the next is
 * asked for when the last has come. What was read stays when the connection is lost.
 */
import { messageOf } from '#shared/errors.ts';
import { inTime } from '../rpc/follow.ts';
import { Polling } from './polling.ts';
import { Signal } from './signal.ts';

export class Polled<T> {
  readonly changed = new Signal(0);
  readonly #ask: () => Promise<T>;
  readonly #polling: Polling;
  #value: T | undefined;
  #failure: string | undefined;

  /** `ask` makes the call, at most once in `intervalMs` milliseconds. */
  constructor(ask: () => Promise<T>, intervalMs: number) {
    this.#ask = ask;
    this.#polling = new Polling(() => this.#read(), intervalMs);
  }

  /** The newest answer; `undefined` until the first. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Why the last reading failed: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Reads until the returned function is called. */
  follow(): () => void {
    return this.#polling.follow();
  }

  /** Reads at once: something has been changed from here. */
  readonly refresh = (): void => this.#polling.refresh();

  async #read(): Promise<void> {
    try {
      this.#value = await inTime(this.#ask());
      this.#failure = undefined;
    } catch (error) {
      this.#failure = messageOf(error);
    }
    this.changed.touch();
  }
}
