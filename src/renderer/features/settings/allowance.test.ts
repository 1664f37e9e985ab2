import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planMemory } from '#shared/memory-plan.ts';
import { MiB } from '#shared/units.ts';
import { sentencesOf, sharesOf } from './allowance.ts';

const plan = (budgetMiB: number, chunkBytes = 8 * MiB) =>
  planMemory({
    memoryBudgetBytes: budgetMiB * MiB,
    memoryCacheBytes: budgetMiB * MiB,
    chunkBytes,
    maxConnections: 64,
  });

describe('what a budget allows', () => {
  it('adds up to the budget, whatever the budget', () => {
    assert(
      property(integer({ min: 64, max: 4096 }), (budgetMiB) => {
        const shares = sharesOf(plan(budgetMiB));
        expect(shares.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(budgetMiB * MiB);
        expect(shares.every(({ bytes }) => bytes >= 0)).toBe(true);
      }),
    );
  });

  it('is said in the numbers of the plan', () => {
    expect(sentencesOf(plan(256), 8)).toEqual([
      'One fast client reads ahead up to 8 chunks, 64 MiB.',
      '3 clients at a time have room for a full window; more share what there is, each with at least one chunk in turn.',
      'Up to 256 transfers at a time; further ones wait a second and are then asked to come again.',
      'Slow clients hold at most 12 chunks, 96 MiB; the rest stays in motion.',
    ]);
  });

  it('says when a full window does not fit', () => {
    expect(sentencesOf(plan(64), 8)[1]).toBe(
      'A full window of 8 chunks does not fit: one client has at most 5 chunks.',
    );
  });
});
