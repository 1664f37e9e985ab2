import { formatAge, formatCommit, formatDateTime, formatShare } from './units.ts';
import { describe, expect, it } from 'vitest';

describe('formatAge', () => {
  it.each([
    [-3000, 'just now'],
    [4999, 'just now'],
    [5000, '5 s ago'],
    [59_999, '59 s ago'],
    [60_000, '1 m ago'],
    [3_599_999, '59 m ago'],
    [3_600_000, '1 h ago'],
    [86_399_999, '23 h ago'],
    [9 * 86_400_000, '9 d ago'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(formatAge(milliseconds)).toBe(text);
  });
});

describe('the other formatters', () => {
  it('write a date with its time, in the viewer’s time zone', () => {
    expect(formatDateTime(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05');
  });

  it('shorten a commit, whatever its hash', () => {
    expect(formatCommit('0123456789abcdef0123456789abcdef01234567')).toBe('01234567');
  });

  it('take no share of nothing', () => {
    expect([formatShare(1, 3), formatShare(0, 0)]).toEqual(['33 %', '0 %']);
  });
});
