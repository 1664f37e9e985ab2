/**
 * An answer of the server that is read again and again while somebody looks: one is kept, the newest, and the next is
 * asked for when the last has come. What was read stays when the connection is lost.
 */
import { messageOf } from '#shared/errors.ts';
import { inTime } from '../rpc/follow.ts';
import { Signal } from './signal.ts';

export class Polled<T> {
  readonly changed = new Signal(0);
  readonly #ask: () => Promise<T>;
  readonly #intervalMs: number;
  #value: T | undefined;
  #failure: string | undefined;
  #wake = (): void => undefined;

  /** `ask` makes the call, at most once in `intervalMs` milliseconds. */
  constructor(ask: () => Promise<T>, intervalMs: number) {
    this.#ask = ask;
    this.#intervalMs = intervalMs;
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
    const stopping = new AbortController();
    void this.#readOn(stopping.signal);
    return () => {
      stopping.abort();
      this.#wake();
    };
  }

  /** Reads at once: something has been changed from here. */
  readonly refresh = (): void => this.#wake();

  async #readOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#value = await inTime(this.#ask());
        this.#failure = undefined;
      } catch (error) {
        this.#failure = messageOf(error);
      }
      if (signal.aborted) return;
      this.changed.touch();
      await this.#pause();
    }
  }

  /** A page that nobody sees waits until it is shown again. */
  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        document.removeEventListener('visibilitychange', finish);
        resolve();
      };
      const timer = setTimeout(() => !document.hidden && finish(), this.#intervalMs);
      document.addEventListener('visibilitychange', finish);
      this.#wake = finish;
    });
  }
}
