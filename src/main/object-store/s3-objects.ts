/** The two S3 objects that make one of ours: reading, writing and removing them, each with one request. */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, HeadObjectCommandOutput } from '@aws-sdk/client-s3';
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
import type { FullChecksum, ObjectRevision } from './object-store.ts';
import type { S3Bucket, Send } from './s3-bucket.ts';
import { isMissingObject } from './s3-errors.ts';
import { bodyOf, isGone, pinOf } from './s3-read.ts';
import type { Watched } from './watchdog.ts';

/** Companions are a few hundred bytes; one larger than this is not ours. */
const maxCompanionBytes = 64 * KiB;

/** The data object as it is now, or `undefined`. @throws SluiceError */
export async function headData(
  bucket: S3Bucket,
  key: string,
  signal: AbortSignal,
): Promise<DataObject | undefined> {
  const command = new HeadObjectCommand({
    Bucket: bucket.name,
    Key: objectName(bucket.prefix, key),
    ChecksumMode: 'ENABLED',
  });
  const answer = await bucket.request(
    `looking up ${bucket.description}: ${key}`,
    (client, watch) => client.send(command, { abortSignal: watch.signal }).catch(missingAsUndefined),
    signal,
  );
  return answer && toDataObject(answer, answer.ContentLength);
}

/** As ObjectStore.checksumOf. @throws SluiceError */
export async function headChecksum(
  bucket: S3Bucket,
  revision: ObjectRevision,
  signal: AbortSignal,
): Promise<FullChecksum | undefined> {
  const { key, pin, length } = revision;
  const command = new HeadObjectCommand({
    Bucket: bucket.name,
    Key: objectName(bucket.prefix, key),
    ChecksumMode: 'ENABLED',
    ...pinOf(revision),
  });
  const answer = await bucket.request(
    `asking for the checksum of ${bucket.description}: ${key}`,
    (client, watch) => client.send(command, { abortSignal: watch.signal }).catch(goneAsUndefined),
    signal,
  );
  // Not every server heeds the pin in a HEAD.
  const isThis = unquote(answer?.ETag ?? '') === pin && answer?.ContentLength === length;
  return answer && isThis ? checksumOf(answer) : undefined;
}

/** What the head of an answer tells of an object of this length. @throws SluiceError STORE_MISBEHAVED */
export function toDataObject(
  answer: HeadObjectCommandOutput | GetObjectCommandOutput,
  length: number | undefined,
): DataObject {
  const { ETag, LastModified, VersionId } = answer;
  if (!ETag || length === undefined || LastModified === undefined) {
    throw new SluiceError(
      'STORE_MISBEHAVED',
      'the store gave an object without ETag, length or Last-Modified',
    );
  }
  return {
    pin: unquote(ETag),
    length,
    // Of buckets that keep no versions, or did not yet.
    versionId: VersionId === 'null' ? undefined : VersionId,
    checksum: checksumOf(answer),
    lastModified: LastModified,
    expiresAt: parseExpiry(answer.ExpiresString),
    ...decodeUserMetadata(answer.Metadata ?? {}),
  };
}

/** One made from the checksums of parts cannot be compared with anything here. */
function checksumOf(answer: HeadObjectCommandOutput | GetObjectCommandOutput): FullChecksum | undefined {
  const { ChecksumType, ChecksumCRC64NVME, ChecksumCRC32 } = answer;
  if (ChecksumType !== 'FULL_OBJECT') return undefined;
  return fullChecksum('crc64nvme', ChecksumCRC64NVME, 8) ?? fullChecksum('crc32', ChecksumCRC32, 4);
}

function fullChecksum(
  algorithm: FullChecksum['algorithm'],
  base64: string | undefined,
  bytes: number,
): FullChecksum | undefined {
  const value = Buffer.from(base64 ?? '', 'base64');
  return value.length === bytes ? { algorithm, value: new Uint8Array(value) } : undefined;
}

/**
 * The companion, or `undefined` when there is none or it is damaged. `once`: for whoever has timers and retries of
 * their own.
 * @throws SluiceError
 */
export async function getCompanion(
  bucket: S3Bucket,
  key: string,
  signal: AbortSignal,
  how: 'request' | 'once' = 'request',
): Promise<ReadCompanion | undefined> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: companionName(bucket.prefix, key) });
  const send: Send<ReadCompanion | undefined> = async (client, watch) => {
    const answer = await client.send(command, { abortSignal: watch.signal }).catch(missingAsUndefined);
    return answer && readCompanion(answer, watch);
  };
  return bucket[how](`looking up the companion of ${bucket.description}: ${key}`, send, signal);
}

async function readCompanion(
  answer: GetObjectCommandOutput,
  watch: Watched,
): Promise<ReadCompanion | undefined> {
  const body = bodyOf(answer);
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

function goneAsUndefined(error: unknown): undefined {
  if (!isGone(error)) throw error;
}
