import { describe, expect, it } from 'vitest';
import { poolStates } from '#shared/vocabulary/live.ts';
import { formatClock, formatShare, MiB } from '#shared/units.ts';
import { frameRecord, laneRecord, slotRecord } from '../../state/fixtures.ts';
import { statusWord } from '../../ui/status-word.ts';
import { budgetParts, budgetShares } from './budget-parts.ts';
import { fullCell, smallCell, stripLayout } from './cells.ts';
import { countSlots, evidence, slotSummary } from './lane-words.ts';
import { niceTop } from './memory-chart.ts';
import { splitObject } from '#shared/object-name.ts';
import { storeFigures } from './store-line.tsx';

describe('slotSummary', () => {
  it('counts what is held, comes and is awaited', () => {
    const states = ['draining', 'held', 'held', 'receiving', 'waiting', 'queued', 'retry'] as const;
    const lane = laneRecord(1, { slots: states.map(slotRecord) });
    expect(slotSummary(countSlots(lane))).toBe('held 2 · recv 1 · wait 3');
  });

  it('does not keep a failure to itself', () => {
    const lane = laneRecord(1, { slots: [slotRecord('failed')] });
    expect(slotSummary(countSlots(lane))).toBe('held 0 · recv 0 · wait 0 · failed 1');
  });
});

describe('evidence', () => {
  it('has the numbers that a diagnosis is drawn from', () => {
    const lane = laneRecord(1, {
      slots: [slotRecord('draining')],
      heldBytes: 2 * MiB,
      window: 1,
      drainBytesPerSecond: 512,
      blockedMs: 2400,
      starvedShare: 0.02,
      mode: 'bounce',
    });
    expect(evidence(lane)).toEqual([
      'held 0 · recv 0 · wait 0, 2 MiB in memory, window 1 / 8',
      'in 0 B/s → out 0 B/s, drains 512 B/s · starved 2 %',
      'socket blocked for 2.4 s, waits for no slab, bounce',
    ]);
  });
});

describe('the budget', () => {
  it.each([
    ['bar', budgetParts.map(({ state }) => state)],
    ['figures', budgetShares.flatMap(({ states }) => states)],
  ])('has every byte once in its %s', (_, states) => {
    expect(states.toSorted()).toEqual([...poolStates].sort());
  });
});

describe('storeFigures', () => {
  const { store } = frameRecord(0).engine;
  const textsOf = (more: Partial<typeof store>) =>
    Object.fromEntries(storeFigures({ store: { ...store, ...more } }).map(({ name, text }) => [name, text]));

  it('sums up a busy store', () => {
    const busy = {
      limit: 12,
      active: 9,
      waiting: { small: 1, demand: 2, ahead: 30 },
      hedges: { launched: 5, won: 2, lost: 3, refused: 1 },
      retries: { STORE_STALLED: 3, STORE_UNAVAILABLE: 1 },
      firstByteMs: { p50: 20, p95: 80, p99: 703 },
    };
    const texts = { Q: '12', active: '9', waiting: '33', hedges: '2 / 5', retries: '4', p99: '703 ms' };
    expect(textsOf(busy)).toEqual(texts);
  });

  it('makes no 0 of what is not known yet', () => {
    expect(textsOf({})).toMatchObject({ p99: '–' });
  });
});

describe('splitObject', () => {
  it.each([
    { name: '/git/github.com/acme/app/snapshot.tar.zst', main: 'acme/app', rest: '/snapshot.tar.zst' },
    { name: '/objects/builds/42.tar', main: 'builds/42.tar', rest: '' },
    { name: 'snapshot.tar.zst', main: 'snapshot.tar.zst', rest: '' },
    { name: '/', main: '/', rest: '' },
  ])('$name', ({ name, main, rest }) => {
    expect(splitObject(name)).toEqual({ main, rest });
  });
});

describe('stripLayout', () => {
  it('wraps at sixteen and draws a wide window small', () => {
    expect(stripLayout(16)).toEqual({ size: fullCell, perRow: 16, width: 254, height: 20 });
    expect(stripLayout(17).height).toBe(42);
    expect(stripLayout(64)).toEqual({ size: smallCell, perRow: 32, width: 254, height: 26 });
  });
});

describe('niceTop', () => {
  it.each([0, 1, 100 * MiB, 255 * MiB, 512 * MiB, 3000 * MiB])('leaves some air above %d', (bytes) => {
    expect(niceTop(bytes)).toBeGreaterThan(bytes);
    expect(niceTop(bytes)).toBeLessThanOrEqual(Math.max(16 * MiB, bytes * 1.35));
  });
});

describe('words', () => {
  it('has one for each status, known or not', () => {
    expect([206, 416, 599, 299].map(statusWord)).toEqual(['Partial', 'Unsatisfiable', 'Failed', 'OK']);
  });

  it('writes times and shares', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
    expect(formatClock(at)).toBe('03:04:05.006');
    expect(formatShare(412, 512)).toBe('80 %');
    expect(formatShare(1, 0)).toBe('0 %');
  });
});
