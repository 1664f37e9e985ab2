/**
 * The file store: objects in a folder, durable and safe against a crash at any moment.
 *
 * Each revision has a data file of its own, and a record says which one the object is. Writing ends with one rename,
 * of the record; until then the object is what it was. The old revision is removed after that, so a reader either has
 * its file open and reads the old bytes to their end, or finds it gone: never a mixture.
 */
import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isSluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { throwIfAborted } from './cancel.ts';
import { FileAnswer } from './file-answer.ts';
import { commitRevision, removeObject, writeRecord } from './file-commit.ts';
import { makeFolder, writeDurably } from './file-durable.ts';
import { asStoreErrors } from './file-errors.ts';
import { FileLeaseRegister } from './file-lease.ts';
import {
  incomingFolder,
  isMissingFile,
  namespaceOf,
  objectsFolder,
  placeOf,
  readRecord,
  toStoredObject,
} from './file-layout.ts';
import type { FileRecord, Place } from './file-layout.ts';
import { namesIn, sweep } from './file-sweep.ts';
import { KeyedLock } from './keyed-lock.ts';
import { expiryAfter } from './layout.ts';
import { takeLease } from './lease.ts';
import type {
  Discovery,
  ObjectMetadata,
  ObjectRevision,
  ObjectStore,
  PartMemory,
  RangeAnswer,
  StoredObject,
  StoreLog,
} from './object-store.ts';
import { partsOf } from './parts.ts';
import { rangeWithin, revisionChanged } from './range-answer.ts';

export interface FileStoreOptions {
  /** Made when it is not there. */
  readonly root: string;
  readonly log?: StoreLog | undefined;
  /** Milliseconds since the epoch; decides about expiry. */
  readonly now?: (() => number) | undefined;
}

/** Opens the store in a folder and sweeps what a crash has left. @throws SluiceError STORE_REFUSED, STORE_UNAVAILABLE */
export async function openFileStore(options: FileStoreOptions): Promise<ObjectStore> {
  const { root, log, now = Date.now } = options;
  const description = pathToFileURL(root).href;
  return asStoreErrors(description, async () => {
    await makeFolder(incomingFolder(root));
    await makeFolder(objectsFolder(root));
    const removed = await sweep(root, Date.now());
    if (removed > 0) log?.warn({ store: description, files: removed }, 'removed what a crash has left');
    return new FileStore(root, description, now);
  });
}

class FileStore implements ObjectStore {
  /** A read that the system has begun writes to its memory until it is done. */
  readonly letsGo = 'when settled';
  readonly description: string;
  readonly #root: string;
  readonly #now: () => number;
  readonly #commits = new KeyedLock();

  constructor(root: string, description: string, now: () => number) {
    this.#root = root;
    this.description = description;
    this.#now = now;
  }

  head(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    return this.#guarded(signal, async () => {
      const place = placeOf(this.#root, key);
      const record = await readRecord(place.record);
      if (!record) return undefined;
      if (this.#hasExpired(record)) {
        await this.#change(key, () => removeObject(place, record.revision));
        return undefined;
      }
      return toStoredObject(key, await this.#refreshed(key, place, record));
    });
  }

  /** The record, its expiry put off when the object's life is more than half over. */
  async #refreshed(key: string, place: Place, record: FileRecord): Promise<FileRecord> {
    const { timeToLiveMs: lifetime, expiresAt } = record;
    if (lifetime === undefined || expiresAt === undefined) return record;
    if (expiresAt - this.#now() >= lifetime / 2) return record;
    const refreshed = { ...record, expiresAt: expiryAfter(lifetime, this.#now()).getTime() };
    return this.#change(key, async () => {
      const current = await readRecord(place.record);
      if (current?.revision !== record.revision) return record; // Replaced meanwhile: nothing to put off.
      await writeRecord(this.#root, place, refreshed);
      return refreshed;
    });
  }

  openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    return this.#guarded(signal, async () => {
      const { key, pin } = revision;
      try {
        const file = await open(placeOf(this.#root, key).data(pin), 'r');
        return new FileAnswer(file, `${this.description}: ${key}`, range, signal);
      } catch (error) {
        throw isMissingFile(error) ? revisionChanged(revision, error) : error;
      }
    });
  }

  async discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined> {
    for (;;) {
      const object = await this.head(key, signal);
      if (!object) return undefined;
      const range = rangeWithin(wanted, object.revision.length);
      if (range.start === range.end) return { object, range };
      try {
        return { object, range, answer: await this.openRange(object.revision, range, signal) };
      } catch (error) {
        // Replaced after its record was read: there is another one now. A record whose data is lost stays as it is.
        if (!isSluiceError(error, 'REVISION_CHANGED')) throw error;
        const now = await this.head(key, signal);
        if (now?.revision.pin === object.revision.pin) throw error;
      }
    }
  }

  async put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    metadata: ObjectMetadata,
    part: PartMemory,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    throwIfAborted(signal);
    const place = placeOf(this.#root, key);
    const revision = randomUUID();
    const incoming = join(incomingFolder(this.#root), `${revision}.data`);
    const length = await writeDurably(incoming, bytesOf(partsOf(body, part.bytes, signal)));
    return this.#change(key, async () => {
      try {
        throwIfAborted(signal);
        const record = this.#record(revision, length, metadata);
        await commitRevision(this.#root, place, record, incoming);
        return toStoredObject(key, record);
      } finally {
        await rm(incoming, { force: true });
      }
    });
  }

  #record(revision: string, length: number, { etag, headers, timeToLiveMs }: ObjectMetadata): FileRecord {
    const now = this.#now();
    const lastModified = Math.floor(now / 1000) * 1000;
    const lifetime =
      timeToLiveMs === undefined ? {} : { timeToLiveMs, expiresAt: expiryAfter(timeToLiveMs, now).getTime() };
    const copied = Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, [...values]]));
    return { revision, length, etag, headers: copied, lastModified, ...lifetime };
  }

  delete(key: string, signal: AbortSignal): Promise<boolean> {
    return this.#change(key, async () => {
      throwIfAborted(signal);
      const removed = await removeObject(placeOf(this.#root, key));
      return removed !== undefined && !this.#hasExpired(removed);
    });
  }

  namespaces(signal: AbortSignal): Promise<readonly string[]> {
    return this.#guarded(signal, async () => {
      const found: string[] = [];
      for (const folder of await namesIn(objectsFolder(this.#root))) {
        const namespace = namespaceOf(folder);
        if (namespace !== undefined && (await this.#holdsRecord(folder))) found.push(namespace);
      }
      return found.toSorted();
    });
  }

  async #holdsRecord(folder: string): Promise<boolean> {
    const namespace = join(objectsFolder(this.#root), folder);
    for (const shard of await namesIn(namespace)) {
      const names = await namesIn(join(namespace, shard));
      if (names.some((name) => name.endsWith('.json'))) return true;
    }
    return false;
  }

  #hasExpired({ expiresAt }: FileRecord): boolean {
    return expiresAt !== undefined && expiresAt <= this.#now();
  }

  lease(key: string, ttlMs: number, signal: AbortSignal): Promise<AsyncDisposable | undefined> {
    const register = new FileLeaseRegister(this.#root, key);
    return this.#guarded(signal, () => takeLease(register, { ttlMs, now: this.#now }, signal));
  }

  /** Writes and removes a file, as any put would. */
  check(signal: AbortSignal): Promise<void> {
    return this.#guarded(signal, async () => {
      const probe = join(incomingFolder(this.#root), `${randomUUID()}.json`);
      await writeDurably(probe, [Buffer.from('probe')]);
      await rm(probe);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is kept open.
  }

  #change<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#commits.run(key, () => asStoreErrors(this.description, work));
  }

  #guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return asStoreErrors(this.description, async () => {
      throwIfAborted(signal);
      return work();
    });
  }
}

async function* bytesOf(
  parts: AsyncIterable<{ readonly bytes: Uint8Array }>,
): AsyncGenerator<Uint8Array, void> {
  for await (const { bytes } of parts) yield bytes;
}
