/**
 * Objects that are made up as they are read, before a real store: for showing what the server does where there is
 * nothing to serve yet. Their bytes follow from their position, so no more than a tile of them is ever in memory;
 * they come as from a store in the same region, with a latency and at a rate.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ByteRange } from '#shared/range.ts';
import { MiB } from '#shared/units.ts';
import { abortedError, throwIfAborted } from './cancel.ts';
import type { Discovery, ObjectRevision, ObjectStore, RangeAnswer, StoredObject } from './object-store.ts';
import { rangeWithin, revisionChanged } from './range-answer.ts';

const tileBytes = MiB;
/** Bytes that arrive at a time, and how far apart: about 120 MiB/s for each request. */
const pieceBytes = MiB;
const pieceMs = 8;
const firstByteMs = 15;

/** The objects that are made up at the moment; a store from `withSynthetic` has them. */
export class SyntheticObjects {
  /** No other store's revisions, and none of another process, begin like this. */
  readonly #pin = `synthetic-${randomUUID()}`;
  readonly #objects = new Map<string, StoredObject>();

  /** From now on `key` is an object of `length` bytes. */
  add(key: string, length: number): void {
    this.#objects.set(key, {
      revision: { key, pin: `${this.#pin}-${length}`, length },
      headers: { 'content-type': ['application/octet-stream'] },
      etag: `synthetic-${length}`,
      lastModified: new Date(Math.floor(Date.now() / 1000) * 1000),
    });
  }

  /** Whoever still reads it learns that it is gone. */
  remove(key: string): void {
    this.#objects.delete(key);
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  /** Whether a revision was made up here, also after it has been removed. */
  made({ pin }: ObjectRevision): boolean {
    return pin.startsWith(this.#pin);
  }
}

/** `store`, and before it what `objects` has. */
export function withSynthetic(store: ObjectStore, objects: SyntheticObjects): ObjectStore {
  return new SyntheticStore(store, objects);
}

class SyntheticStore implements ObjectStore {
  readonly letsGo: ObjectStore['letsGo'];
  readonly checksumOf?: NonNullable<ObjectStore['checksumOf']>;
  readonly lease?: NonNullable<ObjectStore['lease']>;
  readonly put: ObjectStore['put'];
  readonly delete: ObjectStore['delete'];
  readonly namespaces: ObjectStore['namespaces'];
  readonly check: ObjectStore['check'];
  readonly #store: ObjectStore;
  readonly #objects: SyntheticObjects;

  constructor(store: ObjectStore, objects: SyntheticObjects) {
    this.#store = store;
    this.#objects = objects;
    this.letsGo = store.letsGo;
    this.put = store.put.bind(store);
    this.delete = store.delete.bind(store);
    this.namespaces = store.namespaces.bind(store);
    this.check = store.check.bind(store);
    // Absent where the store does not have them: who asks looks whether they are there.
    const lease = store.lease?.bind(store);
    const checksumOf = store.checksumOf?.bind(store);
    if (lease) this.lease = lease;
    if (checksumOf) {
      this.checksumOf = async (revision, signal) =>
        this.#objects.made(revision) ? undefined : checksumOf(revision, signal);
    }
  }

  get description(): string {
    return this.#store.description;
  }

  async head(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    throwIfAborted(signal);
    return this.#objects.get(key) ?? this.#store.head(key, signal);
  }

  async discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined> {
    throwIfAborted(signal);
    const object = this.#objects.get(key);
    if (!object) return this.#store.discover(key, wanted, signal);
    const range = rangeWithin(wanted, object.revision.length);
    await wait(firstByteMs, signal);
    return range.end > range.start ? { object, range, answer: answer(range, signal) } : { object, range };
  }

  async openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer> {
    throwIfAborted(signal);
    if (!this.#objects.made(revision)) return this.#store.openRange(revision, range, signal);
    if (this.#objects.get(revision.key)?.revision.pin !== revision.pin) throw revisionChanged(revision);
    await wait(firstByteMs, signal);
    return answer(range, signal);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#store[Symbol.asyncDispose]();
  }
}

function answer({ start }: ByteRange, signal: AbortSignal): RangeAnswer {
  return {
    readInto: async (into, onBytes) => {
      for (let filled = 0; filled < into.length; filled += pieceBytes) {
        await wait(pieceMs, signal);
        const piece = into.subarray(filled, filled + pieceBytes);
        fillSynthetic(piece, start + filled);
        onBytes(piece.length);
      }
    },
  };
}

/** @throws SluiceError ABORTED */
async function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw abortedError(signal);
  }
  throwIfAborted(signal);
}

let tile: Buffer | undefined;

/** Writes the bytes at `position`: the same for the same position, whatever the range. */
export function fillSynthetic(into: Uint8Array, position: number): void {
  tile ??= makeTile();
  for (let filled = 0; filled < into.length;) {
    const from = (position + filled) % tileBytes;
    const taken = Math.min(tileBytes - from, into.length - filled);
    into.set(tile.subarray(from, from + taken), filled);
    filled += taken;
  }
}

/** A linear congruential sequence: does not compress away, and is the same in every process. */
function makeTile(): Buffer {
  const made = Buffer.allocUnsafe(tileBytes);
  let state = 1;
  for (let at = 0; at < tileBytes; at += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    made.writeUInt32LE(state, at);
  }
  return made;
}
