import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSluiceError } from './errors.ts';
import { defaultMemoryCacheBytes, planMemory, type ArenaPlan, type MemoryPlan } from './memory-plan.ts';
import { GiB, KiB, MiB, parseBytes } from './units.ts';

const budgets = fc.integer({ min: 32, max: 1024 }).map((size) => size * MiB);
const sizes = fc
  .record({
    memoryBudgetBytes: fc.oneof(budgets, fc.integer({ min: 32 * MiB, max: 64 * GiB })),
    cacheShare: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    chunkBytes: fc.integer({ min: 4, max: 1024 }).map((steps) => steps * 64 * KiB),
  })
  .map(({ memoryBudgetBytes, cacheShare, chunkBytes }) => ({
    memoryBudgetBytes,
    chunkBytes,
    memoryCacheBytes:
      cacheShare === null
        ? defaultMemoryCacheBytes(memoryBudgetBytes)
        : Math.floor(cacheShare * memoryBudgetBytes),
  }));

const bytesOf = (arena: ArenaPlan) => arena.slabBytes * arena.slabs;
const sum = (plan: MemoryPlan) =>
  [plan.pieces, plan.chunks, plan.cacheChunks, plan.cachePieces, plan.uploads]
    .map(bytesOf)
    .reduce((total, bytes) => total + bytes, 0);

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
        expect(bytesOf(plan.cacheChunks) + bytesOf(plan.cachePieces)).toBeLessThanOrEqual(
          input.memoryCacheBytes,
        );
        expect(plan.chunks.slabs).toBeGreaterThanOrEqual(2);
        expect(plan.pieces.slabs).toBeGreaterThanOrEqual(1);
        expect(plan.uploads.slabs).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('names a budget that works when it refuses one', () => {
    fc.assert(
      fc.property(sizes, (input) => {
        const message = attempt(input);
        if (typeof message !== 'string') return;
        const remedy = /allowed is (\d+[A-Z]iB), or /.exec(message)?.[1];
        const memoryBudgetBytes = parseBytes(remedy ?? '') ?? Number.NaN;
        const follows = input.memoryCacheBytes === defaultMemoryCacheBytes(input.memoryBudgetBytes);
        const memoryCacheBytes = follows
          ? defaultMemoryCacheBytes(memoryBudgetBytes)
          : input.memoryCacheBytes;
        // Beyond the largest budget there is none to name.
        const outcome =
          remedy === undefined
            ? message.includes('allowed is a smaller --chunk-size')
            : typeof attempt({ ...input, memoryBudgetBytes, memoryCacheBytes }) === 'object';
        expect(outcome).toBe(true);
      }),
    );
  });

  it('works with the defaults of every size of budget that is allowed', () => {
    fc.assert(
      fc.property(budgets, (memoryBudgetBytes) => {
        const memoryCacheBytes = defaultMemoryCacheBytes(memoryBudgetBytes);
        expect(attempt({ memoryBudgetBytes, memoryCacheBytes, chunkBytes: MiB })).toBeTypeOf('object');
      }),
    );
  });

  it('says which settings are at odds, by the names it is given', () => {
    const names = {
      memoryBudgetBytes: 'SLUICE_MEMORY_BUDGET',
      memoryCacheBytes: 'memoryCacheBytes',
      chunkBytes: '--chunk-size',
    };
    const input = { memoryBudgetBytes: 32 * MiB, memoryCacheBytes: 8 * MiB, chunkBytes: 8 * MiB };
    expect(() => planMemory(input, names)).toThrow(
      'SLUICE_MEMORY_BUDGET 32MiB leaves no room for two chunks of 8MiB beside a memory cache of 8MiB: ' +
        'allowed is 39MiB, or a smaller --chunk-size or memoryCacheBytes',
    );
  });
});
