import { describe, expect, it } from 'vitest';
import { columnCapacity, ColumnClock, columnKinds } from './columns.ts';

const start = 1_000_000;

describe('ColumnClock', () => {
  it('carries a short delay and calls a long one a gap', () => {
    const clock = new ColumnClock();
    clock.advance(start);
    expect(clock.advance(start + 100)).toEqual({ column: 10_001, skipped: 0, kind: 'data' });
    expect(clock.advance(start + 400)).toEqual({ column: 10_004, skipped: 2, kind: 'carried' });
    expect(clock.kind(10_003)).toBe(columnKinds.carried);
    expect(clock.advance(start + 60_400)).toMatchObject({ skipped: 599, kind: 'gap' });
    expect(clock.kind(10_300)).toBe(columnKinds.gap);
    expect(clock.kind(10_604)).toBe(columnKinds.data);
  });

  it('keeps jitter in the newest column and starts over when the clock was set back', () => {
    const clock = new ColumnClock();
    clock.advance(start);
    expect(clock.advance(start - 100)).toMatchObject({ column: 10_000, kind: 'data' });
    expect(clock.advance(start - 60_000)).toMatchObject({ column: 9400, kind: 'restart' });
    expect(clock.first).toBe(9400);
  });

  it('forgets what is older than its capacity', () => {
    const clock = new ColumnClock();
    for (let tick = 0; tick < columnCapacity + 50; tick += 1) clock.advance(start + tick * 100);
    expect(clock.first).toBe(10_050);
    expect(clock.kind(10_049)).toBe(columnKinds.empty);
    expect(clock.kind(10_050)).toBe(columnKinds.data);
  });

  it('survives a pause longer than the whole history', () => {
    const clock = new ColumnClock();
    clock.advance(start);
    const { column, kind } = clock.advance(start + columnCapacity * 1000);
    expect(kind).toBe('gap');
    expect(clock.kind(clock.first)).toBe(columnKinds.gap);
    expect(clock.kind(column)).toBe(columnKinds.data);
  });
});
