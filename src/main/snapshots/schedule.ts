/**
 * What happens every now and then, for each repository at times of its own: intervals vary by a tenth, so that
 * neither repositories nor servers that were started together stay together.
 */

/** Within this time a task is done first: what was missed while the server was down. */
const soonMs = 30_000;

export interface ScheduleOptions {
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
}

export class Schedule implements Disposable {
  readonly #random: () => number;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  constructor({ random = Math.random }: ScheduleOptions = {}) {
    this.#random = random;
  }

  /**
   * Does `task` soon, and then every `intervalMs`, counted from its end; 0 is never. What is called `name` already goes on as it is.
   * A task says itself what went wrong in it.
   */
  every(name: string, intervalMs: number, task: () => Promise<unknown>): void {
    if (this.#isClosed || intervalMs === 0 || this.#timers.has(name)) return;
    const after = (milliseconds: number): void => {
      const timer = setTimeout(() => void run(), milliseconds);
      timer.unref();
      this.#timers.set(name, timer);
    };
    const run = async (): Promise<void> => {
      const own = this.#timers.get(name);
      await task().catch(() => undefined);
      if (this.#timers.get(name) === own) after(intervalMs * (0.9 + 0.2 * this.#random()));
    };
    after(Math.min(intervalMs, soonMs) * this.#random());
  }

  /** Ends what is called `name`. */
  stop(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    for (const name of this.#timers.keys()) this.stop(name);
  }
}
