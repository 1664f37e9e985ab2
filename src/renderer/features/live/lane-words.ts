import type { Lane } from '#shared/model.ts';
import type { ChunkState } from '#shared/vocabulary/live.ts';
import { formatBytes, formatDuration, formatRate, formatShare } from '#shared/units.ts';

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

/** `held 9 · recv 3 · wait 2`. */
export function slotSummary({ held, receiving, waiting, failed }: SlotCounts): string {
  const lost = failed > 0 ? ` · failed ${failed}` : '';
  return `held ${held} · recv ${receiving} · wait ${waiting}${lost}`;
}

/** `window 3 / 8`: chunks that it may have now, and the most that it ever may. */
export function windowWords({ window, windowLimit }: Pick<Lane, 'window' | 'windowLimit'>): string {
  return `window ${window} / ${windowLimit}`;
}

/** `in 28 MiB/s → out 0.7 MiB/s`. */
export function rateWords(lane: Pick<Lane, 'inBytesPerSecond' | 'outBytesPerSecond'>): string {
  return `in ${formatRate(lane.inBytesPerSecond)} → out ${formatRate(lane.outBytesPerSecond)}`;
}

/** `drains 0.7 MiB/s · starved 2 %`: what its client takes while it can, and how often it could not. */
export function paceWords(lane: Pick<Lane, 'drainBytesPerSecond' | 'starvedShare'>): string {
  return `drains ${formatRate(lane.drainBytesPerSecond)} · starved ${formatShare(lane.starvedShare, 1)}`;
}

/** The numbers that a diagnosis is drawn from, a line each. */
export function evidence(lane: Lane): readonly string[] {
  const blocked = lane.blockedMs > 0 ? `socket blocked for ${formatDuration(lane.blockedMs)}` : 'socket free';
  return [
    `${slotSummary(countSlots(lane))}, ${formatBytes(lane.heldBytes)} in memory, ${windowWords(lane)}`,
    `${rateWords(lane)}, ${paceWords(lane)}`,
    `${blocked}, ${lane.isWaitingForMemory ? 'waits for a slab' : 'waits for no slab'}, ${lane.mode}`,
  ];
}
