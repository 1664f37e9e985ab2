import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  companionName,
  decodeCompanion,
  decodeUserMetadata,
  encodeCompanion,
  encodeUserMetadata,
  expiryAfter,
  graceMilliseconds,
  objectName,
  parseExpiry,
  refreshedExpiry,
  resolveObject,
} from './layout.ts';
import type { Companion, DataObject } from './layout.ts';

const digest = 'ab'.repeat(32);
const key = `ns/ab/${digest}`;
const tag = '0123456789abcdef0123456789abcdef';
const written = Date.parse('2026-11-22T08:00:00Z');

const data: DataObject = {
  pin: '9a0364b9e99bb480dd25e1f0284c8555-3',
  length: 20_000_000,
  lastModified: new Date(written),
  expiresAt: new Date(written + 3_600_000),
  headers: { 'content-type': ['application/zstd'], etag: ['"of-data"'] },
  tag,
};
const companion: Companion = {
  headers: { etag: ['"of-companion"'] },
  expiresAt: new Date(written + 7_200_000),
  tag,
};

describe('names', () => {
  it('are the prefix and the key', () => {
    expect(objectName('', key)).toBe(key);
    expect(objectName('some/prefix/', `ab/${digest}`)).toBe(`some/prefix/ab/${digest}`);
    expect(companionName('p/', key)).toBe(`p/${key}.meta`);
  });
});

describe('what other programs wrote', () => {
  it.each([
    [
      'headers and a tag, names in any case',
      { Headers: '{"Content-Type":["application/zstd"],"Etag":["\\"v1\\""],"X-A":["1","2"]}', TAG: tag },
      { headers: { 'content-type': ['application/zstd'], etag: ['"v1"'], 'x-a': ['1', '2'] }, tag },
    ],
    ['nothing', {}, { headers: {}, tag: '' }],
    ['damaged headers', { headers: '{"Etag":', tag }, { headers: {}, tag }],
    ['headers of another shape', { headers: '{"Etag":"v1"}', tag }, { headers: {}, tag }],
  ])('in user metadata: %s', (_, metadata: Record<string, string>, expected) => {
    expect(decodeUserMetadata(metadata)).toEqual(expected);
  });

  it.each([
    [
      'nanoseconds and an offset',
      `{"headers":{"Etag":["\\"v1\\""]},"expires_at":"2026-11-22T10:00:00.123456789+01:00","tag":"${tag}"}`,
      { headers: { etag: ['"v1"'] }, expiresAt: new Date('2026-11-22T09:00:00.123Z'), tag },
    ],
    ['no expiry', '{"headers":{},"tag":"t"}', { headers: {}, expiresAt: undefined, tag: 't' }],
    [
      "Go's zero time",
      '{"headers":null,"expires_at":"0001-01-01T00:00:00Z","tag":"t"}',
      { headers: {}, expiresAt: undefined, tag: 't' },
    ],
    ['no tag', '{"headers":{}}', { headers: {}, expiresAt: undefined, tag: '' }],
    ['something else', '[1]', undefined],
    ['half of it', '{"headers":{}', undefined],
  ])('in a companion: %s', (_, text, expected) => {
    expect(decodeCompanion(text)).toEqual(expected);
  });

  it.each([
    ['Sun, 22 Nov 2026 08:00:00 GMT', written],
    ['2026-11-22T08:00:00Z', written],
    ['0', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('as an expiry: %s', (text, expected) => {
    expect(parseExpiry(text)?.getTime()).toBe(expected);
  });
});

describe('what we write', () => {
  it('is spelled as Go spells it', () => {
    const headers = { 'content-type': ['a/b'], 'x-cachew-snapshot-commit': ['c'] };
    expect(encodeUserMetadata(headers, 'v1', tag)).toEqual({
      Headers: '{"Content-Type":["a/b"],"X-Cachew-Snapshot-Commit":["c"],"Etag":["\\"v1\\""]}',
      Tag: tag,
    });
    expect(encodeCompanion({ ...companion, headers: { etag: ['"v1"'] } })).toBe(
      `{"headers":{"Etag":["\\"v1\\""]},"expires_at":"2026-11-22T10:00:00Z","tag":"${tag}"}`,
    );
  });

  it('fits into HTTP headers, or is refused', () => {
    expect(encodeUserMetadata({ 'x-a': ['ü–雪😀'] }, 'v1', tag)['Headers']).toMatch(/^[\x20-\x7e]+$/);
    expect(() => encodeUserMetadata({ 'x-a': ['x'.repeat(3000)] }, 'v1', tag)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  it('is what we read', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { size: 'small' });
    const headers = fc.dictionary(
      name.filter((header) => header !== 'etag'),
      fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 3 }),
      { maxKeys: 4 },
    );
    const etag = fc.stringMatching(/^[A-Za-z0-9._:/+=-]{1,40}$/);
    const seconds = fc.option(fc.integer({ min: 1, max: 4_000_000_000 }), { nil: undefined });
    fc.assert(
      fc.property(headers, etag, seconds, (headers, etag, seconds) => {
        const read = decodeUserMetadata(encodeUserMetadata(headers, etag, tag));
        expect(read).toEqual({ headers: { ...headers, etag: [`"${etag}"`] }, tag });
        const expiresAt = seconds === undefined ? undefined : new Date(seconds * 1000);
        expect(decodeCompanion(encodeCompanion({ headers, expiresAt, tag }))).toEqual({
          headers,
          expiresAt,
          tag,
        });
      }),
    );
  });

  it('expires at a whole second, never early', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 2e12 }), (lifetime, now) => {
        const expiry = expiryAfter(lifetime, now).getTime();
        expect(expiry % 1000).toBe(0);
        expect(expiry).toBeGreaterThanOrEqual(now + lifetime);
        expect(expiry).toBeLessThan(now + lifetime + 1000);
      }),
    );
  });
});

describe('data and companion together', () => {
  const soon = written + 1000;
  const afterGrace = written + graceMilliseconds;

  it('give the companion the last word while their tags agree', () => {
    expect(resolveObject(key, data, companion, soon)).toEqual({
      kind: 'found',
      agreed: true,
      object: {
        revision: { key, pin: data.pin, length: data.length },
        headers: { 'content-type': ['application/zstd'] },
        etag: 'of-companion',
        lastModified: data.lastModified,
        expiresAt: companion.expiresAt,
      },
    });
  });

  it.each([
    ['another tag', { ...companion, tag: 'other' }],
    ['no companion, which counts as an empty one', undefined],
  ])('are a commit in flight at first, and the data alone later: %s', (_, differing) => {
    expect(resolveObject(key, data, differing, soon)).toEqual({ kind: 'uncommitted' });
    expect(resolveObject(key, data, differing, afterGrace - 1)).toEqual({ kind: 'uncommitted' });
    expect(resolveObject(key, data, differing, afterGrace)).toMatchObject({
      kind: 'found',
      agreed: false,
      object: { etag: 'of-data', expiresAt: data.expiresAt },
    });
    const withoutEtag = { ...data, headers: {} };
    expect(resolveObject(key, withoutEtag, differing, afterGrace)).toEqual({ kind: 'uncommitted' });
  });

  it('agree when neither bears a tag, as before there were tags', () => {
    const old = { ...data, tag: '', headers: {} };
    expect(resolveObject(key, old, undefined, soon)).toMatchObject({
      kind: 'found',
      object: { etag: data.pin },
    });
    expect(resolveObject(key, old, { headers: {}, tag: '' }, soon)).toMatchObject({ kind: 'found' });
  });

  it.each([
    ["the companion's expiry", data, companion, 7_200_000],
    ['its own without one there', data, { ...companion, expiresAt: undefined }, 3_600_000],
    ['its own without a companion', data, undefined, 3_600_000],
  ])('expire at %s', (_, data, companion, milliseconds) => {
    const at = (offset: number) => resolveObject(key, data, companion, written + milliseconds + offset).kind;
    expect(at(-1)).toBe('found');
    expect(at(0)).toBe('expired');
  });

  it('never expire without an expiry', () => {
    const forever = { ...data, expiresAt: undefined };
    expect(resolveObject(key, forever, { headers: {}, tag }, 4e12).kind).toBe('found');
  });
});

describe('the refreshed expiry', () => {
  const read = { ...companion, lastModified: new Date(written), pin: 'p', expiresAt: data.expiresAt };
  it.each([
    ['not in the first half', data, read, 1_800_000, undefined],
    ['in the second half, by the lifetime of the data', data, read, 1_800_001, 1_801_000 + 3_600_000],
    [
      'by what the companion was given, where the data has no expiry',
      { ...data, expiresAt: undefined },
      { ...read, lastModified: new Date(written + 600_000) },
      2_500_000,
      2_500_000 + 3_000_000,
    ],
    [
      'never without an expiry',
      { ...data, expiresAt: undefined },
      { ...read, expiresAt: undefined },
      9e9,
      undefined,
    ],
  ])('comes %s', (_, data, companion, age, expected) => {
    const refreshed = refreshedExpiry(data, companion, written + age)?.getTime();
    expect(refreshed).toBe(expected === undefined ? undefined : written + expected);
  });
});
