import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordingEvent } from '#shared/recording/records.ts';
import { momentsOf, shareOf, stripOf } from './strip-layout.ts';

const blocksOf = (spans: readonly (readonly [number, number, number])[]) => ({
  firstAt: spans.map(([from]) => from),
  lastAt: spans.map(([, to]) => to),
  bytes: spans.map(([, , bytes]) => bytes),
  records: spans.map(() => 1),
});

describe('stripOf', () => {
  it('is nothing for nothing', () => {
    expect(stripOf(blocksOf([]), 10)).toBeUndefined();
  });

  it('is full where most was written, low where little was, and unknown where there is no block', () => {
    const strip = stripOf(
      blocksOf([
        [0, 2000, 100],
        [2000, 4000, 50],
        // Nothing is known from 4 to 16 seconds.
        [16_000, 18_000, 100],
        // Two seconds without a block are quiet, not unknown.
        [20_000, 20_000, 0],
      ]),
      10,
    );
    expect(strip?.levels.slice(3, 8).every((level) => level < 0)).toBe(true);
    expect(strip?.levels[0]).toBeGreaterThan(0);
    expect(strip?.levels.at(-1)).toBeGreaterThanOrEqual(0);
  });

  it('has every level from 0 to 1 or unknown, and one that is 1, whatever the blocks are', () => {
    const spans = fc.array(
      fc.tuple(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 1, max: 1e6 }),
      ),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 200 }), (steps, parts) => {
        let at = 1_700_000_000_000;
        const blocks = blocksOf(
          steps.map(([gap, span, bytes]) => {
            at += gap + span;
            return [at - span, at, bytes] as const;
          }),
        );
        const { levels = [] } = stripOf(blocks, parts) ?? {};
        expect(levels).toHaveLength(parts);
        expect(levels.every((level) => level === -1 || (level >= 0 && level <= 1))).toBe(true);
        expect(Math.max(...levels)).toBeCloseTo(1);
      }),
    );
  });
});

describe('shareOf', () => {
  it('is where an instant lies, and nothing beside the line', () => {
    const line = { firstAt: 1000, lastAt: 3000 };
    expect([1000, 2000, 3000].map((at) => shareOf(at, line))).toEqual([0, 0.5, 1]);
    expect([999, 3001].map((at) => shareOf(at, line))).toEqual([undefined, undefined]);
  });
});

describe('momentsOf', () => {
  it('has each alert once, as it was last, among the marks in the order of their times', () => {
    const alert = (at: number, state: 'firing' | 'resolved'): RecordingEvent => ({
      kind: 'alert',
      at,
      alert: { id: 'a', rule: 'loop-delay', state, at: 2000, value: 1, threshold: 1, text: 'late' },
    });
    const mark: RecordingEvent = { kind: 'mark', at: 2500, mark: { id: 'm', at: 1500, note: '' } };
    const moments = momentsOf([alert(2000, 'firing'), mark, alert(4000, 'resolved')]);
    expect(moments.map(({ id, at }) => [id, at])).toEqual([
      ['m', 1500],
      ['a', 2000],
    ]);
    expect(moments[1]?.event).toEqual(alert(4000, 'resolved'));
  });
});
