/**
 * The authoritative tier: where objects are whole and permanent. One contract suite runs against every
 * implementation (object-store.contract.ts).
 */
import type { ByteRange } from '#shared/range.ts';

/** One immutable version of an object, as its store names it. Every chunk is read from exactly one revision. */
export interface ObjectRevision {
  /** The name inside the store: `[{namespace}/]{hh}/{64 hex}` (wire format of the bucket); a path on an HTTP origin. */
  readonly key: string;
  /** The store's own validator, unquoted: not what clients see. */
  readonly pin: string;
  /** Bytes. */
  readonly length: number;
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

/** Told while a range is read, for whoever shows it. Calls are cheap and may be many. */
export interface ReadObserver {
  /** A request goes out; the first attempt is 1. Bytes of an earlier attempt are void. */
  attempt(number: number): void;
  /** `bytes` more have arrived. */
  received(bytes: number): void;
  /** An attempt failed and the next waits. */
  backOff(milliseconds: number, cause: unknown): void;
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
   * Fills `into` with exactly `range` of exactly `revision`; the lengths must be equal. Retries what can be retried,
   * with full jitter. An empty range asks nobody. What is in `into` after a failure is undefined. After an abort nothing writes to `into` any
   * more once the promise has settled.
   * @throws SluiceError REVISION_CHANGED (final), STORE_UNAVAILABLE, STORE_STALLED, STORE_MISBEHAVED, STORE_REFUSED,
   *   ABORTED
   */
  readRange(
    revision: ObjectRevision,
    range: ByteRange,
    into: Uint8Array,
    observer: ReadObserver,
    signal: AbortSignal,
  ): Promise<void>;

  /**
   * Stores the bytes of `body`, of unknown length, under `key`: invisible until complete, replacing what was there.
   * Holds no more memory than `part`. A failure or abort leaves nothing behind.
   * @throws SluiceError READ_ONLY, TOO_LARGE, UPLOAD_ABORTED, and those of readRange; whatever `body` throws
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

  /** Resolves when the store can be used. @throws SluiceError STORE_UNAVAILABLE, STORE_REFUSED */
  check(signal: AbortSignal): Promise<void>;
}
