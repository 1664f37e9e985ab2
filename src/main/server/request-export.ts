/**
 * Requests of the log as a stream of text: rows are read one at a time as the client takes what was written before, so
 * that an export of any size needs the memory of one piece. The log goes on meanwhile; what leaves it is not waited for.
 */
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import { version } from '#main/version.ts';
import type { Filter } from '#shared/filter/filter.ts';
import { harEnd, harEntry, harStart } from '#main/telemetry/har.ts';
import type { RequestRow } from '#shared/request-model.ts';
import { KiB } from '#shared/units.ts';

/** Text is handed on in pieces of about this size. */
const pieceBytes = 16 * KiB;
/** Rows that are looked at before others get their turn. */
const sliceRows = 1000;

/** Followers are told of what is new so often. */
const followMilliseconds = 200;
const followRows = 500;
/**
 * Rounds without news after which a follower gets an empty line: it can tell quiet from a dead server, and we find out
 * that it has gone, which only a write can tell (TCP has two ways).
 */
const quietRounds = 10;

export interface Selection {
  readonly filter: Filter;
  /** Only rows after this one. */
  readonly after: number;
  /** Only the newest of those that pass. */
  readonly limit?: number | undefined;
}

/** Rows that pass, oldest first, of those that are there when it begins. */
async function* passing(
  log: RequestLog,
  { filter, after, limit }: Selection,
): AsyncGenerator<RequestRow, void> {
  const end = log.total;
  const now = Date.now();
  const newest = limit === undefined ? undefined : await newestPassing(log, filter, { before: end, limit });
  const first = newest?.requests.at(-1)?.seq ?? 0;
  let looked = 0;
  for (let seq = Math.max(after + 1, first, log.oldest); seq < end; seq += 1) {
    const row = log.row(seq);
    if (row && filter.matches(row, now)) yield row;
    looked += 1;
    if (looked % sliceRows === 0) await setImmediate();
  }
}

/** The newest rows that pass, newest first: at most `limit`, of those before `before`. */
export async function newestPassing(
  log: RequestLog,
  filter: Filter,
  { before = log.total, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<{ readonly requests: readonly RequestRow[]; readonly hasOlder: boolean }> {
  const now = Date.now();
  const requests: RequestRow[] = [];
  let seq = Math.min(before, log.total) - 1;
  for (let looked = 1; seq >= log.oldest && requests.length <= limit; seq -= 1, looked += 1) {
    const row = log.row(seq);
    if (row && filter.matches(row, now)) requests.push(row);
    if (looked % sliceRows === 0) await setImmediate();
  }
  return { requests: requests.slice(0, limit), hasOlder: requests.length > limit };
}

export async function* asLines(log: RequestLog, selection: Selection): AsyncGenerator<string, void> {
  yield* inPieces(lines(passing(log, selection)));
}

/**
 * Rows after `after` that pass, and those that come, until the client goes. Whoever reads too slowly is told in a line
 * of its own how many rows went by: `{"missed":12}`.
 */
export async function* asTail(log: RequestLog, { filter, after }: Selection): AsyncGenerator<string, void> {
  let cursor = Math.max(0, after + 1);
  for (let quiet = 0; ; quiet += 1) {
    const page = log.read(cursor, followRows);
    cursor = page.cursor;
    const now = Date.now();
    const passed = page.requests
      .filter((row) => filter.matches(row, now))
      .map((row) => `${JSON.stringify(row)}\n`);
    if (page.missed > 0) passed.unshift(`${JSON.stringify({ missed: page.missed })}\n`);
    if (passed.length > 0 || quiet % quietRounds === 0) {
      yield passed.join('') || '\n';
      quiet = 0;
    }
    if (page.requests.length < followRows) await sleep(followMilliseconds);
  }
}

export async function* asHar(
  log: RequestLog,
  selection: Selection,
  origin: string,
): AsyncGenerator<string, void> {
  yield* inPieces(har(log, selection, origin));
}

async function* har(log: RequestLog, selection: Selection, origin: string): AsyncGenerator<string, void> {
  yield harStart(version);
  let comma = '';
  for await (const row of passing(log, selection)) {
    yield `${comma}\n${JSON.stringify(harEntry(origin, row, log.detail(row.seq)))}`;
    comma = ',';
  }
  yield `\n${harEnd}\n`;
}

async function* lines(rows: AsyncIterable<RequestRow>): AsyncGenerator<string, void> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceBytes) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
