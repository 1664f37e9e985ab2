import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  matchesStrongly,
  matchesWeakly,
  parseEntityTag,
  parseEntityTags,
  quoteEtag,
  requestedEtag,
} from './validators.ts';

const strong = (raw: string) => ({ weak: false, raw });
const weak = (raw: string) => ({ weak: true, raw });

describe('parseEntityTags', () => {
  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', [strong('a')]],
    ['W/"a"', [weak('a')]],
    ['""', [strong('')]],
    ['"a", W/"b","c"', [strong('a'), weak('b'), strong('c')]],
    [', "a",, "b" ,', [strong('a'), strong('b')]],
    ['"a,b", "*"', [strong('a,b'), strong('*')]],
    ['"a\\"', [strong('a\\')]],
    ['"\u00e9"', [strong('\u00e9')]],
  ])('reads %j', (text, expected) => {
    expect(parseEntityTags(text)).toEqual(expected);
  });

  it.each([
    '',
    ' ',
    ',',
    'a',
    '"a',
    'a"',
    '"a""b"',
    '"a" "b"',
    'w/"a"',
    'W/ "a"',
    '"a b"',
    '*, "a"',
    '"a", *',
    "'a'",
  ])('refuses %j', (text) => {
    expect(parseEntityTags(text)).toBeUndefined();
  });

  it('reads any list of tags back', () => {
    const raw = fc.string({ unit: fc.constantFrom('a', 'b', ',', 'W/', '*', '\\', '!', '~', '\u00ff') });
    fc.assert(
      fc.property(fc.array(fc.record({ weak: fc.boolean(), raw }), { minLength: 1 }), (tags) => {
        const text = tags.map((tag) => `${tag.weak ? 'W/' : ''}"${tag.raw}"`).join(', ');
        expect(parseEntityTags(text)).toEqual(tags);
      }),
    );
  });
});

describe('parseEntityTag', () => {
  it('reads one tag', () => {
    expect(parseEntityTag(' W/"a" ')).toEqual(weak('a'));
  });

  it.each(['*', '', '"a","b"', '"a",', ',"a"', 'Sun, 06 Nov 1994 08:49:37 GMT'])('refuses %j', (text) => {
    expect(parseEntityTag(text)).toBeUndefined();
  });
});

describe('comparison (RFC 9110, section 8.8.3.2)', () => {
  it.each([
    [strong('1'), '1', { strongly: true, weakly: true }],
    [weak('1'), '1', { strongly: false, weakly: true }],
    [weak('2'), '1', { strongly: false, weakly: false }],
    [strong('2'), '1', { strongly: false, weakly: false }],
    [strong('A'), 'a', { strongly: false, weakly: false }],
  ])('%j with "%s"', (tag, raw, expected) => {
    expect({ strongly: matchesStrongly(tag, raw), weakly: matchesWeakly(tag, raw) }).toEqual(expected);
  });
});

describe('requestedEtag', () => {
  it('takes what quoteEtag writes', () => {
    expect(requestedEtag(quoteEtag('v1.2_a:b/c+d=-'))).toBe('v1.2_a:b/c+d=-');
    expect(requestedEtag(undefined)).toBeUndefined();
  });
});
