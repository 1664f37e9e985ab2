import { describe, expect, it } from 'vitest';
import type { SettingState } from '#shared/contract/settings.ts';
import { MiB } from '#shared/units.ts';
import { checkDrafts, fieldText } from './drafts.ts';

const state = (
  name: SettingState['name'],
  value: string,
  more: Partial<SettingState> = {},
): SettingState => ({
  name,
  value,
  provenance: 'default',
  origin: '--flag',
  fallback: value,
  ...more,
});

const states: readonly SettingState[] = [
  state('memoryBudgetBytes', '256MiB'),
  state('chunkBytes', '8MiB'),
  state('window', '8'),
  state('maxConnections', '64'),
  state('memoryCacheBytes', ''),
  state('port', '7420', { provenance: 'flag' }),
  state('s3Region', '', { saved: 'eu-central-1' }),
];

const named = (name: string) => states.find((each) => each.name === name)!;

describe('drafts of settings', () => {
  it('change nothing until somebody types something else', () => {
    expect(checkDrafts(states, {}).changes).toEqual({});
    expect(checkDrafts(states, { s3Region: 'eu-central-1', window: '' }).changes).toEqual({});
  });

  it('are text to save, or nothing to save where the field was emptied', () => {
    const { changes, problems } = checkDrafts(states, { window: ' 4 ', s3Region: '' });
    expect(changes).toEqual({ window: '4', s3Region: null });
    expect(problems.size).toBe(0);
  });

  it('are checked as they are typed, in the words of the server', () => {
    const { changes, problems } = checkDrafts(states, { window: '65' });
    expect(changes).toEqual({});
    expect(problems.get('window')).toBe('Allowed is a whole number from 1 to 64.');
  });

  it('are checked together: a budget needs room for its chunks', () => {
    const { plan, problems } = checkDrafts(states, { memoryBudgetBytes: '40MiB' });
    expect(plan).toBeUndefined();
    expect(problems.get('memoryBudgetBytes')).toMatch(/^The budget 40MiB has room for \d of the 4 chunks/);
    expect(checkDrafts(states, { memoryBudgetBytes: '40MiB', chunkBytes: '1MiB' }).plan).toMatchObject({
      budgetBytes: 40 * MiB,
    });
  });

  it('show what is in force where something stronger decides, else what was saved', () => {
    expect(fieldText(named('port'), {})).toBe('7420');
    expect(fieldText(named('s3Region'), {})).toBe('eu-central-1');
    expect(fieldText(named('window'), {})).toBe('');
    expect(fieldText(named('window'), { window: '4' })).toBe('4');
  });
});
