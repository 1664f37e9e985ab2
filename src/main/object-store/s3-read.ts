/**
 * One ranged GET of one revision into a buffer. Nothing of an answer is copied before it has proved to be the answer
 * to this request: 206, the range asked for, of an object of this length, with this validator.
 */
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { objectName, unquote } from './layout.ts';
import type { ObjectRevision } from './object-store.ts';
import { copyBody, revisionChanged } from './range-read.ts';
import type { RangeRead } from './range-read.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isMissingObject, isPreconditionFailed } from './s3-errors.ts';
import { AnswerBody } from './transport/answer-body.ts';
import type { Watched } from './watchdog.ts';

/** @throws SluiceError as ObjectStore.readRange */
export function readRange(bucket: S3Bucket, read: RangeRead, signal: AbortSignal): Promise<void> {
  const { revision, range, onBackOff } = read;
  const input = {
    Bucket: bucket.name,
    Key: objectName(bucket.prefix, revision.key),
    Range: `bytes=${range.start}-${range.end - 1}`,
    IfMatch: `"${revision.pin}"`,
  };
  return bucket.request(
    `reading ${bucket.description}: ${revision.key}`,
    async (client, watch) => {
      read.onAttempt();
      const answer = await client
        .send(new GetObjectCommand(input), { abortSignal: watch.signal })
        .catch((error: unknown) => {
          throw isMissingObject(error) || isPreconditionFailed(error)
            ? revisionChanged(revision, error)
            : error;
        });
      await receive(answer, read, watch);
    },
    signal,
    { onBackOff },
  );
}

async function receive(answer: GetObjectCommandOutput, read: RangeRead, watch: Watched): Promise<void> {
  const body = bodyOf(answer, watch);
  try {
    const fault = faultOf(answer, read.revision, read.range);
    if (fault !== undefined)
      throw new SluiceError('STORE_MISBEHAVED', `the store answered a ranged GET with ${fault}`);
    watch.alive();
    await fill(body, read, watch);
  } finally {
    body.destroy(); // A body left unread keeps its socket for ever; after the last byte this changes nothing.
  }
}

/** Straight into the buffer where the transport can; otherwise piece by piece. */
function fill(body: Readable, read: RangeRead, watch: Watched): Promise<void> {
  const { into, onReceived } = read;
  if (!(body instanceof AnswerBody) || body.memoryBytes !== into.length) return copyBody(body, read, watch);
  return body.readInto(into, (bytes) => {
    watch.alive();
    onReceived(bytes);
  });
}

/** The body of an answer, which an abort destroys. */
export function bodyOf(answer: Pick<GetObjectCommandOutput, 'Body'>, watch: Watched): Readable {
  const body = answer.Body;
  if (!(body instanceof Readable)) throw new SluiceError('INVARIANT', 'the S3 client gave no Node.js stream');
  // An error between two reads would otherwise have no listener and end the process; the next read throws it.
  body.on('error', () => undefined);
  watch.signal.addEventListener('abort', () => body.destroy(), { once: true });
  return body;
}

/** What is wrong with the answer's head, or `undefined`. */
function faultOf(
  answer: GetObjectCommandOutput,
  revision: ObjectRevision,
  range: ByteRange,
): string | undefined {
  const status = answer.$metadata.httpStatusCode;
  if (status !== 206) return `status ${status}`;
  const wanted = `bytes ${range.start}-${range.end - 1}/${revision.length}`;
  if (answer.ContentRange !== wanted) return `Content-Range "${answer.ContentRange}" instead of "${wanted}"`;
  if (unquote(answer.ETag ?? '') !== revision.pin) return `ETag ${answer.ETag} instead of "${revision.pin}"`;
  const bytes = range.end - range.start;
  // Absent with chunked transfer coding: the bytes are counted then.
  if ((answer.ContentLength ?? bytes) !== bytes)
    return `Content-Length ${answer.ContentLength} instead of ${bytes}`;
  return undefined;
}
