/**
 * The first look at an object: a GET of the range that is wanted, of whatever revision there is. Its head tells what a
 * HEAD would, and its body is the first answer.
 */
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ByteRange } from '#shared/range.ts';
import { objectName } from './layout.ts';
import type { DataObject } from './layout.ts';
import type { RangeAnswer } from './object-store.ts';
import { parseContentRange, rangeAnswer, rangeField, rangeWithin } from './range-answer.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isMissingObject, isUnsatisfiable, toStoreError } from './s3-errors.ts';
import { headData, toDataObject } from './s3-objects.ts';
import { bodyOf, misbehaved } from './s3-read.ts';

/** The data object as it is now, and the part of the wanted range that it has. */
export interface OpenedData {
  readonly data: DataObject;
  readonly range: ByteRange;
  readonly answer?: RangeAnswer | undefined;
  /** Ends the answer, which nobody will read. */
  discard(): void;
}

/** `undefined` when there is none. @throws SluiceError as ObjectStore.discover */
export async function openData(
  bucket: S3Bucket,
  key: string,
  wanted: ByteRange,
  signal: AbortSignal,
): Promise<OpenedData | undefined> {
  const doing = `looking up ${bucket.description}: ${key}`;
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: objectName(bucket.prefix, key),
    Range: rangeField(wanted),
  });
  askForChecksum(command);
  const found = await bucket.once(
    doing,
    (client) => client.send(command, { abortSignal: signal }).then(notEmpty, withoutBytes),
    signal,
  );
  if (found === 'missing') return undefined;
  if (found === 'beyond the end') {
    const data = await headData(bucket, key, signal);
    return data && { data, range: rangeWithin(wanted, data.length), discard: () => undefined };
  }
  return opened(found, wanted, { signal, doing });
}

function opened(
  answer: GetObjectCommandOutput,
  wanted: ByteRange,
  { signal, doing }: { readonly signal: AbortSignal; readonly doing: string },
): OpenedData {
  const body = bodyOf(answer);
  const discard = () => void body.destroy();
  try {
    const { range, length } = extentOf(answer, wanted);
    const bytes = range.end - range.start;
    // Of a part of an object some servers give the checksum of the part, others that of the whole.
    const data = toDataObject(bytes === length ? answer : { ...answer, ChecksumType: undefined }, length);
    const toError = (error: unknown) => toStoreError(error, doing);
    if (bytes > 0) return { data, range, answer: rangeAnswer({ body, bytes, signal, toError }), discard };
    discard();
    return { data, range, discard };
  } catch (error) {
    discard();
    throw error;
  }
}

/**
 * Which bytes come, and of how many. A server may give all of an object with 200 when that is what was asked for; one
 * that names a range at the same time contradicts itself.
 * @throws SluiceError STORE_MISBEHAVED when they are not the ones that are wanted
 */
function extentOf(
  { $metadata, ContentRange, ContentLength }: GetObjectCommandOutput,
  wanted: ByteRange,
): { readonly range: ByteRange; readonly length: number } {
  const status = $metadata.httpStatusCode;
  const isWhole = status === 200 && wanted.start === 0 && ContentRange === undefined;
  if (isWhole && ContentLength !== undefined && ContentLength <= wanted.end)
    return { range: { start: 0, end: ContentLength }, length: ContentLength };
  if (status !== 206) throw misbehaved(`status ${status} and ${ContentLength} bytes`);
  const said = parseContentRange(ContentRange);
  const expected = said && rangeWithin(wanted, said.length);
  if (!said || expected?.start !== said.range.start || expected.end !== said.range.end)
    throw misbehaved(`Content-Range "${ContentRange}"`);
  const bytes = expected.end - expected.start;
  if ((ContentLength ?? bytes) !== bytes)
    throw misbehaved(`Content-Length ${ContentLength} and Content-Range "${ContentRange}"`);
  return said;
}

/** Not by `ChecksumMode`: the SDK would compare the checksum with the bytes of the range. */
function askForChecksum({ middlewareStack }: GetObjectCommand): void {
  middlewareStack.add(
    (next) => (args) => {
      (args.request as { readonly headers: Record<string, string> }).headers['x-amz-checksum-mode'] =
        'ENABLED';
      return next(args);
    },
    { step: 'build' },
  );
}

/** Some servers give no byte of an empty object with 206, as if that were a range. */
function notEmpty(answer: GetObjectCommandOutput): GetObjectCommandOutput | 'beyond the end' {
  if (answer.$metadata.httpStatusCode !== 206 || answer.ContentLength !== 0) return answer;
  bodyOf(answer).destroy();
  return 'beyond the end';
}

function withoutBytes(error: unknown): 'missing' | 'beyond the end' {
  if (isMissingObject(error)) return 'missing';
  if (isUnsatisfiable(error)) return 'beyond the end';
  throw error;
}
