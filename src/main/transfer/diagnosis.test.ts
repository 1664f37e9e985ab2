import { describe, expect, it } from 'vitest';
import type { ChunkState, Slot } from '#shared/model.ts';
import { DiagnosisHistory } from './diagnosis.ts';

const slot = (state: ChunkState, ageMs = 1000): Slot => ({
  start: 0,
  bytes: 1,
  state,
  filledBytes: 0,
  sentBytes: 0,
  attempt: 1,
  ageMs,
});

function diagnose(states: readonly (ChunkState | Slot)[], isBudgetBound = false, looks = 20): string {
  const history = new DiagnosisHistory();
  const slots = states.map((state) => (typeof state === 'string' ? slot(state) : state));
  for (let look = 0; look < looks; look += 1) history.add(slots, { limit: 8, isBudgetBound });
  return history.diagnosis;
}

describe('diagnosis', () => {
  it.each([
    ['client-bound', ['draining', 'held', 'held', 'held']],
    ['head-of-line', ['waiting', 'held', 'held', 'held']],
    ['store-bound', ['waiting', 'receiving', 'waiting', 'queued']],
    ['healthy', ['draining', 'receiving', 'waiting', 'held']],
    ['healthy', []],
  ] as const)('says %s of %j', (expected, states) => {
    expect(diagnose(states)).toBe(expected);
  });

  it('a client that takes each chunk as it completes is not the bound', () => {
    expect(diagnose([slot('draining', 20), slot('held', 10)])).toBe('healthy');
  });

  it('says that the budget is the bound when the window has room and no chunk is to be had', () => {
    expect(diagnose(['draining', 'waiting'], true)).toBe('budget-bound');
  });

  it('says nothing before half a second of looks', () => {
    expect(diagnose(['held', 'held'], false, 4)).toBe('healthy');
  });
});
