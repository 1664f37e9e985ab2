/** Whether an answer is exactly the bytes that were asked for. */
import type { ByteRange } from '#shared/range.ts';
import { formatContentRange } from '#shared/http/content-range.ts';
import type { Bench, CheckAnswer, Fields } from './bench.ts';
import { allowed, inapplicable, met, type Outcome, unmet } from './check.ts';

/** Runs `check` when the server serves ranges of an object of at least `atLeast` bytes, whose length is then known. */
export function withRanges(
  atLeast: number,
  check: (bench: Bench, length: number) => Promise<Outcome>,
): (bench: Bench) => Promise<Outcome> {
  return async (bench) => {
    const { length, servesRanges } = bench.known;
    if (!servesRanges) return inapplicable('It serves no ranges.');
    if (length === undefined) return inapplicable('The length of the object is not known.');
    if (length < atLeast) return inapplicable(`The object has only ${length} bytes; this needs ${atLeast}.`);
    return check(bench, length);
  };
}

/** Asks with these fields, and expects one range; the whole object is what a server may always send instead. */
export async function expectRange(bench: Bench, fields: Fields, range: ByteRange): Promise<Outcome> {
  const answer = await bench.ask(fields);
  const { length = 0 } = bench.known;
  const expected = `206 with Content-Range ${formatContentRange(range, length)}`;
  if (answer.status === 200)
    return allowed(`Came 200 with the whole object, which is allowed; useful is ${expected}.`);
  const wrong = wrongRange(bench, answer, range);
  return wrong === undefined
    ? met(`Came ${answer.words}.`)
    : unmet(`Came ${answer.words}; expected ${expected}: ${wrong}.`);
}

/** What is wrong with a 206 of one range, as the end of a sentence; `undefined` when nothing is. */
export function wrongRange(bench: Bench, answer: CheckAnswer, range: ByteRange): string | undefined {
  const { length = 0 } = bench.known;
  if (answer.status !== 206) return `the status is ${answer.status}`;
  const contentRange = answer.field('content-range');
  const unknownTotal = `bytes ${range.start}-${range.end - 1}/*`;
  if (contentRange !== formatContentRange(range, length) && contentRange !== unknownTotal)
    return contentRange === undefined ? 'there is no Content-Range' : 'the Content-Range is another';
  const bytes = range.end - range.start;
  if (answer.contentLength !== undefined && answer.contentLength !== bytes)
    return 'the Content-Length is another';
  if (answer.ended === 'broken off') return 'the body broke off';
  if (answer.ended === 'whole' && answer.body.length !== bytes) return 'the body has another length';
  return areBytesOf(bench, range.start, answer.body)
    ? undefined
    : 'the bytes are not those of the whole object';
}

/** Whether `bytes` are what the object has from `start` on, as far as that has been read. */
export function areBytesOf(bench: Bench, start: number, bytes: Uint8Array): boolean {
  const { prefix } = bench.known;
  const comparable = Math.max(0, Math.min(bytes.length, prefix.length - start));
  const same =
    Buffer.compare(bytes.subarray(0, comparable), prefix.subarray(start, start + comparable)) === 0;
  return same || comparable === 0;
}

/** Asks with these fields and expects one of these statuses. `why` is the end of a sentence. */
export async function expectStatus(
  bench: Bench,
  fields: Fields,
  statuses: readonly number[],
  why: string,
): Promise<Outcome> {
  const answer = await bench.ask(fields);
  const wanted = statuses.join(' or ');
  return statuses.includes(answer.status)
    ? met(`Came ${answer.words}.`)
    : unmet(`Came ${answer.words}; expected ${wanted}: ${why}.`);
}
