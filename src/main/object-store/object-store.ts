/**
 * The authoritative tier: where objects are whole and permanent. One contract suite runs against every
 * implementation (object-store.contract.ts).
 */
import type { ByteRange } from '#shared/range.ts';

/** A checksum of a whole object that its store has computed, raw bytes, most significant first. */
export interface FullChecksum {
  readonly algorithm: 'crc32' | 'crc64nvme';
  readonly value: Uint8Array;
}

/** One immutable version of an object, as its store names it. Every chunk is read from exactly one revision. */
export interface ObjectRevision {
  /** The name inside the store: `[{namespace}/]{hh}/{64 hex}` (wire format of the bucket); a path on an HTTP origin. */
  readonly key: string;
  /** The store's own validator, unquoted: not what clients see. */
  readonly pin: string;
  /** Bytes. */
  readonly length: number;
  /** Where the store keeps versions: names this one for as long as it is kept, also after it was replaced. */
  readonly versionId?: string | undefined;
  /** Only where the store has one over the whole object; one over parts says nothing about ranges. */
  readonly checksum?: FullChecksum | undefined;
}

/** HTTP headers kept with an object; names in lower case, values as received. */
export type StoredHeaders = Readonly<Record<string, readonly string[]>>;

/** What a caller gives when it creates an object. */
export interface ObjectMetadata {
  readonly headers: StoredHeaders;
  /** Raw validator that clients will see (no quotes). */
  readonly etag: string;
  /** How long the object lives; absent: until it is deleted. */
  readonly timeToLiveMs?: number | undefined;
}

/** An object as it is now: its revision and what was stored with it. */
export interface StoredObject {
  readonly revision: ObjectRevision;
  readonly headers: StoredHeaders;
  /** Raw validator that clients see (no quotes). */
  readonly etag: string;
  /** Whole seconds. */
  readonly lastModified: Date;
  readonly expiresAt?: Date | undefined;
}

/**
 * An answer to one ranged GET whose head has proved to be the answer to this request: the range, the length and the
 * revision that were asked for. Its body waits until it is read.
 */
export interface RangeAnswer {
  /**
   * Receives the whole body into `into`, which is exactly as long as the range. Called at most once. `onBytes` is told
   * of each arrival; bytes arrive in order from the start of `into`. After the request's signal has aborted `onBytes`
   * is not called any more, and once this has settled nothing writes to `into`.
   * @throws SluiceError STORE_UNAVAILABLE when the body is too short, STORE_MISBEHAVED when it is too long, ABORTED
   */
  readInto(into: Uint8Array, onBytes: (bytes: number) => void): Promise<void>;
}

/** What a first look at an object brought. */
export interface Discovery {
  readonly object: StoredObject;
  /** The part of the wanted range that exists, and its bytes where the store sent them along. */
  readonly range: ByteRange;
  readonly answer?: RangeAnswer | undefined;
}

/** Hands out the small buffers of connections from the memory budget; `undefined` when all are in use. */
export interface ConnectionMemory {
  take(): (Disposable & { readonly memory: Uint8Array }) | undefined;
}

/** Hands out part buffers for uploads from the memory budget. */
export interface PartMemory extends Disposable {
  readonly bytes: Uint8Array;
}

/** Where a store says what it could not do and carried on without; pino's logger fits. */
export interface StoreLog {
  warn(details: object, message: string): void;
}

export interface ObjectStore extends AsyncDisposable {
  /** For people: `s3://bucket/prefix`, `file:///dir`. Never a secret. */
  readonly description: string;

  /**
   * The object as it is now, or `undefined` when there is none or it has expired. Looking an object up in the second
   * half of its life puts its expiry off by a whole one.
   * @throws SluiceError STORE_UNAVAILABLE, STORE_STALLED, STORE_REFUSED, ABORTED
   */
  head(key: string, signal: AbortSignal): Promise<StoredObject | undefined>;

  /**
   * What an abort during `readInto` means for its memory. `at once`: nothing writes to it from the moment the signal
   * has aborted. `when settled`: not before the promise has settled.
   */
  readonly letsGo: 'at once' | 'when settled';

  /**
   * Asks once for exactly `range`, which is not empty, of exactly `revision`. No retry and no timer: those are the
   * caller's (fetch/). Aborting the signal ends the request in the same tick, at any time until the body is complete.
   * @throws SluiceError REVISION_CHANGED (final), STORE_UNAVAILABLE (with `retryAfterMs`, perhaps 0, exactly when the
   *   store asks for fewer requests), STORE_MISBEHAVED, STORE_REFUSED, ABORTED
   */
  openRange(revision: ObjectRevision, range: ByteRange, signal: AbortSignal): Promise<RangeAnswer>;

  /**
   * `head` and the bytes of `wanted` with it, as far as the object has them, in one round trip where the store can.
   * `undefined` when there is no object. A store that cannot answers without bytes. One attempt; the signal as in
   * openRange.
   * @throws what head and openRange throw
   */
  discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovery | undefined>;

  /**
   * The checksum that the store keeps of all of exactly `revision`, or `undefined` when it keeps none or has another
   * revision by now. For objects whose discovery brought a part: what is said about a part is not about the whole.
   * Absent where a store never has one.
   * @throws those of head
   */
  checksumOf?(revision: ObjectRevision, signal: AbortSignal): Promise<FullChecksum | undefined>;

  /**
   * Stores the bytes of `body`, of unknown length, under `key`: invisible until complete, replacing what was there.
   * Holds no more memory than `part`. A failure or abort leaves nothing behind.
   * @throws SluiceError READ_ONLY, TOO_LARGE, UPLOAD_ABORTED, and those of head; whatever `body` throws
   */
  put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    metadata: ObjectMetadata,
    part: PartMemory,
    signal: AbortSignal,
  ): Promise<StoredObject>;

  /** Removes the object; true when there was one. @throws SluiceError READ_ONLY, and those of head */
  delete(key: string, signal: AbortSignal): Promise<boolean>;

  /** Namespaces that hold an object, sorted; the unnamed one of git artifacts is left out. */
  namespaces(signal: AbortSignal): Promise<readonly string[]>;

  /**
   * Takes the lease that belongs to `key`: of all processes with this store one has it, until it is disposed of or
   * `ttlMs` after its process has died. `undefined`: another has it. It saves work and guarantees nothing (clocks
   * differ, processes are paused), so what is done under it has to be right without it, too. Absent where a store
   * cannot compare before it writes.
   * @throws those of head
   */
  lease?(key: string, ttlMs: number, signal: AbortSignal): Promise<AsyncDisposable | undefined>;

  /** Resolves when the store can be used. @throws SluiceError STORE_UNAVAILABLE, STORE_REFUSED */
  check(signal: AbortSignal): Promise<void>;
}
