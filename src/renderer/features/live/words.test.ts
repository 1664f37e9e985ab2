import { describe, expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';
import { laneRecord, slotRecord } from '../../state/fixtures.ts';
import { formatClock, formatShare, statusWord } from '../../ui/format.ts';
import { fullCell, smallCell, stripLayout } from './cells.ts';
import { countSlots, slotSummary } from './lane-words.ts';
import { niceTop } from './memory-chart.ts';
import { splitObject } from './object-name.tsx';

describe('slotSummary', () => {
  it('counts what is held, comes and is awaited', () => {
    const states = ['draining', 'held', 'held', 'receiving', 'waiting', 'queued', 'retry'] as const;
    const lane = laneRecord(1, { slots: states.map(slotRecord) });
    expect(slotSummary(countSlots(lane), 16)).toBe('held 2 · recv 1 · wait 3 / 16');
  });

  it('does not keep a failure to itself', () => {
    const lane = laneRecord(1, { slots: [slotRecord('failed')] });
    expect(slotSummary(countSlots(lane), 8)).toBe('held 0 · recv 0 · wait 0 · failed 1 / 8');
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
    expect(stripLayout(16)).toEqual({ size: fullCell, perRow: 16, height: 20 });
    expect(stripLayout(17).height).toBe(42);
    expect(stripLayout(64)).toEqual({ size: smallCell, perRow: 32, height: 26 });
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
