/** Reading again and again while somebody looks: what the stores of the views have in common. */

export class Polling {
  readonly #read: () => Promise<void>;
  readonly #intervalMs: number;
  #wake = (): void => undefined;

  /** `read` never throws; the next begins `intervalMs` milliseconds after the last has ended. */
  constructor(read: () => Promise<void>, intervalMs: number) {
    this.#read = read;
    this.#intervalMs = intervalMs;
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

  /** Reads at once, if somebody looks. */
  readonly refresh = (): void => this.#wake();

  async #readOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#read();
      if (!signal.aborted) await this.#pause();
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
