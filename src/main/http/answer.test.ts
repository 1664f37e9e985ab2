/** What Sluice promises about one answer: docs/semantics.md, one test for each sentence, with the same words. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from './answer.ts';
import { ask, described, same, type Fields } from './answer.fixture.ts';
import { segmentsLength } from './multipart.ts';

const get = (range: string, length = 1000) => ask({ range }, { length });

const alphabet = Uint8Array.from({ length: 1000 }, (_, at) => 97 + (at % 26));

/** The body that the server's loop would send. */
function bodyOf({ segments }: Answer): string {
  const pieces = segments.map((segment) =>
    segment.kind === 'text' ? segment.bytes : alphabet.subarray(segment.range.start, segment.range.end),
  );
  return Buffer.concat(pieces).toString('latin1');
}

describe('Ranges', () => {
  it('A range with both ends answers 206 with its Content-Range and exactly its Content-Length.', () => {
    expect(described(get('bytes=0-0'))).toEqual([206, 'bytes 0-0/1000', '1']);
    expect(described(get('bytes=10-19'))).toEqual([206, 'bytes 10-19/1000', '10']);
    expect(described(get('bytes=0-999'))).toEqual([206, 'bytes 0-999/1000', '1000']);
    expect(bodyOf(get('bytes=1-3'))).toBe('bcd');
  });

  it('An open range ends with the last byte.', () => {
    expect(described(get('bytes=990-'))).toEqual([206, 'bytes 990-999/1000', '10']);
    expect(described(get('bytes=0-'))).toEqual([206, 'bytes 0-999/1000', '1000']);
  });

  it('A suffix range is that many last bytes, or all when there are fewer.', () => {
    expect(described(get('bytes=-10'))).toEqual([206, 'bytes 990-999/1000', '10']);
    expect(described(get('bytes=-5000'))).toEqual([206, 'bytes 0-999/1000', '1000']);
  });

  it('A range that ends beyond the last byte ends with the last byte.', () => {
    expect(described(get('bytes=990-4000'))).toEqual([206, 'bytes 990-999/1000', '10']);
  });

  it('Numbers beyond 2^53 mean what they say.', () => {
    const length = Number.MAX_SAFE_INTEGER;
    expect(described(get('bytes=5-99999999999999999999'))).toEqual([206, 'bytes 5-999/1000', '995']);
    expect(described(get('bytes=-99999999999999999999'))).toEqual([206, 'bytes 0-999/1000', '1000']);
    expect(described(get('bytes=9007199254740990-9007199254740993', length))).toEqual([
      206,
      'bytes 9007199254740990-9007199254740990/9007199254740991',
      '1',
    ]);
    expect(described(get('bytes=9007199254740993-', length))).toEqual([416, 'bytes */9007199254740991', '0']);
  });

  it('A range that starts beyond the last byte answers 416 with the length in Content-Range.', () => {
    expect(described(get('bytes=1000-'))).toEqual([416, 'bytes */1000', '0']);
    expect(described(get('bytes=1000-1001, 5000-'))).toEqual([416, 'bytes */1000', '0']);
  });

  it('A suffix of no bytes answers 416.', () => {
    expect(described(get('bytes=-0'))).toEqual([416, 'bytes */1000', '0']);
  });

  it('Of several ranges those that lie beyond the end are left out.', () => {
    expect(described(get('bytes=2000-, 5-9, -0'))).toEqual([206, 'bytes 5-9/1000', '5']);
  });

  it.each([
    ['An unknown range unit is ignored.', ['items=0-1', 'seconds=1-', 'none', 'bytes2=0-1']],
    [
      'A malformed Range is ignored.',
      [
        'bytes=',
        'bytes=-',
        'bytes=a-',
        'bytes=9-1',
        'bytes=0-1,x',
        'bytes=0-1;2-3',
        'bytes 0-1',
        '0-1',
        'bytes=0--1',
      ],
    ],
    ['More ranges than the limit are ignored.', [`bytes=${'0-0,'.repeat(17)}`]],
  ])('%s', (_, values) => {
    for (const range of values)
      expect([range, ...described(get(range))]).toEqual([range, 200, undefined, '1000']);
  });

  it('The range unit may be in any case, and blanks and empty members around commas are skipped.', () => {
    expect(described(get('BYTES= ,\t5-9 ,,'))).toEqual([206, 'bytes 5-9/1000', '5']);
  });

  it('A Range field that is repeated with its unit is malformed and ignored.', () => {
    expect(described(ask({ range: ['bytes=0-1', 'bytes=5-6'] }))).toEqual([200, undefined, '1000']);
  });

  it('Range on HEAD is ignored.', () => {
    expect(described(ask({ range: 'bytes=0-1' }, {}, 'HEAD'))).toEqual([200, undefined, '1000']);
    expect(described(ask({ range: 'bytes=5000-' }, {}, 'HEAD'))).toEqual([200, undefined, '1000']);
  });

  it('Every answer about an object says Accept-Ranges: bytes and carries its validators.', () => {
    const requests: readonly Fields[] = [
      {},
      { range: 'bytes=0-1' },
      { range: 'bytes=0-1,500-501' },
      { range: 'bytes=1000-' },
      { 'if-none-match': '*' },
      { 'if-match': '"v0"' },
    ];
    const answers = requests.map((fields) => ask(fields));
    expect(answers.map(({ status }) => status)).toEqual([200, 206, 206, 416, 304, 412]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({ etag: '"v1"', 'last-modified': same, 'accept-ranges': 'bytes' });
    }
  });

  it('A 206 carries the fields that the 200 would.', () => {
    const { 'content-length': length, ...whole } = ask({}).headers;
    expect(length).toBe('1000');
    expect(whole).toMatchObject({ 'content-type': 'application/zstd', 'x-cachew-snapshot-commit': 'c0ffee' });
    expect(get('bytes=0-9').headers).toEqual({
      ...whole,
      'content-range': 'bytes 0-9/1000',
      'content-length': '10',
    });
  });
});

describe('Multipart', () => {
  it('Several ranges answer multipart/byteranges, each part with its Content-Type and Content-Range.', () => {
    const several = get('bytes=0-2,500-501');
    expect(several.headers).toMatchObject({ 'content-type': 'multipart/byteranges; boundary=B0UNDARY' });
    expect(several.headers).not.toHaveProperty('content-range');
    const lines = [
      ['--B0UNDARY', 'Content-Type: application/zstd', 'Content-Range: bytes 0-2/1000', '', 'abc'],
      ['--B0UNDARY', 'Content-Type: application/zstd', 'Content-Range: bytes 500-501/1000', '', 'gh'],
      ['--B0UNDARY--', ''],
    ].flat();
    expect(bodyOf(several)).toBe(lines.join('\r\n'));
  });

  it('The Content-Length of a multipart answer is exact.', () => {
    const several = get('bytes=0-2,500-501');
    expect(several.headers['content-length']).toBe(String(bodyOf(several).length));
  });

  it('Ranges that overlap, touch or lie so near that a part header would cost more are joined.', () => {
    expect(described(get('bytes=0-99,50-149'))).toEqual([206, 'bytes 0-149/1000', '150']);
    expect(described(get('bytes=0-99,100-149'))).toEqual([206, 'bytes 0-149/1000', '150']);
    expect(described(get('bytes=0-99,180-189'))).toEqual([206, 'bytes 0-189/1000', '190']);
    expect(get('bytes=0-99,181-189').headers['content-type']).toContain('multipart/byteranges');
  });

  it('Parts come in the order asked; a joined part takes the place of its earliest member.', () => {
    const starts = (range: string) =>
      get(range).segments.flatMap((segment) => (segment.kind === 'range' ? [segment.range.start] : []));
    expect(starts('bytes=800-809,0-9')).toEqual([800, 0]);
    expect(starts('bytes=800-809,0-9,790-799,400-409')).toEqual([790, 0, 400]);
  });

  it('When one range remains it is answered as one range, without parts.', () => {
    expect(described(get('bytes=5-9,2000-'))).toEqual([206, 'bytes 5-9/1000', '5']);
    expect(get('bytes=5-9,2000-').headers['content-type']).toBe('application/zstd');
  });

  it('No answer carries more bytes than the object and its part headers.', () => {
    const member = fc
      .tuple(fc.nat(1200), fc.nat(1200))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 16 }), fc.nat(1100), (members, length) => {
        const reply = get(`bytes=${members.join(',')}`, length);
        const framing = reply.segments.reduce(
          (sum, it) => sum + (it.kind === 'text' ? it.bytes.length : 0),
          0,
        );
        expect(segmentsLength(reply.segments) - framing).toBeLessThanOrEqual(length);
        expect(reply.headers['content-length']).toBe(String(segmentsLength(reply.segments)));
      }),
    );
  });
});

describe('Objects', () => {
  it('HEAD answers what GET without Range would, without the body.', () => {
    const head = ask({}, {}, 'HEAD');
    expect(head.headers).toEqual(ask({}).headers);
    expect(head.segments).toEqual([]);
  });

  it('An empty object is 200 with Content-Length: 0.', () => {
    const empty = ask({}, { length: 0 });
    expect(described(empty)).toEqual([200, undefined, '0']);
    expect(empty.segments).toEqual([]);
  });

  it('Of an empty object any range is 416, except a suffix, which is 200.', () => {
    expect(described(get('bytes=0-', 0))).toEqual([416, 'bytes */0', '0']);
    expect(described(get('bytes=0-0', 0))).toEqual([416, 'bytes */0', '0']);
    expect(described(get('bytes=-5', 0))).toEqual([200, undefined, '0']);
    expect(described(get('bytes=-0', 0))).toEqual([416, 'bytes */0', '0']);
  });

  it('An object is served as data: sandboxed, whatever its type.', () => {
    for (const range of ['none', 'bytes=0-1', 'bytes=0-1,500-501']) {
      expect(ask({ range }, { mediaType: 'text/html' }).headers).toMatchObject({
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('Stored fields that must not be served, or that HTTP cannot carry, are left out.', () => {
    const fields = {
      'Set-Cookie': 'a=1',
      'transfer-encoding': 'chunked',
      'x-bad': 'a\r\nb: c',
      'X-Good': ['1', '2'],
    };
    const { headers } = ask({}, { fields, mediaType: 'a\r\nb: c' });
    expect(headers).toMatchObject({ 'content-type': 'application/octet-stream', 'x-good': ['1', '2'] });
    for (const name of ['set-cookie', 'transfer-encoding', 'x-bad', 'b'])
      expect(headers).not.toHaveProperty(name);
  });
});
