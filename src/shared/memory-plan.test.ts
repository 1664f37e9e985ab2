import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSluiceError } from './errors.ts';
import { defaultBudgetBytes, planMemory, type ArenaPlan, type MemoryPlan } from './memory-plan.ts';
import { GiB, KiB, MiB, parseBytes } from './units.ts';

/** Every combination that the table of settings allows. */
const sizes = fc.record({
  memoryBudgetBytes: fc.oneof(
    fc.integer({ min: 32, max: 1024 }).map((size) => size * MiB),
    fc.integer({ min: 32 * MiB, max: 64 * GiB }),
  ),
  memoryCacheBytes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 64 * GiB })),
  chunkBytes: fc.integer({ min: 4, max: 1024 }).map((steps) => steps * 64 * KiB),
  maxConnections: fc.integer({ min: 2, max: 256 }),
});

const defaults = { memoryCacheBytes: 64 * GiB, chunkBytes: 8 * MiB, maxConnections: 64 };

const bytesOf = (arena: ArenaPlan) => arena.slabBytes * arena.slabs;
const sum = ({ chunks, small, bounce, uploads, connections }: MemoryPlan) =>
  [chunks, small, bounce, uploads, connections].map(bytesOf).reduce((total, bytes) => total + bytes);

function attempt(input: Parameters<typeof planMemory>[0]): MemoryPlan | string {
  try {
    return planMemory(input);
  } catch (error) {
    if (isSluiceError(error, 'INVALID_INPUT')) return error.message;
    throw error;
  }
}

describe('planMemory', () => {
  it('The shares of the memory plan never add up to more than the budget.', () => {
    fc.assert(
      fc.property(sizes, (input) => {
        const plan = attempt(input);
        if (typeof plan === 'string') return;
        expect(sum(plan)).toBeLessThanOrEqual(input.memoryBudgetBytes);
        // What is left over would not make another chunk.
        expect(sum(plan) + input.chunkBytes).toBeGreaterThan(input.memoryBudgetBytes);
      }),
    );
  });

  it('leaves something to go on with when everything that may be pinned is', () => {
    fc.assert(
      fc.property(sizes, (input) => {
        const plan = attempt(input);
        if (typeof plan === 'string') return;
        expect(plan.pinnedChunks).toBeGreaterThanOrEqual(2);
        expect(plan.chunks.slabs - plan.pinnedChunks).toBeGreaterThanOrEqual(2);
        expect(plan.pinnedSmall).toBeGreaterThanOrEqual(1);
        expect(plan.small.slabs - plan.pinnedSmall).toBeGreaterThanOrEqual(2);
        expect(plan.bounce.slabs).toBeGreaterThanOrEqual(8);
        expect(plan.uploads.slabs).toBeGreaterThanOrEqual(1);
        expect(plan.connections.slabs).toBeGreaterThan(input.maxConnections);
      }),
    );
  });

  it('caches no more than it is told, nor more than there is', () => {
    fc.assert(
      fc.property(sizes, (input) => {
        const plan = attempt(input);
        if (typeof plan === 'string') return;
        const most = bytesOf(plan.chunks) + bytesOf(plan.small);
        expect(plan.cachedBytes).toBe(Math.min(input.memoryCacheBytes, most));
      }),
    );
  });

  it('names a budget and a chunk size that work when it refuses', () => {
    fc.assert(
      fc.property(sizes, (input) => {
        const message = attempt(input);
        if (typeof message !== 'string') return;
        const [, budget = '', chunk = ''] =
          /allowed is (\d+[A-Z]iB), or (\d+[A-Z]iB) for --chunk-size$/.exec(message) ?? [];
        const memoryBudgetBytes = parseBytes(budget) ?? Number.NaN;
        const chunkBytes = parseBytes(chunk) ?? Number.NaN;
        expect(attempt({ ...input, memoryBudgetBytes })).toBeTypeOf('object');
        expect(attempt({ ...input, chunkBytes })).toBeTypeOf('object');
        expect(memoryBudgetBytes).toBeGreaterThan(input.memoryBudgetBytes);
        expect(chunkBytes).toBeLessThan(input.chunkBytes);
        expect(chunkBytes % (64 * KiB)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('has room for chunks of 1MiB in every budget that is allowed', () => {
    fc.assert(
      fc.property(sizes, (input) => {
        expect(attempt({ ...input, chunkBytes: MiB })).toBeTypeOf('object');
      }),
    );
  });

  it('divides 256MiB as the manual says', () => {
    expect(planMemory({ ...defaults, memoryBudgetBytes: 256 * MiB })).toEqual({
      budgetBytes: 256 * MiB,
      chunks: { slabBytes: 8 * MiB, slabs: 25 },
      small: { slabBytes: 320 * KiB, slabs: 51 },
      bounce: { slabBytes: 64 * KiB, slabs: 256 },
      uploads: { slabBytes: 8 * MiB, slabs: 2 },
      connections: { slabBytes: 16 * KiB, slabs: 80 },
      pinnedChunks: 12,
      pinnedSmall: 25,
      cachedBytes: 25 * 8 * MiB + 51 * 320 * KiB,
    });
  });

  it('says which settings are at odds, by the names it is given', () => {
    const names = { memoryBudgetBytes: 'SLUICE_MEMORY_BUDGET', chunkBytes: '--chunk-size' };
    expect(() => planMemory({ ...defaults, memoryBudgetBytes: 32 * MiB }, names)).toThrow(
      'SLUICE_MEMORY_BUDGET 32MiB has room for 2 of the 4 chunks of 8MiB that are needed: ' +
        'allowed is 47MiB, or 4MiB for --chunk-size',
    );
  });
});

describe('defaultBudgetBytes', () => {
  it('is a quarter, from 64MiB to 512MiB, in whole MiB', () => {
    const cases = [128 * MiB, 256 * MiB, 1023 * MiB, GiB, 2 * GiB, 64 * GiB, Number.POSITIVE_INFINITY];
    expect(cases.map((memory) => defaultBudgetBytes(memory) / MiB)).toEqual([
      64, 64, 255, 256, 512, 512, 512,
    ]);
  });

  it('works with every other default', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4 * GiB }), (memoryBytes) => {
        const memoryBudgetBytes = defaultBudgetBytes(memoryBytes);
        expect(attempt({ ...defaults, memoryBudgetBytes })).toBeTypeOf('object');
      }),
    );
  });
});
