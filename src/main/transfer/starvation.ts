/** How long a client would have taken bytes while there were none. */
import type { Clock } from '#main/flow/clock.ts';

export class Starvation {
  readonly #clock: Clock;
  #since: number | undefined;
  #ms = 0;
  #totalMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get totalMs(): number {
    return this.#totalMs;
  }

  begin(): void {
    this.#since ??= this.#clock.now();
  }

  end(): void {
    this.#count();
    this.#since = undefined;
  }

  /** Milliseconds since the last call. */
  take(): number {
    this.#count();
    const ms = this.#ms;
    this.#ms = 0;
    return ms;
  }

  #count(): void {
    if (this.#since === undefined) return;
    const now = this.#clock.now();
    this.#ms += now - this.#since;
    this.#totalMs += now - this.#since;
    this.#since = now;
  }
}
