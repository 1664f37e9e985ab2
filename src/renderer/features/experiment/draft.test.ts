import { describe, expect, it } from 'vitest';
import { experimentPlanSchema, quickPlan, standardPlan } from '#shared/experiment/plan.ts';
import { MiB } from '#shared/units.ts';
import { draftFields, readDraft, withoutDraft } from './draft.ts';

describe('the form of an experiment', () => {
  it('begins with the standard plan, or with the quick one', () => {
    expect(readDraft({})).toMatchObject({ base: 'standard', plan: standardPlan, problems: {} });
    expect(readDraft({ plan: 'quick' })).toMatchObject({ base: 'quick', plan: quickPlan, problems: {} });
  });

  it('reads back what it writes', () => {
    for (const plan of [standardPlan, quickPlan]) {
      const params = Object.fromEntries(draftFields.map(({ name, written }) => [name, written(plan)]));
      const { plan: read, problems } = readDraft(params);
      expect(problems).toEqual({});
      expect({ ...read, storeBytesPerSecond: plan.storeBytesPerSecond }).toEqual(plan);
    }
  });

  it('takes what can be read, and says what cannot', () => {
    const draft = readDraft({
      size: '64MiB',
      readers: '0',
      speeds: '1MiB,fast',
      chunk: '1TiB',
      workers: 'x',
    });
    expect(draft.plan).toEqual({ ...standardPlan, objectBytes: 64 * MiB });
    expect(draft.problems).toEqual({
      readers: 'From 1 to 64',
      speeds: 'Sizes with commas, as 4MiB, 16MiB',
      chunk: 'From 256KiB to 64MiB',
      workers: 'From 1 to 32',
    });
    expect(draft.texts['speeds']).toBe('1MiB,fast');
    expect(experimentPlanSchema.safeParse(draft.plan).success).toBe(true);
  });

  it('begins anew without touching what else is in the address', () => {
    expect(withoutDraft({ plan: 'quick', size: '1MiB', as: 'tables' })).toEqual({ as: 'tables' });
  });
});
