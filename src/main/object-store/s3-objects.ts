/** The two S3 objects that make one of ours: reading, writing and removing them, each with one request. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';
import {
  companionName,
  decodeCompanion,
  decodeUserMetadata,
  encodeCompanion,
  objectName,
  parseExpiry,
  unquote,
} from './layout.ts';
import type { Companion, DataObject, ReadCompanion } from './layout.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { isMissingObject } from './s3-errors.ts';
import { bodyOf } from './s3-read.ts';

/** Companions are a few hundred bytes; one larger than this is not ours. */
const maxCompanionBytes = 64 * KiB;

/** The data object as it is now, or `undefined`. @throws SluiceError */
export async function headData(
  bucket: S3Bucket,
  key: string,
  signal: AbortSignal,
): Promise<DataObject | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket.name, Key: objectName(bucket.prefix, key) });
  const answer = await bucket.request(
    `looking up ${bucket.description}: ${key}`,
    (client, watch) => client.send(command, { abortSignal: watch.signal }).catch(missingAsUndefined),
    signal,
  );
  return answer && toDataObject(answer);
}

function toDataObject(answer: HeadObjectCommandOutput): DataObject {
  const { ETag, ContentLength, LastModified } = answer;
  if (ETag === undefined || ContentLength === undefined || LastModified === undefined) {
    throw new SluiceError(
      'STORE_MISBEHAVED',
      'the store gave an object without ETag, length or Last-Modified',
    );
  }
  return {
    pin: unquote(ETag),
    length: ContentLength,
    lastModified: LastModified,
    expiresAt: parseExpiry(answer.ExpiresString),
    ...decodeUserMetadata(answer.Metadata ?? {}),
  };
}

/** The companion, or `undefined` when there is none or it is damaged. @throws SluiceError */
export async function getCompanion(
  bucket: S3Bucket,
  key: string,
  signal: AbortSignal,
): Promise<ReadCompanion | undefined> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: companionName(bucket.prefix, key) });
  return bucket.request(
    `looking up the companion of ${bucket.description}: ${key}`,
    async (client, watch) => {
      const answer = await client.send(command, { abortSignal: watch.signal }).catch(missingAsUndefined);
      if (!answer) return undefined;
      const body = bodyOf(answer, watch);
      try {
        let text = '';
        for await (const piece of body.setEncoding('utf8') as AsyncIterable<string>) {
          text += piece;
          watch.alive();
          if (text.length > maxCompanionBytes) return undefined;
        }
        const companion = decodeCompanion(text);
        const { LastModified: lastModified = new Date(0), ETag = '' } = answer;
        return companion && { ...companion, lastModified, pin: unquote(ETag) };
      } finally {
        body.destroy();
      }
    },
    signal,
  );
}

/** Writes the companion; with `pin`, only over that revision of it, where the server knows how. @throws SluiceError */
export async function putCompanion(
  bucket: S3Bucket,
  key: string,
  companion: Companion,
  pin: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const command = new PutObjectCommand({
    Bucket: bucket.name,
    Key: companionName(bucket.prefix, key),
    ContentType: 'application/json',
    Body: encodeCompanion(companion),
    // Without quotes: S3 takes either, Ceph compares what it gets.
    ...(pin === undefined ? {} : { IfMatch: pin }),
  });
  await bucket.request(
    `writing the companion of ${key}`,
    (client, watch) => client.send(command, { abortSignal: watch.signal }),
    signal,
  );
}

/** Removes both objects, the data first: without it there is nothing. @throws SluiceError */
export async function removeObject(bucket: S3Bucket, key: string, signal: AbortSignal): Promise<void> {
  for (const Key of [objectName(bucket.prefix, key), companionName(bucket.prefix, key)]) {
    const command = new DeleteObjectCommand({ Bucket: bucket.name, Key });
    await bucket.request(
      `deleting ${Key}`,
      (client, watch) => client.send(command, { abortSignal: watch.signal }).catch(missingAsUndefined),
      signal,
    );
  }
}

function missingAsUndefined(error: unknown): undefined {
  if (!isMissingObject(error)) throw error;
}
