/** Every byte of the budget by what it is for, at this instant. The figures add up to the budget, exactly. */
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import type { Arena } from '#main/flow/arena.ts';
import { poolStates, type PoolState } from '#shared/vocabulary/live.ts';
import type { Engine } from './engine.ts';

export function pictureOf({ budget, pool }: Engine): Readonly<Record<PoolState, number>> {
  const bytes = Object.fromEntries(poolStates.map((state) => [state, 0])) as Record<PoolState, number>;
  for (const chunk of pool.residents()) {
    const slabBytes = chunk.slab.memory.length;
    const state = stateOf(chunk, pool.isIdle(chunk));
    if (state === 'filled') {
      bytes.filled += chunk.validBytes;
      bytes.unfilled += slabBytes - chunk.validBytes;
    } else {
      bytes[state] += slabBytes;
    }
  }
  bytes.bounce = inUse(budget.bounce);
  bytes.upload = inUse(budget.uploads);
  bytes.connection = inUse(budget.connections);
  bytes.free = budget.plan.budgetBytes - Object.values(bytes).reduce((sum, part) => sum + part, 0);
  return bytes;
}

function stateOf(chunk: ResidentChunk, isIdle: boolean): PoolState {
  if (chunk.isZombie) return 'zombie';
  if (chunk.slabClass === 'small') return 'small';
  if (chunk.pins > 0) return 'pinned';
  if (chunk.filling) return chunk.state === 'queued' ? 'queued' : 'filled';
  if (isIdle) return 'cached';
  for (const reader of chunk.readers) if (chunk.holds(reader.position)) return 'needed';
  return 'ahead';
}

function inUse({ plan, available }: Arena): number {
  return (plan.slabs - available) * plan.slabBytes;
}
