import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockBytes, rangeBytes } from '#main/cache/chunk.ts';
import { appetite, needAt, planStep } from './plan.ts';

const pieceBytes = 4 * blockBytes;

describe('plan', () => {
  it('steps cover any range exactly once, in order, within the memory given', () => {
    const cases = fc
      .record({
        length: fc.integer({ min: 1, max: 5_000_000 }),
        chunkBlocks: fc.integer({ min: 4, max: 16 }),
        from: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        to: fc.double({ min: 0, max: 1, noNaN: true }),
        small: fc.infiniteStream(fc.boolean()),
        cached: fc.infiniteStream(fc.constantFrom('cached' as const, 'not cached' as const)),
      })
      .map((it) => Object.assign(it, { start: Math.floor(it.from * it.length) }));
    fc.assert(
      fc.property(cases, ({ length, chunkBlocks, start, to, small, cached }) => {
        const chunkBytes = chunkBlocks * blockBytes;
        const end = Math.max(start + 1, Math.ceil(to * length));
        const object = { key: 'k', pin: 'p', length };
        for (let at = start; at < end;) {
          const need = needAt(object, { start: at, end }, chunkBytes);
          const state = cached.next().value ?? 'cached';
          const want = appetite(need, state);
          expect(want).toBeLessThanOrEqual(chunkBytes);
          const memoryBytes = small.next().value || want <= pieceBytes ? pieceBytes : chunkBytes;
          const { chunk, span, slice } = planStep(need, state, memoryBytes);
          expect(slice.start).toBe(at);
          expect(slice.end).toBeGreaterThan(at);
          expect(slice.end).toBeLessThanOrEqual(end);
          expect(span.start).toBeLessThanOrEqual(slice.start);
          expect(span.end).toBeGreaterThanOrEqual(slice.end);
          expect(rangeBytes(span)).toBeLessThanOrEqual(memoryBytes);
          expect((span.start - chunk.range.start) % blockBytes).toBe(0);
          expect(span.start).toBeGreaterThanOrEqual(chunk.range.start);
          expect(span.end).toBeLessThanOrEqual(chunk.range.end);
          at = slice.end;
        }
      }),
    );
  });

  it('a chunk that is not cached is read whole where it fits, so that it can fill the tiers', () => {
    const object = { key: 'k', pin: 'p', length: 10 * blockBytes };
    const need = needAt(object, { start: 100, end: 200 }, 8 * blockBytes);
    expect(planStep(need, 'not cached', 8 * blockBytes).span).toEqual({ start: 0, end: 8 * blockBytes });
    expect(planStep(need, 'cached', 8 * blockBytes).span).toEqual({ start: 0, end: blockBytes });
    expect(planStep(need, 'not cached', pieceBytes).span).toEqual({ start: 0, end: blockBytes });
  });
});
