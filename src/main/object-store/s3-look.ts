/** Data and companion, asked for at the same time, and what they mean together. */
import type { ByteRange } from '#shared/range.ts';
import { FollowingController, ignore } from './cancel.ts';
import { resolveObject } from './layout.ts';
import type { DataObject, ReadCompanion, Resolution } from './layout.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { openData } from './s3-discover.ts';
import type { OpenedData } from './s3-discover.ts';
import { getCompanion, headData } from './s3-objects.ts';

export interface Found {
  readonly data: DataObject;
  readonly companion: ReadCompanion | undefined;
  readonly resolution: Resolution;
  /** Lets go of bytes that came with it. */
  discard?(): void;
}

/** `now` gives milliseconds since the epoch, which decide about expiry. @throws SluiceError */
export async function lookUp(
  bucket: S3Bucket,
  key: string,
  now: () => number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const [data, companion] = await Promise.all([
    headData(bucket, key, signal),
    getCompanion(bucket, key, signal),
  ]);
  return data && { data, companion, resolution: resolveObject(key, data, companion, now()) };
}

/** The same with bytes of the data, by one attempt. @throws SluiceError */
export async function openObject(
  bucket: S3Bucket,
  key: string,
  wanted: ByteRange,
  now: () => number,
  signal: AbortSignal,
): Promise<(Found & OpenedData) | undefined> {
  using companionLife = new FollowingController(signal);
  const reading = getCompanion(bucket, key, companionLife.signal, 'once');
  reading.catch(ignore); // Heard below, unless the data fails first.
  let opened: OpenedData | undefined;
  try {
    opened = await openData(bucket, key, wanted, signal);
    const companion = await reading;
    if (!opened) return undefined;
    return { ...opened, companion, resolution: resolveObject(key, opened.data, companion, now()) };
  } catch (error) {
    companionLife.abort();
    opened?.discard();
    throw error;
  }
}
