/**
 * One ranged GET. Nothing of its body is taken before the head has proved to be the answer to this request: 206, the
 * range asked for, of an object of this length, with this validator.
 */
import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { GetObjectCommandInput, GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { ignore } from './cancel.ts';
import { objectName, unquote } from './layout.ts';
import type { ObjectRevision, RangeAnswer } from './object-store.ts';
import { rangeAnswer, rangeField, revisionChanged } from './range-answer.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isMissingObject, isPreconditionFailed, isUnsatisfiable, toStoreError } from './s3-errors.ts';

/** @throws SluiceError as ObjectStore.openRange */
export async function openRange(
  bucket: S3Bucket,
  revision: ObjectRevision,
  range: ByteRange,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const doing = `reading ${bucket.description}: ${revision.key}`;
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: objectName(bucket.prefix, revision.key),
    Range: rangeField(range),
    ...pinOf(revision),
  });
  const answer = await bucket.once(
    doing,
    (client) =>
      client.send(command, { abortSignal: signal }).catch((error: unknown) => {
        throw isGone(error) ? revisionChanged(revision, error) : error;
      }),
    signal,
  );
  const body = bodyOf(answer);
  const fault = faultOf(answer, revision, range);
  if (fault !== undefined) {
    body.destroy(); // Unread, it would keep its connection for ever.
    throw misbehaved(fault);
  }
  const bytes = range.end - range.start;
  return rangeAnswer({ body, bytes, signal, toError: (error) => toStoreError(error, doing) });
}

/** A version stays as it is, also when it has been replaced; where there are none the validator has to match. */
export function pinOf({
  versionId,
  pin,
}: ObjectRevision): Pick<GetObjectCommandInput, 'VersionId' | 'IfMatch'> {
  return versionId === undefined ? { IfMatch: `"${pin}"` } : { VersionId: versionId };
}

/** Whether there is another revision: every range that is asked for lies within its own. */
export function isGone(error: unknown): boolean {
  return isMissingObject(error) || isPreconditionFailed(error) || isUnsatisfiable(error);
}

/** The body of an answer. */
export function bodyOf({ Body: body }: Pick<GetObjectCommandOutput, 'Body'>): Readable {
  if (!(body instanceof Readable)) throw new SluiceError('INVARIANT', 'the S3 client gave no Node.js stream');
  // An error between two reads would otherwise have no listener and end the process; the next read throws it.
  return body.on('error', ignore);
}

/** The error for an answer that is none to what was asked. */
export function misbehaved(fault: string): SluiceError {
  return new SluiceError('STORE_MISBEHAVED', `the store answered a ranged GET with ${fault}`);
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
