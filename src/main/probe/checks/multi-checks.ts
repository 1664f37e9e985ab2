/** Several ranges in one request: multipart, or one of the ways in which a server may make it less. */
import type { Bench, CheckAnswer } from './bench.ts';
import { type Check, allowed, met, type Outcome, unmet } from './check.ts';
import { readMultipart } from './multipart-body.ts';
import { areBytesOf, withRanges, wrongRange } from './partial.ts';

/** Far enough apart that joining them would send more than it saves. */
const apart = { first: 'bytes=0-9', second: '2000-2009', needs: 2010 } as const;

/** Whether an answer's parts, one or many, are right and have all of `wanted` (inclusive positions). */
function judge(bench: Bench, answer: CheckAnswer, wanted: readonly (readonly [number, number])[]): Outcome {
  if (answer.status === 200)
    return allowed('Came 200 with the whole object, which is allowed; useful is 206.');
  const type = answer.field('content-type') ?? '';
  if (answer.status !== 206) return unmet(`Came ${answer.words}; expected 206.`);
  const isMultipart = /^multipart\/byteranges/i.test(type);
  const parts = isMultipart ? readMultipart(type, answer.body) : single(bench, answer);
  if (typeof parts === 'string') return unmet(`Came ${answer.words}, but ${parts}.`);
  const wrong = parts.find(({ first, bytes }) => !areBytesOf(bench, first, bytes));
  if (wrong) return unmet(`The part ${wrong.first}-${wrong.last} has other bytes than the whole object.`);
  const missing = wanted.find(
    ([first, last]) => !parts.some((part) => part.first <= first && last <= part.last),
  );
  if (missing) return unmet(`Nothing has the bytes ${missing[0]}-${missing[1]}, which were asked for.`);
  return met(`Came 206 with ${parts.map(({ first, last }) => `${first}-${last}`).join(', ')}.`);
}

interface Piece {
  readonly first: number;
  readonly last: number;
  readonly bytes: Uint8Array;
}

function single(bench: Bench, answer: CheckAnswer): readonly Piece[] | string {
  const match = /^bytes (\d+)-(\d+)\//.exec(answer.field('content-range') ?? '');
  if (!match) return 'it is neither multipart/byteranges nor has it a Content-Range';
  const [first, last] = [Number(match[1]), Number(match[2])];
  const wrong = wrongRange(bench, answer, { start: first, end: last + 1 });
  return wrong ?? [{ first, last, bytes: answer.body }];
}

export const multiChecks: readonly Check[] = [
  {
    id: 'multi',
    title: 'Two ranges come as multipart/byteranges',
    section: 'RFC 9110, 15.3.7.2',
    level: 'MUST',
    run: withRanges(apart.needs, async (bench) => {
      const answer = await bench.ask({ Range: `${apart.first}, ${apart.second}` });
      return judge(bench, answer, [
        [0, 9],
        [2000, 2009],
      ]);
    }),
  },
  {
    id: 'multi-head',
    title: 'A multipart answer has Content-Range in its parts only',
    section: 'RFC 9110, 15.3.7.2',
    level: 'MUST',
    run: withRanges(apart.needs, async (bench) => {
      const answer = await bench.ask({ Range: `${apart.first}, ${apart.second}` });
      if (!/^multipart\/byteranges/i.test(answer.field('content-type') ?? ''))
        return allowed(`Came ${answer.words}, and so no multipart answer.`);
      const range = answer.field('content-range');
      return range === undefined
        ? met('There is none in the head.')
        : unmet(`Content-Range is ${range}; expected none.`);
    }),
  },
  {
    id: 'multi-length',
    title: 'A multipart answer is as long as it says',
    section: 'RFC 9110, 8.6',
    level: 'MUST',
    run: withRanges(apart.needs, async (bench) => {
      const answer = await bench.ask({ Range: `${apart.first}, ${apart.second}` });
      if (answer.ended === 'limit') return allowed(`Came ${answer.words}, and so no multipart answer.`);
      const isTrue =
        answer.ended === 'whole' && (answer.contentLength ?? answer.body.length) === answer.body.length;
      return isTrue ? met(`Came ${answer.words}.`) : unmet(`Came ${answer.words}; expected all of it.`);
    }),
  },
  {
    id: 'multi-one-left',
    title: 'Of two ranges, one behind the end is dropped',
    section: 'RFC 9110, 14.1.2',
    level: 'MUST',
    run: withRanges(10, async (bench, length) => {
      const answer = await bench.ask({ Range: `bytes=0-9, ${length + 10}-${length + 20}` });
      return judge(bench, answer, [[0, 9]]);
    }),
  },
  {
    id: 'multi-none-left',
    title: 'Only ranges behind the end are a 416',
    section: 'RFC 9110, 15.5.17',
    level: 'SHOULD',
    run: withRanges(1, async (bench, length) => {
      const answer = await bench.ask({ Range: `bytes=${length}-, ${length + 10}-${length + 20}` });
      if (answer.status === 200)
        return allowed('Came 200 with the whole object, which is allowed; useful is 416.');
      return answer.status === 416 ? met('Came 416.') : unmet(`Came ${answer.words}; expected 416.`);
    }),
  },
  {
    id: 'multi-overlapping',
    title: 'Overlapping ranges have the right bytes, joined or not',
    section: 'RFC 9110, 14.2',
    level: 'MUST',
    run: withRanges(150, async (bench) => {
      const answer = await bench.ask({ Range: 'bytes=0-99, 50-149' });
      return judge(bench, answer, [
        [0, 99],
        [50, 149],
      ]);
    }),
  },
  {
    id: 'multi-blanks',
    title: 'Blanks around the commas of a list mean nothing',
    section: 'RFC 9110, 5.6.1',
    level: 'MUST',
    run: withRanges(apart.needs, async (bench) => {
      const answer = await bench.ask({ Range: `${apart.first} \t,\t ${apart.second}` });
      return judge(bench, answer, [
        [0, 9],
        [2000, 2009],
      ]);
    }),
  },
  {
    id: 'multi-many',
    title: 'Many ranges do not make the answer larger than the object',
    section: 'RFC 9110, 17.15',
    level: 'SHOULD',
    run: withRanges(1000, async (bench, length) => {
      const asked = 40;
      const answer = await bench.ask({
        Range: `bytes=${Array.from({ length: asked }, () => '0-').join(',')}`,
      });
      if (answer.status >= 400) return met(`Refused with ${answer.status}.`);
      // What is read is limited, so the promise counts.
      const sent = answer.contentLength ?? answer.body.length;
      const most = length + asked * 200;
      return sent <= most
        ? met(`Came ${answer.status} with ${sent} bytes for ${asked} times the whole object.`)
        : unmet(
            `Came ${answer.status} with ${sent} bytes of an object of ${length}; expected to be refused, joined or ignored.`,
          );
    }),
  },
];
