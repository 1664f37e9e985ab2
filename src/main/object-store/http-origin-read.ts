/**
 * One ranged GET of one revision from an HTTP origin. As with S3, nothing of an answer is copied before it has proved
 * to be the answer to this request. The origin may know no If-Match, so its ETag is compared as well.
 */
import type { IncomingMessage } from 'node:http';
import { SluiceError } from '#shared/errors.ts';
import { unexpected } from './http-origin-client.ts';
import type { OriginClient } from './http-origin-client.ts';
import { partsOf } from './http-origin-head.ts';
import { copyBody, revisionChanged } from './range-read.ts';
import type { RangeRead } from './range-read.ts';

/** The revision is not there any more; 416 because every range that is asked for lies within it. */
const goneStatuses: ReadonlySet<number | undefined> = new Set([404, 410, 412, 416]);

/** @throws SluiceError as ObjectStore.readRange */
export function readFromOrigin(client: OriginClient, read: RangeRead, signal: AbortSignal): Promise<void> {
  const { revision, range, onAttempt, onBackOff } = read;
  const { etag, url } = partsOf(revision.pin);
  const headers = { range: `bytes=${range.start}-${range.end - 1}`, 'if-match': `"${etag}"` };
  return client.request(
    { method: 'GET', url, headers, onAttempt, onBackOff },
    async (answer, watch) => {
      checkAnswer(answer, read, url, etag);
      await copyBody(answer, read, watch);
    },
    signal,
  );
}

/** @throws SluiceError REVISION_CHANGED, STORE_MISBEHAVED, and what another status means */
function checkAnswer(answer: IncomingMessage, read: RangeRead, url: URL, etag: string): void {
  const { statusCode, headers } = answer;
  const { revision, range } = read;
  if (goneStatuses.has(statusCode)) throw revisionChanged(revision);
  if (statusCode !== 206 && statusCode !== 200) throw unexpected(answer, url);
  if (headers.etag !== undefined && headers.etag !== `"${etag}"`) throw revisionChanged(revision);
  if (statusCode === 200) throw misbehaved(url, 'the whole object, which is not spliced into another answer');
  const wanted = `bytes ${range.start}-${range.end - 1}/${revision.length}`;
  if (headers['content-range'] !== wanted)
    throw misbehaved(url, `Content-Range "${headers['content-range']}" instead of "${wanted}"`);
  if (headers.etag === undefined) throw misbehaved(url, `no ETag, which was "${etag}"`);
  const bytes = String(range.end - range.start);
  // Absent with chunked transfer coding: the bytes are counted then.
  if ((headers['content-length'] ?? bytes) !== bytes)
    throw misbehaved(url, `Content-Length ${headers['content-length']} instead of ${bytes}`);
}

function misbehaved(url: URL, found: string): SluiceError {
  return new SluiceError('STORE_MISBEHAVED', `${url.href} answered a ranged GET with ${found}`);
}
