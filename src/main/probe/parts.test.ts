import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { multipartSegments } from '#main/http/multipart.ts';
import { PartFinder } from './parts.ts';

const content = Buffer.from(Array.from({ length: 6000 }, (_, index) => (index % 3 === 0 ? 13 : 10)));

it('finds the parts of any multipart body, however it is cut into pieces', () => {
  const range = fc
    .tuple(fc.nat(5000), fc.nat(900))
    .map(([start, length]) => ({ start, end: start + length + 1 }));
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 500 }),
      (ranges, pieceBytes) => {
        const segments = multipartSegments(ranges, { length: content.length, mediaType: 'text/plain' }, 'B');
        const body = Buffer.concat(
          segments.map((segment) =>
            segment.kind === 'text'
              ? segment.bytes
              : content.subarray(segment.range.start, segment.range.end),
          ),
        );
        const finder = new PartFinder();
        for (let at = 0; at < body.length; at += pieceBytes) finder.push(body.subarray(at, at + pieceBytes));
        expect(finder.ranges).toEqual(ranges);
      },
    ),
  );
});

it('finds nothing in what is no multipart body, and keeps next to none of it', () => {
  const finder = new PartFinder();
  for (let pieces = 0; pieces < 100; pieces += 1) finder.push(content);
  finder.push(Buffer.from('\r\nContent-Range: bytes 0-1/2\r\n\r\n'));
  expect(finder.ranges).toEqual([]);
});
