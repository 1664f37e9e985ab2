import { describe, expect, it } from 'vitest';
import type { Slot } from '#shared/model.ts';
import type { ChunkState } from '#shared/vocabulary/live.ts';
import { DiagnosisHistory, lookIntervalMs, type View } from './diagnosis.ts';

const slot = (state: ChunkState, ageMs = 1000): Slot => ({
  start: 0,
  bytes: 1,
  state,
  filledBytes: 0,
  sentBytes: 0,
  attempt: 1,
  ageMs,
});

interface Case extends Partial<View> {
  readonly looks?: number;
}

function diagnose(
  states: readonly (ChunkState | Slot)[],
  { looks = 20, blockedMs = 0, isWaiting = false }: Case = {},
): string {
  const history = new DiagnosisHistory();
  const slots = states.map((state) => (typeof state === 'string' ? slot(state) : state));
  for (let look = 0; look < looks; look += 1) history.add({ slots, blockedMs, isWaiting });
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

  it('says that the client is the bound when its socket has bytes and takes none', () => {
    expect(diagnose([slot('draining', 20)], { blockedMs: 400 })).toBe('client-bound');
  });

  it('says that the budget is the bound when the transfer waits for a slab, also with chunks read ahead', () => {
    expect(diagnose([], { isWaiting: true })).toBe('budget-bound');
    expect(diagnose(['held', 'held'], { isWaiting: true })).toBe('budget-bound');
  });

  it('says that the disk is the bound when the present chunk is being read from it', () => {
    expect(diagnose([{ ...slot('waiting'), tier: 'disk' }])).toBe('disk-bound');
  });

  it.each([
    ['one that has read well for long', 100],
    ['one that has never read', 0],
  ])('names a client that stops within three seconds of looks: %s', (_, looksBefore) => {
    const history = new DiagnosisHistory();
    const healthy = { slots: [slot('draining', 20), slot('receiving')], blockedMs: 0, isWaiting: false };
    for (let look = 0; look < looksBefore; look += 1) history.add(healthy);
    let sinceMs = 0;
    // What was on its way arrives, and stays.
    for (; history.diagnosis !== 'client-bound' && sinceMs < 10_000; sinceMs += lookIntervalMs)
      history.add({
        slots: [slot('draining', sinceMs), slot('held', sinceMs)],
        blockedMs: sinceMs,
        isWaiting: false,
      });
    expect(sinceMs).toBeGreaterThan(0);
    expect(sinceMs).toBeLessThanOrEqual(3000);
  });

  it('says nothing before half a second of looks', () => {
    expect(diagnose(['held', 'held'], { looks: 4 })).toBe('healthy');
  });
});
