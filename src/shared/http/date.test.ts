import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatHttpDate, parseHttpDate, wholeSecond } from './date.ts';

const now = new Date('2026-11-22T12:00:00Z');
const parsed = (text: string) => parseHttpDate(text, now)?.toISOString();

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Thu Nov 16 08:49:37 1994', '1994-11-16T08:49:37.000Z'],
    ['Thu, 29 Feb 2024 23:59:59 GMT', '2024-02-29T23:59:59.000Z'],
    ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00.000Z'],
    ['Fri, 01 Jan 0099 00:00:00 GMT', '0099-01-01T00:00:00.000Z'],
    ['Mon, 31 Dec 9999 23:59:59 GMT', '9999-12-31T23:59:59.000Z'],
    ['Tue, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });

  it.each([
    ['Sunday, 22-Nov-76 12:00:00 GMT', '2076-11-22T12:00:00.000Z'],
    ['Sunday, 22-Nov-76 12:00:01 GMT', '1976-11-22T12:00:01.000Z'],
    ['Sunday, 01-Jan-00 00:00:00 GMT', '2000-01-01T00:00:00.000Z'],
    ['Friday, 31-Dec-99 00:00:00 GMT', '1999-12-31T00:00:00.000Z'],
    ['Sunday, 01-Jan-27 00:00:00 GMT', '2027-01-01T00:00:00.000Z'],
    ['Saturday, 29-Feb-96 00:00:00 GMT', '1996-02-29T00:00:00.000Z'],
  ])('takes %s as more than 50 years ahead or not', (text, expected) => {
    expect(parsed(text)).toBe(expected);
  });

  it('looks 50 years ahead across the turn of a century', () => {
    const late = new Date('2080-06-01T00:00:00Z');
    expect(parseHttpDate('Monday, 01-Jan-30 00:00:00 GMT', late)?.getUTCFullYear()).toBe(2130);
    expect(parseHttpDate('Monday, 01-Jan-31 00:00:00 GMT', late)?.getUTCFullYear()).toBe(2031);
  });

  it.each(
    [
      [
        '',
        'now',
        '0',
        '-1',
        '1994-11-06T08:49:37Z',
        'Sun, 06 Nov 1994 08:49:37',
        'Sun, 06 Nov 1994 08:49:37 UTC',
      ],
      ['Sun, 6 Nov 1994 08:49:37 GMT', 'sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06 nov 1994 08:49:37 GMT'],
      ['Sun, 06 Nov 94 08:49:37 GMT', 'Sun 06 Nov 1994 08:49:37 GMT', 'Xyz, 06 Nov 1994 08:49:37 GMT'],
      ['Sun, 00 Nov 1994 08:49:37 GMT', 'Sun, 31 Nov 1994 08:49:37 GMT', 'Wed, 29 Feb 2023 08:49:37 GMT'],
      ['Sun, 06 Nov 1994 24:00:00 GMT', 'Sun, 06 Nov 1994 08:60:37 GMT', 'Sun, 06 Nov 1994 08:49:61 GMT'],
      ['Sun, 06 Nov 1994 08:49:37 GMT ', ' Sun, 06 Nov 1994 08:49:37 GMT', 'Sun, 06-Nov-94 08:49:37 GMT'],
      [
        'Sun Nov 6 08:49:37 1994',
        'Sun Nov 06 08:49:37 94',
        'Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT',
      ],
    ].flat(),
  )('refuses %j', (text) => {
    expect(parsed(text)).toBeUndefined();
  });

  it('reads what formatHttpDate writes, to the whole second', () => {
    const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseHttpDate(formatHttpDate(date), now)?.getTime()).toBe(wholeSecond(date));
      }),
    );
  });
});
