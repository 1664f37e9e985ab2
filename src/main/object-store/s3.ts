/**
 * The S3 store. What lies in the bucket is decided in layout.ts; how a request is sent, timed and tried again in
 * s3-bucket.ts. Here is the order of things:
 *
 *   head      data and companion at the same time, then what they mean together
 *   discover  the same, with bytes of the data
 *   put       stage the bytes unseen, commit the data, write the companion; any failure undoes it
 *   delete    the data, then the companion
 *
 * Commits and removals of one key follow each other inside this process, so that their tags agree. Against other
 * processes there are only the tags, and the grace period.
 */
import { randomBytes } from 'node:crypto';
import type { ByteRange } from '#shared/range.ts';
import { orAborted, throwIfAborted } from './cancel.ts';
import { KeyedLock } from './keyed-lock.ts';
import { takeLease } from './lease.ts';
import { encodeUserMetadata, expiryAfter, objectName, refreshedExpiry } from './layout.ts';
import type { DataObject, ReadCompanion } from './layout.ts';
import type {
  Discovery,
  FullChecksum,
  ObjectMetadata,
  ObjectRevision,
  ObjectStore,
  PartMemory,
  RangeAnswer,
  StoredObject,
} from './object-store.ts';
import { S3Bucket } from './s3-bucket.ts';
import type { S3Options } from './s3-bucket.ts';
import { checkBucket, listNamespaces } from './s3-list.ts';
import { lookUp, openObject } from './s3-look.ts';
import type { Found } from './s3-look.ts';
import { S3LeaseRegister } from './s3-lease.ts';
import { getCompanion, headChecksum, headData, putCompanion, removeObject } from './s3-objects.ts';
import { openRange } from './s3-read.ts';
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
  readonly letsGo = 'at once';
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
    const current = await this.#current(key, () => lookUp(this.#bucket, key, this.#now, signal), signal);
    return current?.object;
  }

  async discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined> {
    const current = await this.#current(
      key,
      () => openObject(this.#bucket, key, wanted, this.#now, signal),
      signal,
    );
    if (!current) return undefined;
    const { object, found } = current;
    return { object, range: found.range, answer: found.answer };
  }

  /** What `look` finds, as an object, when it is one. */
  async #current<F extends Found>(
    key: string,
    look: () => Promise<F | undefined>,
    signal: AbortSignal,
  ): Promise<{ readonly object: StoredObject; readonly found: F } | undefined> {
    let found = await look();
    if (found?.resolution.kind === 'uncommitted') {
      found.discard?.();
      // Perhaps by this very process, in a moment.
      await orAborted(this.#commits.settled(key), signal);
      found = await look();
    }
    if (!found) return undefined;
    const { data, companion, resolution } = found;
    if (resolution.kind !== 'found') found.discard?.();
    if (resolution.kind === 'expired') await this.#commits.run(key, () => this.#removeOwn(key, data.tag));
    if (resolution.kind !== 'found') return undefined;
    if (companion && resolution.agreed) this.#refresh(key, data, companion);
    return { object: resolution.object, found };
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

  openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    return openRange(this.#bucket, revision, range, signal);
  }

  checksumOf(revision: ObjectRevision, signal: AbortSignal): Promise<FullChecksum | undefined> {
    return headChecksum(this.#bucket, revision, signal);
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
      revision: {
        key,
        pin: pin ?? ours?.pin ?? tag,
        length: staged.length,
        versionId: ours?.versionId,
        checksum: ours?.checksum,
      },
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
      const found = await lookUp(this.#bucket, key, this.#now, signal);
      await removeObject(this.#bucket, key, signal);
      return found?.resolution.kind === 'found';
    });
  }

  namespaces(signal: AbortSignal): Promise<readonly string[]> {
    return listNamespaces(this.#bucket, signal);
  }

  lease(key: string, ttlMs: number, signal: AbortSignal): Promise<AsyncDisposable | undefined> {
    return takeLease(new S3LeaseRegister(this.#bucket, key), { ttlMs, now: this.#now }, signal);
  }

  check(signal: AbortSignal): Promise<void> {
    return checkBucket(this.#bucket, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#refreshes.values());
    this.#bucket[Symbol.dispose]();
  }
}
