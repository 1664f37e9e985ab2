/** What `explain` says is what the server answers: for any request, any representation. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain, type ExplainedRequest } from '#shared/explain.ts';
import { answer } from './answer.ts';
import { conditionsOf } from '#shared/http/conditions.ts';

const now = new Date('2026-11-22T12:00:00Z');
const dates = [
  'Sun, 22 Nov 2026 08:49:36 GMT',
  'Sun, 22 Nov 2026 08:49:37 GMT',
  'Sunday, 22-Nov-26 08:49:37 GMT',
  'Sun Nov 22 08:49:38 2026',
  'yesterday',
];
const tags = fc.constantFrom(
  '"v1"',
  'W/"v1"',
  '"v0"',
  '*',
  '"v0", "v1"',
  'v1',
  '',
  '"a,b"',
  'W/"v0", W/"v1"',
);
const position = fc.oneof(
  fc.nat(30),
  fc.constantFrom(99, 100, 5000, '99999999999999999999'),
  fc.constant(''),
);
const member = fc.oneof(
  fc.tuple(position, position).map(([first, last]) => `${first}-${last}`),
  fc.constantFrom('', ' ', 'x', '5', '--5', ' 3-4 '),
);
const range = fc.oneof(
  fc
    .tuple(fc.constantFrom('bytes=', 'BYTES=', 'bytes =', 'items=', ''), fc.array(member, { maxLength: 20 }))
    .map(([unit, members]) => `${unit}${members.join(',')}`),
  fc.string(),
);
const headers: fc.Arbitrary<Record<string, string | undefined>> = fc.record(
  {
    range,
    'if-range': fc.oneof(tags, fc.constantFrom(...dates)),
    'if-match': tags,
    'if-none-match': tags,
    'if-modified-since': fc.constantFrom(...dates),
    'if-unmodified-since': fc.constantFrom(...dates),
  },
  { requiredKeys: [] },
);
const request: fc.Arbitrary<ExplainedRequest & { readonly method: 'GET' | 'HEAD' }> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
  headers,
});
const lastModified = new Date('2026-11-22T08:49:37.900Z');

describe('explain', () => {
  it('has the status and the ranges of the answer that is served', () => {
    fc.assert(
      fc.property(request, fc.nat(200), ({ method, headers: fields }, length) => {
        const present = Object.entries(fields).filter(([, value]) => value !== undefined);
        const lines = Object.fromEntries(present.map(([name, value]) => [name, [value ?? '']]));
        const served = answer(
          { method, conditions: conditionsOf(lines) },
          { length, etag: 'v1', lastModified, mediaType: 'text/plain' },
          { boundary: 'B', now },
        );
        const told = explain(
          { method, headers: fields },
          { length, etag: '"v1"', lastModified: lastModified.getTime() },
          now.getTime(),
        );
        const ranges = served.segments.flatMap((segment) =>
          segment.kind === 'range' ? [segment.range] : [],
        );
        expect([told.status, told.ranges]).toEqual([served.status, ranges]);
      }),
      { numRuns: 2000 },
    );
  });

  it('tells by its steps alone which answer it is', () => {
    fc.assert(
      fc.property(request, fc.nat(200), (asked, length) => {
        const { steps, status } = explain(
          asked,
          { length, etag: '"v1"', lastModified: lastModified.getTime() },
          now.getTime(),
        );
        const verdict = (field: string) => steps.find((step) => step.field === field)?.verdict;
        const told = ['If-Match', 'If-Unmodified-Since'].some((field) => verdict(field) === 'fails')
          ? 412
          : ['If-None-Match', 'If-Modified-Since'].some((field) => verdict(field) === 'fails')
            ? 304
            : verdict('Range') === 'fails'
              ? 416
              : verdict('Range') === 'applies'
                ? 206
                : 200;
        expect(told).toBe(status);
      }),
      { numRuns: 2000 },
    );
  });
});
