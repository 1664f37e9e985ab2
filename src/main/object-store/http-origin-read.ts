/**
 * Ranged GETs from an HTTP origin: of one revision, and of whatever is there, which tells what that is. As with S3,
 * nothing of a body is taken before its head has proved to be the answer to the request. The origin may know no
 * If-Match, so its ETag is compared as well.
 */
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { disposeOf, toOriginError, unexpected } from './http-origin-client.ts';
import type { OriginClient } from './http-origin-client.ts';
import { describeAnswer, isMissing, lookUp, partsOf, unknownLength } from './http-origin-head.ts';
import type { LookUp } from './http-origin-head.ts';
import type { Discovery, ObjectRevision, RangeAnswer } from './object-store.ts';
import { parseContentRange, rangeAnswer, rangeField, rangeWithin, revisionChanged } from './range-answer.ts';
import type { Answer } from './transport/answer-reader.ts';

/** The revision is not there any more; 416 because every range that is asked for lies within it. */
const goneStatuses: ReadonlySet<number> = new Set([404, 410, 412, 416]);

/** @throws SluiceError as ObjectStore.openRange */
export async function openRange(
  client: OriginClient,
  revision: ObjectRevision,
  range: ByteRange,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const { etag, url } = partsOf(revision.pin);
  const headers = { range: rangeField(range), 'if-match': `"${etag}"` };
  const answer = await client.once({ method: 'GET', url, headers }, signal);
  return judged(answer, () => {
    checkRevision(answer, revision, url, etag);
    checkExtent(answer, range, revision.length, url);
    return bodyAnswer(answer, range, url, signal);
  });
}

/**
 * Asks for the range at once. Where that does not settle what is there, because it has no such range, or not by
 * ranges, the origin is asked as `head` asks it.
 * @throws SluiceError as ObjectStore.discover
 */
export async function discoverAtOrigin(
  look: LookUp,
  wanted: ByteRange,
  signal: AbortSignal,
): Promise<Discovery | undefined> {
  const { client, url } = look;
  const headers = { range: rangeField(wanted) };
  const answer = await client.once({ method: 'GET', url, headers }, signal);
  const opened = await judged(answer, () => {
    const { status } = answer.head;
    if (isMissing(answer)) return undefined;
    if (status === 200 || status === 416) return 'unsettled';
    if (status !== 206) throw unexpected(answer, url);
    return discovered(answer, look, wanted, signal);
  });
  if (opened !== 'unsettled') return opened;
  const object = await lookUp(look, signal);
  return object && { object, range: rangeWithin(wanted, object.revision.length) };
}

/** What `judge` makes of the answer; unless that is its body, it is disposed of. */
async function judged<T>(answer: Answer, judge: () => T): Promise<T> {
  let kept = false;
  try {
    const result = judge();
    kept = typeof result === 'object';
    return result;
  } finally {
    if (!kept) await disposeOf(answer.body);
  }
}

function discovered(answer: Answer, look: LookUp, wanted: ByteRange, signal: AbortSignal): Discovery {
  const { url } = look;
  const said = answer.head.headers['content-range'] ?? '';
  if (/^bytes \d+-\d+\/\*$/.test(said)) throw unknownLength(url);
  const { length } = parseContentRange(said) ?? {};
  if (length === undefined) throw misbehaved(url, `Content-Range "${said}"`);
  const range = rangeWithin(wanted, length);
  checkExtent(answer, range, length, url);
  const object = describeAnswer(answer, length, look);
  return { object, range, answer: bodyAnswer(answer, range, url, signal) };
}

function bodyAnswer({ body }: Answer, { start, end }: ByteRange, url: URL, signal: AbortSignal): RangeAnswer {
  return rangeAnswer({ body, bytes: end - start, signal, toError: (error) => toOriginError(error, url) });
}

/** @throws SluiceError REVISION_CHANGED, STORE_MISBEHAVED, and what another status means */
function checkRevision(answer: Answer, revision: ObjectRevision, url: URL, etag: string): void {
  const { status, headers } = answer.head;
  if (goneStatuses.has(status)) throw revisionChanged(revision);
  if (status !== 206 && status !== 200) throw unexpected(answer, url);
  const found = headers['etag'];
  if (found !== undefined && found !== `"${etag}"`) throw revisionChanged(revision);
  if (status === 200) throw misbehaved(url, 'the whole object, which is not spliced into another answer');
  if (found === undefined) throw misbehaved(url, `no ETag, which was "${etag}"`);
}

/** @throws SluiceError STORE_MISBEHAVED */
function checkExtent({ head: { headers } }: Answer, range: ByteRange, length: number, url: URL): void {
  const bytes = range.end - range.start;
  const wanted = `bytes ${range.start}-${range.end - 1}/${length}`;
  if (bytes === 0 || headers['content-range'] !== wanted)
    throw misbehaved(url, `Content-Range "${headers['content-range']}" instead of "${wanted}"`);
  // Absent with chunked transfer coding: the bytes are counted then.
  if ((headers['content-length'] ?? String(bytes)) !== String(bytes))
    throw misbehaved(url, `Content-Length ${headers['content-length']} instead of ${bytes}`);
}

function misbehaved(url: URL, found: string): SluiceError {
  return new SluiceError('STORE_MISBEHAVED', `${url.href} answered a ranged GET with ${found}`);
}
