/**
 * Why a transfer is as fast as it is, in one word, judged over the last two seconds of looks at its window:
 *
 *   client-bound   most of the window is complete and waits for the client
 *   head-of-line   the head chunk is missing while half of the window or more is complete behind it
 *   store-bound    most of the window waits for the store
 *   budget-bound   the window has room, but the budget has no chunk to give
 */
import type { Diagnosis, Slot } from '#shared/model.ts';

const looksKept = 20;

/** A chunk that has been complete for less than this is on its way, not waiting. */
const settledMs = 250;

interface Look {
  readonly held: number;
  readonly asked: number;
  readonly headMissing: boolean;
  readonly budgetBound: boolean;
}

/** What the rule needs to know of the window. */
export interface WindowView {
  readonly limit: number;
  readonly isBudgetBound: boolean;
}

export class DiagnosisHistory {
  readonly #looks: Look[] = [];

  add(slots: readonly Slot[], window: WindowView): void {
    const complete = slots.filter((slot) => isComplete(slot) && slot.ageMs >= settledMs).length;
    this.#looks.push({
      held: slots.length === 0 ? 0 : complete / slots.length,
      asked: slots.length === 0 ? 0 : slots.filter((slot) => !isComplete(slot)).length / slots.length,
      headMissing: slots.length > 1 && slots[0] !== undefined && !isComplete(slots[0]),
      budgetBound: window.isBudgetBound,
    });
    if (this.#looks.length > looksKept) this.#looks.shift();
  }

  get diagnosis(): Diagnosis {
    const looks = this.#looks;
    // Half a second of looks before anything is said.
    if (looks.length < 5) return 'healthy';
    const held = mean(looks.map((look) => look.held));
    const asked = mean(looks.map((look) => look.asked));
    if (mean(looks.map((look) => (look.headMissing ? 1 : 0))) >= 0.6 && held >= 0.5) return 'head-of-line';
    if (held >= 0.6) return 'client-bound';
    if (mean(looks.map((look) => (look.budgetBound ? 1 : 0))) >= 0.5) return 'budget-bound';
    if (asked >= 0.6) return 'store-bound';
    return 'healthy';
  }
}

function isComplete(slot: Slot): boolean {
  return slot.state === 'held' || slot.state === 'draining';
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
