/** What a budget and a window allow, worked out from the plan that the server makes of them, in numbers and words. */
import type { MemoryPlan } from '#shared/memory-plan.ts';
import { formatBytes, formatCount } from '#shared/units.ts';

export interface Share {
  readonly name: string;
  readonly bytes: number;
  readonly words: string;
}

/** The shares of the budget, in order; they add up to it. */
export function sharesOf(plan: MemoryPlan): readonly Share[] {
  const of = (name: keyof MemoryPlan & ('chunks' | 'small' | 'bounce' | 'uploads' | 'connections')) => {
    const { slabs, slabBytes } = plan[name];
    return { bytes: slabs * slabBytes, words: `${formatCount(slabs)} × ${formatBytes(slabBytes)}` };
  };
  const shares = [
    { name: 'chunks', ...of('chunks') },
    { name: 'small reads', ...of('small') },
    { name: 'slow clients', ...of('bounce') },
    { name: 'uploads', ...of('uploads') },
    { name: 'connections', ...of('connections') },
  ];
  const rest = plan.budgetBytes - shares.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...shares, { name: 'left over', bytes: rest, words: 'less than a chunk' }];
}

/** What the numbers mean for clients: a sentence each. */
export function sentencesOf(plan: MemoryPlan, window: number): readonly string[] {
  const { chunks, bounce, pinnedChunks } = plan;
  const windowBytes = window * chunks.slabBytes;
  const full = Math.floor(chunks.slabs / window);
  return [
    `One fast client reads ahead up to ${count(Math.min(window, chunks.slabs), 'chunk')}, ${formatBytes(Math.min(windowBytes, chunks.slabs * chunks.slabBytes))}.`,
    full === 0
      ? `A full window of ${count(window, 'chunk')} does not fit: one client has at most ${count(chunks.slabs, 'chunk')}.`
      : `${count(full, 'client')} at a time ${full === 1 ? 'has' : 'have'} room for a full window; more share what there is, each with at least one chunk in turn.`,
    `Up to ${count(bounce.slabs, 'transfer')} at a time; further ones wait a second and are then asked to come again.`,
    `Slow clients hold at most ${count(pinnedChunks, 'chunk')}, ${formatBytes(pinnedChunks * chunks.slabBytes)}; the rest stays in motion.`,
  ];
}

function count(number: number, noun: string): string {
  return `${formatCount(number)} ${noun}${number === 1 ? '' : 's'}`;
}
