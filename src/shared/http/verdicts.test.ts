import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decision.ts';
import { evaluatePreconditions } from './preconditions.ts';
import { failedCondition, ifRangeVerdict, rangeKindOf } from './verdicts.ts';

const now = new Date('2026-01-31T12:00:00Z');
const current = { etag: 'one', lastModified: new Date('2026-01-01T00:00:00Z'), length: 100 };
const same = 'Thu, 01 Jan 2026 00:00:00 GMT';
const older = 'Wed, 31 Dec 2025 00:00:00 GMT';

const field = fc.constantFrom(undefined, '"one"', '"two"', 'W/"one"', '*', same, older, 'nonsense');
const range = fc.constantFrom(
  undefined,
  'bytes=0-9',
  'bytes=90-',
  'bytes=-5',
  'bytes=0-1,5-6',
  'lines=1-2',
  'bytes=9',
);
const conditions = fc.record({
  ifMatch: field,
  ifUnmodifiedSince: field,
  ifNoneMatch: field,
  ifModifiedSince: field,
  ifRange: field,
  range,
});

describe('verdicts', () => {
  it('name a condition exactly when one ends the request', () => {
    fc.assert(
      fc.property(conditions, (conditions) => {
        const failed = failedCondition(conditions, current, now);
        const outcome = evaluatePreconditions('read', conditions, current, now);
        const isNotModified = failed === 'if-none-match' || failed === 'if-modified-since';
        const expected = isNotModified ? 'not-modified' : 'precondition-failed';
        expect(outcome).toBe(failed === undefined ? 'proceed' : expected);
      }),
    );
  });

  it('of If-Range say whether Range counted', () => {
    fc.assert(
      fc.property(field, range, fc.constantFrom('GET', 'HEAD'), (ifRange, range, method) => {
        const verdict = ifRangeVerdict(method, { ifRange, range }, current, now);
        const decision = decide(method, { ifRange, range }, current, { now });
        const without = decide(method, { range }, current, { now });
        expect(verdict === undefined).toBe(ifRange === undefined);
        expect(decision).toEqual(verdict?.endsWith('-miss') ? { kind: 'full' } : without);
      }),
    );
  });

  it.each([
    [undefined, 'none'],
    ['bytes=0-9', 'single'],
    ['bytes=9-', 'open'],
    ['bytes=-9', 'suffix'],
    ['bytes=0-1,-1', 'multi'],
    ['bytes=9-0', 'ignored'],
    ['lines=0-9', 'ignored'],
    [`bytes=${Array.from({ length: 17 }, (_, at) => `${9 * at}-${9 * at}`).join(',')}`, 'ignored'],
  ])('call Range %j %s', (range, kind) => {
    expect(rangeKindOf(range)).toBe(kind);
  });

  it.each([
    ['"one"', 'etag-match'],
    ['W/"one"', 'etag-miss'],
    [same, 'date-match'],
    [older, 'date-miss'],
    ['nonsense', 'date-miss'],
  ])('call If-Range %j %s', (ifRange, verdict) => {
    expect(ifRangeVerdict('GET', { ifRange, range: 'bytes=0-1' }, current, now)).toBe(verdict);
    expect(ifRangeVerdict('HEAD', { ifRange, range: 'bytes=0-1' }, current, now)).toBe('ignored');
    expect(ifRangeVerdict('GET', { ifRange }, current, now)).toBe('ignored');
  });
});
