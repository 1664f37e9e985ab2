import { describe, expect, it } from 'vitest';
import { ColumnClock } from './columns.ts';
import { frameRecord, memoryRecord } from './fixtures.ts';
import { figuresOf, MemoryHistory, unaccountedBytes } from './memory-history.ts';

const start = 1_000_000;

function history() {
  const clock = new ColumnClock();
  const memory = new MemoryHistory(clock);
  const at = (afterMs: number, ledgerBytes: number, requests = 0): void => {
    const before = clock.latest;
    const advance = clock.advance(start + afterMs);
    const frame = frameRecord(start + afterMs, { memory: memoryRecord({ ledgerBytes }) });
    memory.record(frame, advance, { requests, failures: 0, isNewColumn: advance.column !== before });
  };
  return { clock, memory, at };
}

describe('MemoryHistory', () => {
  it('carries values over a late frame, but counts nothing twice', () => {
    const { memory, at } = history();
    at(0, 10, 4);
    at(300, 20, 5);
    expect([0, 1, 2, 3].map((column) => memory.value('ledger', 10_000 + column))).toEqual([10, 10, 10, 20]);
    expect(memory.sum('requests', 10_000, 10_003)).toBe(9);
  });

  it('adds up what finished within one column', () => {
    const { memory, at } = history();
    at(0, 10, 4);
    at(20, 10, 5);
    expect(memory.sum('requests', 10_000, 10_000)).toBe(9);
  });

  it('finds the fullest column and has none in a gap', () => {
    const { memory, at } = history();
    at(0, 10);
    at(100, 90);
    at(200, 30);
    at(60_000, 5);
    expect(memory.peakColumn(10_000, 10_002)).toBe(10_001);
    expect(memory.peakColumn(10_100, 10_500)).toBe(-1);
    expect(memory.peakColumn(9000, 9500)).toBe(-1);
    expect(memory.peakColumn(10_000, 10_600)).toBe(10_001);
  });
});

describe('figuresOf', () => {
  it('never makes 0 of what the runtime does not report', () => {
    const figures = figuresOf(memoryRecord({ ledgerBytes: 10 }));
    expect(figures.rss).toBeNaN();
    expect(figures.heap).toBeNaN();
    expect(figures.external).toBeNaN();
    expect(unaccountedBytes(figures)).toBeNaN();
  });

  it('adds up: RSS is ledger, heap, other external and the unaccounted rest', () => {
    const reported = { rssBytes: 100, heapUsedBytes: 20, externalBytes: 5, ledgerBytes: 50 };
    const figures = figuresOf(memoryRecord({ ...reported, byState: { held: 30, queued: 15, retry: 5 } }));
    expect(figures).toMatchObject({ held: 30, reserved: 20, external: 5 });
    expect(unaccountedBytes(figures)).toBe(25);
  });
});
