/**
 * One rule through time. It fires when its value has been at its threshold for the rule's time without a break, and is
 * over when it has been below for that time, five seconds at least: an alert that flickers is one alert.
 */
import type { AlertRuleFacts } from '#shared/vocabulary/alerts.ts';

const minCalmMs = 5000;

export type RuleChange = 'fired' | 'resolved' | undefined;

export class RuleState {
  readonly #holdMs: number;
  #isFiring = false;
  /** Since when its value has been on the other side of the threshold than its state. */
  #since: number | undefined;

  constructor({ holdMs }: Pick<AlertRuleFacts, 'holdMs'>) {
    this.#holdMs = holdMs;
  }

  get isFiring(): boolean {
    return this.#isFiring;
  }

  /** What is new at `at`. */
  update(at: number, side: 'at threshold' | 'below'): RuleChange {
    if ((side === 'at threshold') === this.#isFiring) {
      this.#since = undefined;
      return undefined;
    }
    this.#since ??= at;
    const needed = this.#isFiring ? Math.max(this.#holdMs, minCalmMs) : this.#holdMs;
    if (at - this.#since < needed) return undefined;
    this.#isFiring = !this.#isFiring;
    this.#since = undefined;
    return this.#isFiring ? 'fired' : 'resolved';
  }
}
