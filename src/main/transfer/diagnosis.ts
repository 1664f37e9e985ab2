/**
 * Why a transfer is as fast as it is, in one word, judged over the last two seconds of looks at it:
 *
 *   client-bound   its socket has bytes that the client does not take, or its window is complete
 *   budget-bound   it waits for a slab, whatever else it has
 *   head-of-line   the present chunk is missing while half of the window or more is complete behind it
 *   disk-bound     the present chunk is being read from disk
 *   store-bound    most of the window waits for the store
 */
import type { Slot } from '#shared/model.ts';
import type { Diagnosis } from '#shared/vocabulary/live.ts';

/** A server looks at its transfers this often, in milliseconds. */
export const lookIntervalMs = 100;

const looksKept = 20;

/** Before this many looks, half a second of them, nothing is said. */
const looksNeeded = 5;

/** A chunk that has been complete for less than this is on its way, not waiting. */
const settledMs = 250;

/** A transfer at one instant. */
export interface View {
  /** By position; the first is the present chunk. */
  readonly slots: readonly Slot[];
  /** How long its socket has had bytes and taken none, in milliseconds. */
  readonly blockedMs: number;
  /** Waits for a slab. */
  readonly isWaiting: boolean;
}

interface Look {
  readonly held: number;
  readonly asked: number;
  readonly isHeadMissing: boolean;
  readonly isBlocked: boolean;
  readonly isWaiting: boolean;
  readonly isReadingDisk: boolean;
}

export class DiagnosisHistory {
  readonly #looks: Look[] = [];

  add({ slots, blockedMs, isWaiting }: View): void {
    const [head] = slots;
    const count = Math.max(1, slots.length);
    this.#looks.push({
      held: slots.filter((slot) => isComplete(slot) && slot.ageMs >= settledMs).length / count,
      asked: slots.filter((slot) => !isComplete(slot)).length / count,
      isHeadMissing: slots.length > 1 && head !== undefined && !isComplete(head),
      isBlocked: blockedMs >= settledMs,
      isWaiting,
      isReadingDisk: head?.tier === 'disk' && !isComplete(head),
    });
    if (this.#looks.length > looksKept) this.#looks.shift();
  }

  get diagnosis(): Diagnosis {
    if (this.#looks.length < looksNeeded) return 'healthy';
    const held = this.#mean((look) => look.held);
    if (this.#share((look) => look.isBlocked) >= 0.5) return 'client-bound';
    if (this.#share((look) => look.isWaiting) >= 0.5) return 'budget-bound';
    if (this.#share((look) => look.isHeadMissing) >= 0.6 && held >= 0.5) return 'head-of-line';
    if (held >= 0.6) return 'client-bound';
    if (this.#share((look) => look.isReadingDisk) >= 0.5) return 'disk-bound';
    if (this.#mean((look) => look.asked) >= 0.6) return 'store-bound';
    return 'healthy';
  }

  #share(is: (look: Look) => boolean): number {
    return this.#mean((look) => (is(look) ? 1 : 0));
  }

  #mean(value: (look: Look) => number): number {
    return this.#looks.reduce((sum, look) => sum + value(look), 0) / this.#looks.length;
  }
}

function isComplete(slot: Slot): boolean {
  return slot.state === 'held' || slot.state === 'draining';
}
