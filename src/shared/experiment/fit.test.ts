import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GiB, KiB, MiB } from '#shared/units.ts';
import { expectedBytes, misfit, neededBytes } from './fit.ts';
import { formulaBytes, formulaFigures, variants } from './formula.ts';
import {
  experimentPlanSchema,
  planLimits,
  quickPlan,
  readerSpeeds,
  shortestMs,
  standardPlan,
} from './plan.ts';

const names = {
  objectBytes: '--size',
  readers: '--readers',
  speeds: '--speed',
  chunkBytes: '--chunk-size',
  budgetBytes: '--budget',
  ceilingBytes: '--ceiling',
};

const plans = fc.record({
  objectBytes: fc.integer({ min: MiB, max: 16 * GiB }),
  readers: fc.integer({ min: 1, max: 64 }),
  speeds: fc.array(fc.integer({ min: 64 * KiB, max: 4 * GiB }), { minLength: 1, maxLength: 16 }),
  chunkBytes: fc.integer({ min: 4, max: 1024 }).map((steps) => steps * 64 * KiB),
  workers: fc.integer({ min: 1, max: 32 }),
  budgetBytes: fc.integer({ min: 32 * MiB, max: 16 * GiB }),
  ceilingBytes: fc.integer({ min: 128 * MiB, max: 64 * GiB }),
  firstByteMs: fc.integer({ min: 0, max: 2000 }),
  storeBytesPerSecond: fc.integer({ min: 64 * KiB, max: 4 * GiB }),
});

describe('the formulas', () => {
  it('are those of the incident', () => {
    expect(variants.map((variant) => formulaBytes(standardPlan, variant))).toEqual([
      2 * GiB,
      512 * MiB,
      128 * MiB,
    ]);
    expect(formulaFigures(standardPlan, 'windowed')).toBe('2 × 8 × 4 MiB × 8');
  });

  it('have a window of no more than the object', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(formulaBytes(plan, 'windowed')).toBeLessThanOrEqual(formulaBytes(plan, 'unbounded'));
      }),
    );
    expect(formulaFigures({ ...standardPlan, objectBytes: 32 * MiB }, 'windowed')).toBe('32 MiB × 8');
  });
});

describe('whether an experiment fits', () => {
  it('is so for the standard and the quick one on a laptop, in less than a minute', () => {
    for (const plan of [standardPlan, quickPlan]) {
      expect(experimentPlanSchema.parse(plan)).toEqual(plan);
      expect(misfit(plan, 2 * GiB, names)).toBeUndefined();
      expect(2 * shortestMs(plan)).toBeLessThan(50_000);
    }
  });

  it('is not so beyond the memory that is there, and says what fits', () => {
    expect(misfit(standardPlan, 1024 * MiB, names)).toBe(
      'up to 1.41 GiB of memory would be taken, and 1 GiB are available: --ceiling 608MiB fits',
    );
    expect(misfit({ ...standardPlan, ceilingBytes: 608 * MiB }, 1024 * MiB, names)).toBeUndefined();
    expect(misfit(standardPlan, 100 * MiB, names)).toBe(
      'up to 1.41 GiB of memory would be taken, and 100 MiB are available: the smallest experiment takes 608 MiB',
    );
  });

  it('is never so when more memory is expected than there is, and a fitting ceiling fits', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: 0, max: 64 * GiB }), (plan, availableBytes) => {
        const sentence = misfit(plan, availableBytes, names);
        // Sluice is not ended by what is meant for the others.
        const isFitting =
          neededBytes(plan) <= availableBytes &&
          variants.every((variant) => expectedBytes(plan, variant) <= availableBytes) &&
          plan.ceilingBytes > plan.budgetBytes;
        expect(sentence === undefined ? isFitting : sentence.length > 0).toBe(true);
        const ceiling = /: --ceiling (\d+)(MiB|GiB) fits$/.exec(sentence ?? '');
        const ceilingBytes = Number(ceiling?.[1]) * (ceiling?.[2] === 'GiB' ? GiB : MiB);
        expect(
          ceiling ? misfit({ ...plan, ceilingBytes }, availableBytes, names) : undefined,
        ).toBeUndefined();
      }),
    );
  });

  it('is not so for hours', () => {
    expect(misfit({ ...standardPlan, speeds: [64 * KiB] }, 64 * GiB, names)).toMatch(
      /^the slowest reader would take 1 h 08 m for the object: a slowest speed of 1MiB \(--speed\) or an object of 56MiB/,
    );
  });

  it('looks at every figure', () => {
    for (const name of Object.keys(planLimits)) {
      if (name === 'bytesPerSecond') continue;
      expect(experimentPlanSchema.safeParse({ ...standardPlan, [name]: 1e15 }).success).toBe(false);
    }
  });
});

it('readers have the speeds in turns', () => {
  expect(readerSpeeds({ ...standardPlan, readers: 5, speeds: [1, 2] })).toEqual([1, 2, 1, 2, 1]);
});
