import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completions } from './complete.ts';
import { parseFilter } from './filter.ts';

const inserted = (text: string, caret = text.length, valuesOf?: (key: string) => readonly string[]) =>
  completions(text, caret, valuesOf).map(
    ({ insert, start, end }) => text.slice(0, start) + insert + text.slice(end),
  );

describe('completions', () => {
  it('are the keys that begin so', () => {
    expect(inserted('st')).toEqual(['status:']);
    expect(inserted('status:206 -ti')).toEqual(['status:206 -tier:']);
    expect(inserted('(by')).toEqual(['(bytes>']);
    expect(completions('', 0).length).toBeGreaterThan(10);
  });

  it('are the operators of a key that is written out', () => {
    expect(inserted('method')).toEqual(['method:', 'method=']);
    expect(inserted('dur')).toEqual(['dur:', 'dur>=', 'dur<=', 'dur>', 'dur<', 'dur=']);
  });

  it('are the values of the key, those that occur first', () => {
    expect(inserted('tier:m')).toEqual(['tier:memory']);
    expect(inserted('range:suffix|mu')).toEqual(['range:suffix|multi']);
    const clients = () => ['10.1.4.7', 'a b'];
    expect(inserted('client:', 7, clients)).toEqual(['client:10.1.4.7', 'client:"a b"']);
  });

  it('replace what is before the caret, and leave the rest', () => {
    expect(inserted('tier:m or dur>2s', 6)).toEqual(['tier:memory or dur>2s']);
  });

  it('of values are terms that can be counted', () => {
    for (const key of ['status', 'tier', 'range', 'if-range', 'condition', 'complete', 'method', 'at']) {
      const terms = completions(`${key}:`, key.length + 1).map(({ term = '' }) => parseFilter(term).kind);
      expect(new Set(terms)).toEqual(new Set(['filter']));
    }
  });

  it('never throw, and stay in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, at) => {
        const caret = at % (text.length + 1);
        for (const { start, end } of completions(text, caret)) {
          expect(start).toBeLessThanOrEqual(end);
          expect(end).toBe(caret);
        }
      }),
    );
  });
});
