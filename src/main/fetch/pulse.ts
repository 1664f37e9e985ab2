/**
 * The beat by which requests are watched. Silence is counted in beats, not read off a clock: when the event loop is
 * blocked or the machine sleeps, many beats collapse into one, and what came meanwhile is read before the next. A busy
 * process therefore never takes its own delay for the store's. One timer serves every request, and there is none when
 * nobody listens.
 */
import type { Clock, Timer } from '#main/flow/clock.ts';

export class Pulse {
  readonly beatMs: number;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #timer: Timer | undefined;

  constructor(clock: Clock, beatMs: number) {
    this.#clock = clock;
    this.beatMs = beatMs;
  }

  /** Calls `listener` once per beat until the function that is returned is called. The first beat may come early. */
  join(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#timer ??= this.#clock.after(this.beatMs, this.#beat);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#timer?.cancel();
      this.#timer = undefined;
    };
  }

  readonly #beat = (): void => {
    // Set before the listeners run, so that the last one to leave finds the timer to cancel.
    this.#timer = this.#clock.after(this.beatMs, this.#beat);
    const listeners = [...this.#listeners];
    for (const listener of listeners) if (this.#listeners.has(listener)) listener();
  };
}
