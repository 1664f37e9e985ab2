/** One range: where it begins and ends, what is cut off, what is refused, what is ignored. */
import { type Check, allowed, met, unmet } from './check.ts';
import { areBytesOf, expectRange, expectStatus, withRanges } from './partial.ts';

const repeatedFields = ['etag', 'cache-control', 'expires', 'content-location', 'vary'] as const;

export const rangeChecks: readonly Check[] = [
  {
    id: 'range',
    title: 'A range of bytes is served as 206',
    section: 'RFC 9110, 14.2',
    level: 'MAY',
    run: async (bench) => {
      const { length = 1 } = bench.known;
      if (length === 0)
        return expectStatus(bench, { Range: 'bytes=0-0' }, [416, 200], 'an empty object has no byte 0');
      return expectRange(bench, { Range: 'bytes=0-99' }, { start: 0, end: Math.min(100, length) });
    },
  },
  {
    id: 'range-first-byte',
    title: 'bytes=0-0 is the first byte',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(1, (bench) => expectRange(bench, { Range: 'bytes=0-0' }, { start: 0, end: 1 })),
  },
  {
    id: 'range-last-byte',
    title: 'The last byte can be asked for by its position',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(1, (bench, length) =>
      expectRange(bench, { Range: `bytes=${length - 1}-${length - 1}` }, { start: length - 1, end: length }),
    ),
  },
  {
    id: 'range-middle',
    title: 'A range in the middle has the bytes of the whole object',
    section: 'RFC 9110, 15.3.7.1',
    level: 'MUST',
    run: withRanges(3, (bench, length) => {
      const start = Math.floor(Math.min(length, bench.known.prefix.length) / 3);
      const end = Math.min(length, start + 1000);
      return expectRange(bench, { Range: `bytes=${start}-${end - 1}` }, { start, end });
    }),
  },
  {
    id: 'range-open',
    title: 'A range without an end goes to the end',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(1, (bench, length) => {
      const start = Math.max(0, length - 100);
      return expectRange(bench, { Range: `bytes=${start}-` }, { start, end: length });
    }),
  },
  {
    id: 'range-suffix',
    title: 'A suffix is the last bytes',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(2, (bench, length) => {
      const bytes = Math.min(100, length - 1);
      return expectRange(bench, { Range: `bytes=-${bytes}` }, { start: length - bytes, end: length });
    }),
  },
  {
    id: 'range-suffix-long',
    title: 'A suffix longer than the object is all of it',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(1, async (bench, length) => {
      const outcome = await expectRange(
        bench,
        { Range: `bytes=-${length + 1000}` },
        { start: 0, end: length },
      );
      return outcome.kind === 'allowed' ? met('Came 200 with the whole object.') : outcome;
    }),
  },
  {
    id: 'range-suffix-zero',
    title: 'The last 0 bytes are never a 206',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(1, (bench) =>
      expectStatus(bench, { Range: 'bytes=-0' }, [416, 200], 'no Content-Range can say that nothing is sent'),
    ),
  },
  {
    id: 'range-clamped',
    title: 'A range beyond the end is cut off there',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(1, (bench, length) => {
      const start = Math.max(0, length - 50);
      return expectRange(bench, { Range: `bytes=${start}-${length + 1000}` }, { start, end: length });
    }),
  },
  {
    id: 'range-huge',
    title: 'A last position beyond any integer is the end',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(1, (bench, length) => {
      const start = Math.max(0, length - 50);
      return expectRange(bench, { Range: `bytes=${start}-99999999999999999999999` }, { start, end: length });
    }),
  },
  {
    id: 'range-unsatisfiable',
    title: 'A range behind the end is answered with 416',
    section: 'RFC 9110, 15.5.17',
    level: 'SHOULD',
    run: withRanges(0, async (bench, length) => {
      const answer = await bench.ask({ Range: `bytes=${length}-` });
      if (answer.status === 200)
        return allowed('Came 200 with the whole object, which is allowed; useful is 416.');
      return answer.status === 416 ? met('Came 416.') : unmet(`Came ${answer.words}; expected 416.`);
    }),
  },
  {
    id: 'range-unsatisfiable-length',
    title: 'A 416 says how long the object is',
    section: 'RFC 9110, 15.5.17',
    level: 'SHOULD',
    run: withRanges(0, async (bench, length) => {
      const answer = await bench.ask({ Range: `bytes=${length}-` });
      if (answer.status !== 416) return allowed(`Came ${answer.words}, and so no 416.`);
      const range = answer.field('content-range');
      return range === `bytes */${length}`
        ? met(`Content-Range is ${range}.`)
        : unmet(`Content-Range is ${range ?? 'absent'}; expected bytes */${length}.`);
    }),
  },
  {
    id: 'range-unsatisfiable-body',
    title: 'A 416 has no bytes of the object',
    section: 'RFC 9110, 15.5.17',
    level: 'MUST',
    run: withRanges(1, async (bench, length) => {
      const answer = await bench.ask({ Range: `bytes=${length}-` });
      if (answer.status !== 416) return allowed(`Came ${answer.words}, and so no 416.`);
      const isObject =
        answer.body.length > 0 &&
        answer.body.length >= Math.min(length, 64) &&
        areBytesOf(bench, 0, answer.body);
      return isObject
        ? unmet(`Came 416 with ${answer.body.length} bytes of the object; expected at most a few words.`)
        : met(`Came ${answer.words}.`);
    }),
  },
  {
    id: 'range-malformed',
    title: 'A malformed range selects nothing',
    section: 'RFC 9110, 14.2',
    level: 'MUST',
    run: withRanges(1, (bench) =>
      expectStatus(
        bench,
        { Range: 'bytes=one-two' },
        [200, 400, 416],
        'it may be ignored or refused, but no bytes are asked for',
      ),
    ),
  },
  {
    id: 'range-backwards',
    title: 'A range that ends before it begins selects nothing',
    section: 'RFC 9110, 14.1.1',
    level: 'MUST',
    run: withRanges(1, (bench) =>
      expectStatus(
        bench,
        { Range: 'bytes=9-5' },
        [200, 400, 416],
        'it is invalid, and may be ignored or refused',
      ),
    ),
  },
  {
    id: 'range-other-unit',
    title: 'A range of another unit is ignored',
    section: 'RFC 9110, 14.2',
    level: 'MUST',
    run: withRanges(1, (bench) =>
      expectStatus(bench, { Range: 'chapters=0-9' }, [200], 'a unit that is not understood is ignored'),
    ),
  },
  {
    id: 'range-unit-case',
    title: 'The unit may be written in capitals',
    section: 'RFC 9110, 14.1',
    level: 'MUST',
    run: withRanges(1, (bench, length) =>
      expectRange(bench, { Range: 'BYTES=0-9' }, { start: 0, end: Math.min(10, length) }),
    ),
  },
  {
    id: 'range-empty-members',
    title: 'Empty members of the list are skipped',
    section: 'RFC 9110, 5.6.1.2',
    level: 'MUST',
    run: withRanges(1, (bench, length) =>
      expectRange(bench, { Range: 'bytes=, 0-9 ,' }, { start: 0, end: Math.min(10, length) }),
    ),
  },
  {
    id: 'range-fields',
    title: 'A 206 has the validator and caching fields of the 200',
    section: 'RFC 9110, 15.3.7',
    level: 'MUST',
    run: withRanges(1, async (bench) => {
      const answer = await bench.ask({ Range: 'bytes=0-0' });
      if (answer.status !== 206) return allowed(`Came ${answer.words}, and so no 206.`);
      const { whole } = bench.known;
      const other = repeatedFields.filter((name) => whole.field(name) !== answer.field(name));
      return other.length === 0
        ? met('All that the 200 has.')
        : unmet(`${other.join(', ')}: not as in the 200; expected the same.`);
    }),
  },
  {
    id: 'range-pieces',
    title: 'Consecutive ranges put together are the object',
    section: 'RFC 9110, 15.3.7.3',
    level: 'MUST',
    run: withRanges(8, async (bench, length) => {
      const end = Math.min(length, bench.known.prefix.length, 64 * 1024);
      const step = Math.ceil(end / 4);
      const pieces: Uint8Array[] = [];
      for (let start = 0; start < end; start += step) {
        const answer = await bench.ask({ Range: `bytes=${start}-${Math.min(end, start + step) - 1}` });
        if (answer.status !== 206) return allowed(`Came ${answer.words}, and so no range.`);
        pieces.push(answer.body);
      }
      const joined = Buffer.concat(pieces);
      return joined.length === end && areBytesOf(bench, 0, joined)
        ? met(`4 ranges are the first ${end} bytes.`)
        : unmet(`4 ranges gave ${joined.length} bytes, which are not the first ${end} bytes of the object.`);
    }),
  },
];
