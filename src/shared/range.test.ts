import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange, resolveRange, type ByteRange, type RangeLimits } from './range.ts';

const resolve = (header: string, length: number, limits?: RangeLimits) =>
  resolveRange(parseRange(header), length, limits);

/** The ranges as pairs, or what there is instead. */
const spans = (...asked: Parameters<typeof resolve>) => {
  const resolution = resolve(...asked);
  return resolution.kind === 'partial'
    ? resolution.ranges.map(({ start, end }) => [start, end])
    : resolution.kind;
};

const beyond = 2n ** 53n;
const googol = `1${'0'.repeat(100)}`;

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', [{ kind: 'bounded', first: 0n, last: 0n }]],
    ['bytes=007-08', [{ kind: 'bounded', first: 7n, last: 8n }]],
    ['bytes=5-', [{ kind: 'open', first: 5n }]],
    ['bytes=-5', [{ kind: 'suffix', length: 5n }]],
    ['bytes=-0', [{ kind: 'suffix', length: 0n }]],
    ['BYTES=1-2', [{ kind: 'bounded', first: 1n, last: 2n }]],
    [' \tbytes=1-2 ', [{ kind: 'bounded', first: 1n, last: 2n }]],
    [`bytes=${beyond + 1n}-`, [{ kind: 'open', first: beyond + 1n }]],
    [
      'bytes=0-1 ,\t, -3,',
      [
        { kind: 'bounded', first: 0n, last: 1n },
        { kind: 'suffix', length: 3n },
      ],
    ],
  ])('reads %j', (header, specs) => {
    expect(parseRange(header)).toEqual(specs);
  });

  it.each(
    [
      [
        undefined,
        '',
        'bytes',
        'bytes=',
        'bytes=,',
        'bytes= ',
        'bytes=-',
        'bytes=a-b',
        'bytes=1',
        'bytes=1-2-3',
      ],
      [
        'bytes=2-1',
        'bytes=0-1,2-1',
        'bytes=0-1,x',
        'bytes=1 - 2',
        'bytes=0-1;2-3',
        'bytes=0x0-1',
        'bytes=+0-1',
      ],
      [
        'bytes =0-1',
        'bytes:0-1',
        'items=0-1',
        'bytes=٣-٤',
        'bytes=1e1-2e1',
        'bytes=0-1, bytes=2-3',
        'bytes=--1',
      ],
    ].flat(),
  )('ignores %j', (header) => {
    expect(parseRange(header)).toBeUndefined();
  });
});

describe('resolveRange', () => {
  it.each([
    ['bytes=0-9', 100, [[0, 10]]],
    ['bytes=99-99', 100, [[99, 100]]],
    ['bytes=90-100', 100, [[90, 100]]],
    ['bytes=90-', 100, [[90, 100]]],
    ['bytes=-10', 100, [[90, 100]]],
    ['bytes=-100', 100, [[0, 100]]],
    ['bytes=-101', 100, [[0, 100]]],
    ['bytes=0-0', 1, [[0, 1]]],
    [`bytes=0-${googol}`, 100, [[0, 100]]],
    [`bytes=-${googol}`, 100, [[0, 100]]],
    ['bytes=100-', 100, 'unsatisfiable'],
    ['bytes=100-200', 100, 'unsatisfiable'],
    [`bytes=${beyond + 1n}-${beyond + 2n}`, 100, 'unsatisfiable'],
    [`bytes=${googol}-`, Number.MAX_SAFE_INTEGER, 'unsatisfiable'],
    [`bytes=${beyond - 2n}-${beyond}`, Number.MAX_SAFE_INTEGER, [[2 ** 53 - 2, 2 ** 53 - 1]]],
    ['bytes=-0', 100, 'unsatisfiable'],
    ['bytes=-0,200-', 100, 'unsatisfiable'],
    ['bytes=0-0', 0, 'unsatisfiable'],
    ['bytes=0-', 0, 'unsatisfiable'],
    ['bytes=-0', 0, 'unsatisfiable'],
    ['bytes=-1', 0, 'full'],
    ['bytes=200-,0-4', 100, [[0, 5]]],
    ['lines=0-4', 100, 'full'],
    [`bytes=${'0-0,'.repeat(16)}`, 100, [[0, 1]]],
    [`bytes=${'0-0,'.repeat(17)}`, 100, 'full'],
  ])('%s of %d bytes', (header, length, expected) => {
    expect(spans(header, length)).toEqual(expected);
  });

  it.each([
    [
      'bytes=80-89,0-9',
      [
        [80, 90],
        [0, 10],
      ],
    ],
    ['bytes=0-9,10-19', [[0, 20]]],
    ['bytes=10-19,0-9', [[0, 20]]],
    [
      'bytes=0-9,11-19',
      [
        [0, 10],
        [11, 20],
      ],
    ],
    ['bytes=0-50,10-19', [[0, 51]]],
    [
      'bytes=60-69,40-49,65-79',
      [
        [60, 80],
        [40, 50],
      ],
    ],
    [
      'bytes=60-69,40-49,35-45,-5',
      [
        [60, 70],
        [35, 50],
        [95, 100],
      ],
    ],
    ['bytes=90-,0-,-5', [[0, 100]]],
  ])('joins and orders %s', (header, expected) => {
    expect(spans(header, 100, { maxRanges: 16, joinGapBytes: 0 })).toEqual(expected);
  });

  it('joins ranges that a part header would cost more to separate', () => {
    expect(spans('bytes=0-9,90-99', 1000)).toEqual([[0, 100]]);
    expect(spans('bytes=0-9,91-99', 1000)).toEqual([
      [0, 10],
      [91, 100],
    ]);
  });
});

const position = fc.bigInt({ min: 0n, max: 3000n });
const member = fc.oneof(
  fc.tuple(position, position).map(([a, b]) => (a < b ? `${a}-${b}` : `${b}-${a}`)),
  position.map((first) => `${first}-`),
  position.map((count) => `-${count}`),
);
const members = fc.array(member, { minLength: 1, maxLength: 12 });
const length = fc.nat(2000);
const joinGapBytes = fc.nat(100);

/** What the members ask for, byte by byte, without sharing an idea with the code under test. */
function asked(list: readonly string[], size: number): Set<number> {
  const wanted = new Set<number>();
  for (const text of list) {
    const [first = '', last = ''] = text.split('-');
    for (let at = 0; at < size; at += 1) {
      const inside =
        first === '' ? at >= size - Number(last) : at >= Number(first) && (last === '' || at <= Number(last));
      if (inside) wanted.add(at);
    }
  }
  return wanted;
}

const covers = (ranges: readonly ByteRange[], at: number) =>
  ranges.some(({ start, end }) => at >= start && at < end);

/** A header may hold any of these. */
const latin1 = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));

const resolveAll = (list: readonly string[], size: number, joinGapBytes: number) => {
  const resolution = resolveRange(parseRange(`bytes=${list.join(',')}`), size, {
    maxRanges: 12,
    joinGapBytes,
  });
  return resolution.kind === 'partial' ? resolution.ranges : [];
};

describe('resolveRange, whatever is asked', () => {
  it('covers every byte asked, and adds no more than the gaps it joins', () => {
    fc.assert(
      fc.property(members, length, joinGapBytes, (list, size, gap) => {
        const ranges = resolveAll(list, size, gap);
        const wanted = asked(list, size);
        const missed = [...wanted].filter((at) => !covers(ranges, at));
        const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
        expect(missed).toEqual([]);
        expect(total).toBeLessThanOrEqual(
          Math.min(size, wanted.size + gap * Math.max(0, list.length - ranges.length)),
        );
      }),
    );
  });

  it('gives ranges inside the representation that are further apart than the gap', () => {
    fc.assert(
      fc.property(members, length, joinGapBytes, (list, size, gap) => {
        let free = 0;
        for (const { start, end } of resolveAll(list, size, gap).toSorted((a, b) => a.start - b.start)) {
          expect(start).toBeGreaterThanOrEqual(free);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(size);
          free = end + gap + 1;
        }
      }),
    );
  });

  it('keeps the order asked', () => {
    fc.assert(
      fc.property(members, length, (list, size) => {
        const earliest = resolveAll(list, size, 0).map((range) =>
          list.findIndex((text) => [...asked([text], size)].some((at) => covers([range], at))),
        );
        expect(earliest).toEqual(earliest.toSorted((a, b) => a - b));
      }),
    );
  });

  it('has an answer to any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: latin1 }),
        fc.constantFrom('', 'bytes='),
        length,
        (text, prefix, size) => {
          expect(['full', 'partial', 'unsatisfiable']).toContain(resolve(prefix + text, size).kind);
        },
      ),
    );
  });
});
