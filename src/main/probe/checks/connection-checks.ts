/** Whether a connection can be used again after an answer that has no body, or only a part of one. */
import type { Bench, Fields } from './bench.ts';
import { type Check, allowed, inapplicable, met, type Outcome, unmet } from './check.ts';
import { withRanges } from './partial.ts';
import type { RawAnswer } from '#main/probe/raw.ts';

const second = { Range: 'bytes=0-9' } as const;

/** Asks `first`, which has to come back with `status`, and then for the first bytes on the same connection. */
async function reuse(bench: Bench, first: Fields, status: number): Promise<Outcome> {
  bench.asked.push({ method: 'GET', fields: first });
  using connection = bench.connect();
  const before = await connection.ask(
    { method: 'GET', fields: Object.entries(first), isLast: false },
    bodyLength,
  );
  if (before.status !== status)
    return inapplicable(`Came ${before.status}, and so no ${status} to go on after.`);
  const stray = before.rest.length - bodyLength(before);
  if (stray > 0)
    return unmet(
      `${stray} bytes came behind the ${status}; expected none: they would be read as the next answer.`,
    );
  if (!connection.isOpen) {
    return allowed('The connection was closed, which is allowed; each request then pays for a new one.');
  }
  if (Number.isNaN(stray)) return inapplicable('The answer came without a Content-Length.');
  const after = await connection.ask(
    { method: 'GET', fields: Object.entries(second), isLast: true },
    bodyLength,
  );
  const wanted = Buffer.from(bench.known.prefix.subarray(0, 10)).toString('latin1');
  return after.status === 206 && after.rest === wanted
    ? met(`After ${status}, the same connection gave the right bytes.`)
    : unmet(
        `After ${status}, the same connection gave ${after.status} with ${after.rest.length} bytes; expected 206 with the first ones.`,
      );
}

/** Bytes that belong to an answer; NaN when only reading on can tell. */
function bodyLength({ status, field }: RawAnswer): number {
  if (status === 304 || status === 204) return 0;
  return Number(field('content-length') ?? Number.NaN);
}

const common = { section: 'RFC 9112, 9.3', level: 'MUST' } as const;

export const connectionChecks: readonly Check[] = [
  {
    ...common,
    id: 'reuse-206',
    title: 'A connection can be used again after 206',
    run: withRanges(1, (bench) => reuse(bench, { Range: 'bytes=0-0' }, 206)),
  },
  {
    ...common,
    id: 'reuse-304',
    title: 'A connection can be used again after 304',
    run: withRanges(1, async (bench) => {
      const { etag } = bench.known;
      return etag === undefined
        ? inapplicable('There is no ETag.')
        : reuse(bench, { 'If-None-Match': etag }, 304);
    }),
  },
  {
    ...common,
    id: 'reuse-416',
    title: 'A connection can be used again after 416',
    run: withRanges(1, (bench, length) => reuse(bench, { Range: `bytes=${length}-` }, 416)),
  },
];
