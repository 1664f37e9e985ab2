import { describe, expect, it } from 'vitest';
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import { maxChunkUses } from '#shared/request-model.ts';
import { Uses } from './uses.ts';

/** As much of a chunk as is looked at. */
function chunkOf(index: number, source: 'disk' | 'store', completeAt?: number): ResidentChunk {
  return { id: { index }, source, completeAt } as unknown as ResidentChunk;
}

const missing = (at: number) => ({ at, wasComplete: false });
const present = (at: number) => ({ at, wasComplete: true });

describe('uses of chunks', () => {
  it('have the level, and how long was waited for them and for the client', () => {
    const uses = new Uses();
    uses.begin(chunkOf(0, 'store', 100), missing(0), 10);
    uses.handed(20, 5);
    uses.handed(30, 7);
    uses.taken(250);
    uses.begin(chunkOf(1, 'disk', 50), present(240), 30);
    uses.handed(40, 7);
    uses.taken(260);
    expect(uses.chunks).toEqual([
      { index: 0, start: 10, end: 30, tier: 'store', waitMs: 7, heldMs: 150 },
      { index: 1, start: 30, end: 40, tier: 'memory', waitMs: 0, heldMs: 20 },
    ]);
    expect([uses.tier, uses.longestHeldMs, uses.hidden]).toEqual(['store', 150, 0]);
  });

  it('of a chunk that was not complete when it was taken were not held', () => {
    const uses = new Uses();
    uses.begin(chunkOf(0, 'disk'), missing(0), 0);
    uses.handed(5, 0);
    uses.taken(100);
    expect(uses.chunks).toEqual([{ index: 0, start: 0, end: 5, tier: 'disk', waitMs: 0 }]);
    expect(uses.longestHeldMs).toBeUndefined();
  });

  it('join into spans of one level', () => {
    const uses = new Uses();
    const sources = ['store', 'store', 'disk', 'disk', 'store'] as const;
    for (const [index, source] of sources.entries()) {
      uses.begin(chunkOf(index, source), missing(0), index * 10);
      uses.handed(index * 10 + 10, 0);
      uses.taken(0);
    }
    expect(uses.spans).toEqual([
      { start: 0, end: 20, tier: 'store' },
      { start: 20, end: 40, tier: 'disk' },
      { start: 40, end: 50, tier: 'store' },
    ]);
  });

  it('are counted when they are many, and what they held counts, too', () => {
    const uses = new Uses();
    const count = 10 * maxChunkUses;
    for (let index = 0; index < count; index += 1) {
      const source = index % 2 === 0 ? 'disk' : 'store';
      uses.begin(chunkOf(index, source, 0), missing(0), index);
      uses.handed(index + 1, 0);
      uses.taken(index);
    }
    expect([uses.chunks.length, uses.hidden]).toEqual([maxChunkUses, count - maxChunkUses]);
    expect(uses.longestHeldMs).toBe(count - 1);
    expect(uses.spans).toHaveLength(maxChunkUses);
    expect(uses.spans.at(-1)).toEqual({ start: maxChunkUses - 1, end: count, tier: 'store' });
  });

  it('are none when nothing was handed on', () => {
    const uses = new Uses();
    uses.taken(5);
    expect([uses.chunks, uses.spans, uses.tier]).toEqual([[], [], undefined]);
  });
});
