import type { ChunkState, Lane } from '#shared/model.ts';

/** Slots of a lane by what an operator asks: is it held, does it come, is it awaited? */
export interface SlotCounts {
  readonly held: number;
  readonly receiving: number;
  readonly waiting: number;
  readonly draining: number;
  readonly failed: number;
}

export function countSlots({ slots }: Pick<Lane, 'slots'>): SlotCounts {
  const count = (...states: readonly ChunkState[]): number =>
    slots.filter(({ state }) => states.includes(state)).length;
  return {
    held: count('held'),
    receiving: count('receiving'),
    waiting: count('queued', 'waiting', 'retry'),
    draining: count('draining'),
    failed: count('failed'),
  };
}

/** `held 9 · recv 3 · wait 2 / 16`. */
export function slotSummary({ held, receiving, waiting, failed }: SlotCounts, window: number): string {
  const lost = failed > 0 ? ` · failed ${failed}` : '';
  return `held ${held} · recv ${receiving} · wait ${waiting}${lost} / ${window}`;
}
