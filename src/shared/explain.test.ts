import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';

const now = Date.UTC(2026, 10, 22, 12);
const object = { length: 1000, etag: '"v1"', lastModified: Date.UTC(2026, 10, 22, 8, 49, 37) };

function told(headers: Readonly<Record<string, string>>, method = 'GET', changes: object = {}) {
  return explain({ method, headers }, { ...object, ...changes }, now);
}

function says(headers: Readonly<Record<string, string>>, method = 'GET', changes: object = {}) {
  return told(headers, method, changes).steps.map(({ field, verdict, sentence }) => [
    field,
    verdict,
    sentence,
  ]);
}

describe('members of Range', () => {
  it.each([
    ['0-99', { start: 0, end: 100 }, 'bytes 0 to 99, 100 B'],
    ['900-', { start: 900, end: 1000 }, 'bytes 900 to 999, 100 B: up to the end'],
    ['-10', { start: 990, end: 1000 }, 'bytes 990 to 999, 10 B: the end'],
    ['-5000', { start: 0, end: 1000 }, 'bytes 0 to 999, 1000 B: more than there is, so all of it'],
    ['990-5000', { start: 990, end: 1000 }, 'bytes 990 to 999, 10 B: cut off at the end'],
    ['1000-', undefined, 'beyond the end: the last byte is 999'],
    ['-0', undefined, 'the last 0 bytes: nothing'],
  ])('%s', (text, range, sentence) => {
    const { asked } = told({ range: `bytes=500-501, ${text}` });
    expect(asked[1]).toEqual(range ? { text, range, sentence } : { text, sentence });
  });

  it('each has its own place, and joined ones are told', () => {
    const { asked, ranges, steps } = told({ range: 'bytes=0-9, 5-20, 5000-' });
    expect(asked.map(({ range }) => range)).toEqual([
      { start: 0, end: 10 },
      { start: 5, end: 21 },
      undefined,
    ]);
    expect(ranges).toEqual([{ start: 0, end: 21 }]);
    expect(steps[0]?.sentence).toBe(
      'One range is sent; 2 asked ones overlap or are at most 80 bytes apart, and are joined; 1 selects nothing and is dropped.',
    );
  });
});

describe('a Range that is ignored', () => {
  it.each([
    ['items=0-9', 'The unit is items, and bytes is the only one there is. The whole object is sent.'],
    ['0-9', 'There is no unit, as in bytes=0-99. The whole object is sent.'],
    [
      'bytes=9-5',
      '9-5 ends before it begins, which makes all of the field invalid. The whole object is sent.',
    ],
    ['bytes=a-b', 'a-b is no range; one is 0-99, 100- or -500. The whole object is sent.'],
    ['bytes=,', 'It names no range. The whole object is sent.'],
    [
      `bytes=${Array.from({ length: 17 }, (_, index) => `${index}-${index}`).join(',')}`,
      '17 ranges are more than 16, so the whole object is sent.',
    ],
  ])('%s', (range, sentence) => {
    expect(told({ range }).status).toBe(200);
    expect(says({ range })).toEqual([['Range', 'ignored', sentence]]);
  });

  it('says so for HEAD, for an empty object, and behind an If-Range that does not hold', () => {
    expect(says({ range: 'bytes=0-9' }, 'HEAD')[0]?.[2]).toBe(
      'Range means something for GET only, not for HEAD.',
    );
    expect(says({ range: 'bytes=-9' }, 'GET', { length: 0 })[0]?.[1]).toBe('ignored');
    expect(says({ range: 'bytes=0-9', 'if-range': 'W/"v1"' })).toEqual([
      ['If-Range', 'fails', 'Weak entity tags cannot vouch for bytes: Range does not count.'],
      ['Range', 'ignored', 'If-Range does not hold, so the whole object is sent.'],
    ]);
  });
});

describe('steps', () => {
  it('stand in the order in which they are asked, and what comes after a decision has no say', () => {
    const fields = {
      range: 'bytes=0-9',
      'if-range': '"v1"',
      'if-none-match': '"v1"',
      'if-modified-since': 'Sun, 22 Nov 2026 08:49:37 GMT',
      'if-match': '*',
      'if-unmodified-since': 'yesterday',
    };
    expect(told(fields).status).toBe(304);
    expect(says(fields).map(([field, verdict]) => [field, verdict])).toEqual([
      ['If-Match', 'holds'],
      ['If-Unmodified-Since', 'ignored'],
      ['If-None-Match', 'fails'],
      ['If-Modified-Since', 'ignored'],
      ['If-Range', 'ignored'],
      ['Range', 'ignored'],
    ]);
  });

  it.each([
    [
      { 'if-match': 'W/"v1"' },
      'It names the current entity tag "v1", but weak tags never match strongly: 412.',
    ],
    [{ 'if-match': 'v1' }, 'It cannot be read as entity tags, so it matches nothing: 412.'],
    [{ 'if-none-match': '*' }, 'There is an object: 304.'],
    [{ 'if-modified-since': 'yesterday' }, 'It cannot be read as a date.'],
    [{ 'if-unmodified-since': 'Sun, 22 Nov 2026 08:49:36 GMT' }, 'The object is newer: 412.'],
    [{ 'if-range': '"v1"' }, 'There is no Range for it to guard.'],
  ])('%j', (headers, sentence) => {
    expect(says(headers)[0]?.[2]).toBe(sentence);
  });
});

describe('a representation without validators, or with a weak one', () => {
  const bare = { etag: undefined, lastModified: undefined };

  it('matches nothing, and no date can be compared with it', () => {
    expect(told({ 'if-match': '"v1"' }, 'GET', bare).status).toBe(412);
    expect(told({ 'if-match': '*' }, 'GET', bare).status).toBe(200);
    expect(told({ 'if-none-match': '"v1"' }, 'GET', bare).status).toBe(200);
    expect(told({ range: 'bytes=0-9', 'if-range': '"v1"' }, 'GET', bare).status).toBe(200);
    expect(says({ 'if-modified-since': 'Sun, 22 Nov 2026 08:49:37 GMT' }, 'GET', bare)).toEqual([
      ['If-Modified-Since', 'ignored', 'The object has no Last-Modified to compare it with.'],
    ]);
  });

  it('a weak one is compared weakly only', () => {
    const weak = { etag: 'W/"v1"' };
    expect(told({ 'if-none-match': '"v1"' }, 'GET', weak).status).toBe(304);
    expect(told({ 'if-match': '"v1"' }, 'GET', weak).status).toBe(412);
    expect(told({ range: 'bytes=0-9', 'if-range': '"v1"' }, 'GET', weak).status).toBe(200);
  });
});
