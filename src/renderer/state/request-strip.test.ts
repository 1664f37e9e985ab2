import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRow } from '#shared/request-model.ts';
import { type Bar, outcomeOf, RequestStrip, stripRows } from './request-strip.ts';

function row(at: number, durationMs: number, status = 206): RequestRow {
  const rest = { seq: 0, method: 'GET', target: 'a', sentBytes: 1, client: '10.0.0.1', complete: true };
  return { ...rest, at, durationMs, status };
}

function barsOf(strip: RequestStrip): readonly Bar[] {
  const bars: Bar[] = [];
  strip.each(0, (bar) => bars.push(bar));
  return bars;
}

describe('RequestStrip', () => {
  it('lays bars that do not overlap in time into one row, and others beside each other', () => {
    const strip = new RequestStrip();
    strip.append([row(0, 100), row(200, 100), row(250, 60)]);
    const [first, second, third] = barsOf(strip);
    expect(first?.row).toBe(second?.row);
    expect(third?.row).not.toBe(second?.row);
  });

  it('never covers a bar while a row is free', () => {
    const ends = fc.array(fc.tuple(fc.nat(300), fc.nat(900)), { maxLength: 60 });
    fc.assert(
      fc.property(ends, (steps) => {
        const strip = new RequestStrip();
        let end = 10_000;
        strip.append(steps.map(([step, duration]) => row((end += step) - duration, duration)));
        const bars = barsOf(strip);
        for (const [index, bar] of bars.entries()) {
          const covered = bars
            .slice(0, index)
            .filter((other) => other.row === bar.row && other.to > bar.from);
          if (covered.length === 0) continue;
          const busy = new Set(
            bars
              .slice(0, index)
              .filter(({ to }) => to + 60 > bar.from)
              .map((each) => each.row),
          );
          expect(busy.size).toBeGreaterThanOrEqual(stripRows - 3);
        }
      }),
    );
  });

  it('keeps a fixed number, and numbers that never change', () => {
    const strip = new RequestStrip();
    const { byteLength } = strip;
    for (let batch = 0; batch < 100; batch += 1) {
      strip.append(Array.from({ length: 500 }, (_, index) => row(batch * 1000 + index, 5)));
    }
    expect(strip.next).toBe(50_000);
    expect(strip.next - strip.first).toBe(32_768);
    expect(barsOf(strip)).toHaveLength(32_768);
    expect(strip.byteLength).toBe(byteLength);
  });

  it('counts how requests of a stretch ended', () => {
    const strip = new RequestStrip();
    strip.append([row(0, 100), row(100, 100, 416), row(200, 100, 404), row(300, 100, 503), row(900, 50)]);
    expect(strip.count(100, 400)).toEqual({ fine: 0, refused: 1, failed: 2 });
    expect(strip.count(0, 10_000)).toEqual({ fine: 2, refused: 1, failed: 2 });
  });
});

describe('outcomeOf', () => {
  it('lets stand out what an operator looks for', () => {
    expect([200, 206, 304, 404, 403, 412, 416, 500, 503].map(outcomeOf)).toEqual([
      'fine',
      'fine',
      'fine',
      'refused',
      'refused',
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
  });
});
