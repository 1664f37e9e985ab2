/**
 * The S3 store. What lies in the bucket is decided in layout.ts; how a request is sent, timed and tried again in
 * s3-bucket.ts. Here is the order of things:
 *
 *   head    data and companion at the same time, then what they mean together
 *   put     stage the bytes unseen, commit the data, write the companion; any failure undoes it
 *   delete  the data, then the companion
 *
 * Commits and removals of one key follow each other inside this process, so that their tags agree. Against other
 * processes there are only the tags, and the grace period.
 */
import { randomBytes } from 'node:crypto';
import type { ByteRange } from '#shared/range.ts';
import { orAborted, throwIfAborted } from './cancel.ts';
import { KeyedLock } from './keyed-lock.ts';
import { encodeUserMetadata, expiryAfter, objectName, refreshedExpiry, resolveObject } from './layout.ts';
import type { DataObject, ReadCompanion, Resolution } from './layout.ts';
import type {
  ObjectMetadata,
  ObjectRevision,
  ObjectStore,
  PartMemory,
  ReadObserver,
  StoredObject,
} from './object-store.ts';
import { observedRead } from './range-read.ts';
import { S3Bucket } from './s3-bucket.ts';
import type { S3Options } from './s3-bucket.ts';
import { checkBucket, listNamespaces } from './s3-list.ts';
import { getCompanion, headData, putCompanion, removeObject } from './s3-objects.ts';
import { readRange } from './s3-read.ts';
import { stageUpload } from './s3-upload.ts';
import type { StagedUpload } from './s3-upload.ts';

export interface S3StoreOptions extends S3Options {
  /** Milliseconds since the epoch; decides about expiry. */
  readonly now?: (() => number) | undefined;
}

/** A store in one bucket, or below one prefix of it. No request is made yet: see `check`. */
export function createS3Store(options: S3StoreOptions): ObjectStore {
  return new S3Store(new S3Bucket(options), options.now ?? Date.now);
}

class S3Store implements ObjectStore {
  readonly #bucket: S3Bucket;
  readonly #now: () => number;
  readonly #commits = new KeyedLock();
  /** Keys whose companion is being rewritten in the background, and that work. */
  readonly #refreshes = new Map<string, Promise<void>>();

  constructor(bucket: S3Bucket, now: () => number) {
    this.#bucket = bucket;
    this.#now = now;
  }

  get description(): string {
    return this.#bucket.description;
  }

  async head(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    let found = await this.#lookUp(key, signal);
    if (found?.resolution.kind === 'uncommitted') {
      // Perhaps by this very process, in a moment.
      await orAborted(this.#commits.settled(key), signal);
      found = await this.#lookUp(key, signal);
    }
    if (!found) return undefined;
    const { data, companion, resolution } = found;
    if (resolution.kind === 'expired') await this.#commits.run(key, () => this.#removeOwn(key, data.tag));
    if (resolution.kind !== 'found') return undefined;
    if (companion && resolution.agreed) this.#refresh(key, data, companion);
    return resolution.object;
  }

  async #lookUp(key: string, signal: AbortSignal): Promise<Found | undefined> {
    const [data, companion] = await Promise.all([
      headData(this.#bucket, key, signal),
      getCompanion(this.#bucket, key, signal),
    ]);
    return data && { data, companion, resolution: resolveObject(key, data, companion, this.#now()) };
  }

  /** Puts the expiry off, in the background, when the object's life is more than half over. */
  #refresh(key: string, data: DataObject, companion: ReadCompanion): void {
    const expiresAt = refreshedExpiry(data, companion, this.#now());
    if (!expiresAt || this.#refreshes.has(key)) return;
    const work = this.#commits
      .run(key, () =>
        this.#bucket.tidy(`refreshing the expiry of ${key}`, async (signal) => {
          const current = await getCompanion(this.#bucket, key, signal);
          if (current?.tag !== companion.tag) return; // Replaced meanwhile.
          await putCompanion(this.#bucket, key, { ...current, expiresAt }, current.pin, signal);
        }),
      )
      .finally(() => this.#refreshes.delete(key));
    this.#refreshes.set(key, work);
  }

  async readRange(
    revision: ObjectRevision,
    range: ByteRange,
    into: Uint8Array,
    observer: ReadObserver,
    signal: AbortSignal,
  ): Promise<void> {
    throwIfAborted(signal);
    if (range.end === range.start) return; // HTTP cannot ask for no bytes.
    await readRange(this.#bucket, observedRead(revision, range, into, observer), signal);
  }

  async put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    metadata: ObjectMetadata,
    part: PartMemory,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    const tag = randomBytes(16).toString('hex');
    const expiresAt = this.#expiry(metadata);
    const contentType = metadata.headers['content-type']?.[0];
    const target = {
      Bucket: this.#bucket.name,
      Key: objectName(this.#bucket.prefix, key),
      Metadata: encodeUserMetadata(metadata.headers, metadata.etag, tag),
      ...(contentType === undefined ? {} : { ContentType: contentType }),
      ...(expiresAt === undefined ? {} : { Expires: expiresAt }),
    };
    const staged = await stageUpload(this.#bucket, target, body, part.bytes, signal);
    return this.#commits.run(key, async () => {
      try {
        throwIfAborted(signal);
        return await this.#commit(key, staged, metadata, tag, signal);
      } catch (error) {
        await staged.discard();
        await this.#removeOwn(key, tag);
        throw error;
      }
    });
  }

  async #commit(
    key: string,
    staged: StagedUpload,
    metadata: ObjectMetadata,
    tag: string,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    const pin = await staged.commit(signal);
    const expiresAt = this.#expiry(metadata); // Again: a lifetime begins when the object is there.
    const companion = { headers: { etag: [`"${metadata.etag}"`] }, expiresAt, tag };
    // One after the other: what fails must not leave the other to arrive after the clean-up.
    const data = await headData(this.#bucket, key, signal);
    await putCompanion(this.#bucket, key, companion, undefined, signal);
    const ours = data?.tag === tag ? data : undefined; // Else another process has replaced it already.
    return {
      // Without a pin of ours, the tag: it matches no revision, and this one is gone.
      revision: { key, pin: pin ?? ours?.pin ?? tag, length: staged.length },
      headers: metadata.headers,
      etag: metadata.etag,
      lastModified: ours?.lastModified ?? new Date(Math.floor(Date.now() / 1000) * 1000),
      expiresAt,
    };
  }

  #expiry({ timeToLiveMs }: ObjectMetadata): Date | undefined {
    return timeToLiveMs === undefined ? undefined : expiryAfter(timeToLiveMs, this.#now());
  }

  /** Removes the object if it still is the one with this tag. Never throws. Called while holding the key. */
  #removeOwn(key: string, tag: string): Promise<void> {
    return this.#bucket.tidy(`removing ${key}`, async (signal) => {
      const data = await headData(this.#bucket, key, signal);
      if (data?.tag === tag) await removeObject(this.#bucket, key, signal);
    });
  }

  delete(key: string, signal: AbortSignal): Promise<boolean> {
    return this.#commits.run(key, async () => {
      const found = await this.#lookUp(key, signal);
      await removeObject(this.#bucket, key, signal);
      return found?.resolution.kind === 'found';
    });
  }

  namespaces(signal: AbortSignal): Promise<readonly string[]> {
    return listNamespaces(this.#bucket, signal);
  }

  check(signal: AbortSignal): Promise<void> {
    return checkBucket(this.#bucket, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#refreshes.values());
    this.#bucket[Symbol.dispose]();
  }
}

interface Found {
  readonly data: DataObject;
  readonly companion: ReadCompanion | undefined;
  readonly resolution: Resolution;
}
