/** Time that stands still until a test moves it. Work that is due at the same instant happens in the order it was asked for. */
import type { Clock, Timer } from '#main/flow/clock.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

export class VirtualClock implements Clock {
  readonly #due = new Set<Due>();
  #now = 0;
  #order = 0;

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, work: () => void): Timer {
    const due = { at: this.#now + Math.max(0, milliseconds), order: (this.#order += 1), work };
    this.#due.add(due);
    return { cancel: () => this.#due.delete(due) };
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#due.size;
  }

  /** Moves to the next instant for which something is due and does it; false when nothing is. */
  step(): boolean {
    const next = this.#next();
    if (!next) return false;
    this.#now = Math.max(this.#now, next.at);
    this.#due.delete(next);
    next.work();
    return true;
  }

  /** Lets so much time pass, and does what is due meanwhile. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (let next = this.#next(); next && next.at <= until; next = this.#next()) this.step();
    this.#now = until;
  }

  /** The event loop is blocked for so long: what was due meanwhile happens late, at the end. */
  block(milliseconds: number): void {
    this.#now += milliseconds;
    this.advance(0);
  }

  #next(): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#due)
      if (!next || due.at < next.at || (due.at === next.at && due.order < next.order)) next = due;
    return next;
  }
}
