import { describe, expect, it } from 'vitest';
import { type Filter, parseFilter } from '#shared/filter/filter.ts';
import { isNamed, toggledValue, withoutTerm, withTerm } from './edit.ts';

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.kind === 'error') throw new Error(parsed.errors[0]?.message);
  return parsed.filter;
}

const toggle = (text: string, value: string): string => toggledValue(filterOf(text), 'status', value);

describe('a value that is toggled', () => {
  it.each([
    ['', '4xx', 'status:4xx'],
    ['status:4xx', '5xx', 'status:4xx,5xx'],
    ['status:4xx,5xx', '4xx', 'status:5xx'],
    ['status:4xx', '4xx', ''],
    ['object:a status:4xx ttfb>1s', '4xx', 'object:a ttfb>1s'],
    ['object:a  STATUS:4XX', '5xx', 'object:a  status:4xx,5xx'],
    ['-status:304', '4xx', '-status:304 status:4xx'],
    ['status>=400', '5xx', 'status>=400 status:5xx'],
    ['tier:disk or tier:store', '2xx', '(tier:disk or tier:store) status:2xx'],
  ])('%s and %s: %s', (text, value, result) => {
    expect(toggle(text, value)).toBe(result);
    expect(parseFilter(result).kind).toBe('filter');
  });

  it('is named by a term that allows it, not by one that excludes it', () => {
    expect(isNamed(filterOf('a status:2xx,4xx'), 'status', '4xx')).toBe(true);
    expect(isNamed(filterOf('-status:4xx'), 'status', '4xx')).toBe(false);
    expect(isNamed(filterOf('tier:disk'), 'status', 'disk')).toBe(false);
  });
});

describe('a term', () => {
  it.each([
    ['a b c', 1, 'a c'],
    ['a and b', 1, 'a'],
    ['a and b', 0, 'b'],
    ['a and b and c', 1, 'a c'],
    ['(a or b) -c', 0, '-c'],
    ['a', 0, ''],
  ])('of %s, number %d, is taken away: %s', (text, index, rest) => {
    const filter = filterOf(text);
    expect(withoutTerm(filter, filter.terms[index]!)).toBe(rest);
    expect(parseFilter(rest).kind).toBe('filter');
  });

  it('is added beside what is there', () => {
    expect(withTerm(' a ', 'b')).toBe('a b');
    expect(withTerm('', 'b')).toBe('b');
  });
});
