/**
 * What is current: the metadata of objects, remembered for a second, so that a burst of small ranges asks the store
 * once. The first look brings the first bytes along. It is safe to be a second late: every read from the store is
 * pinned to its revision, and whoever finds the pin broken says so (`forget`) and asks again. Writes through this
 * server are seen at once.
 */
import { ignore, orAborted } from '#main/object-store/cancel.ts';
import type {
  ObjectMetadata,
  ObjectRevision,
  ObjectStore,
  PartMemory,
  StoredObject,
} from '#main/object-store/object-store.ts';
import type { ForgetReason } from '#shared/vocabulary/cache.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';

const lookupTimeoutMs = 15_000;
const maxEntries = 10_000;

/** One look at the store, which lasts as long as somebody waits for it. */
interface Entry {
  readonly lookup: Promise<StoredObject | undefined>;
  readonly life: AbortController;
  readonly until: number;
  waiting: number;
  /** What was found. */
  object?: StoredObject | undefined;
}

const never = new AbortController().signal;

/** An object, and for the one who looked it up what keeps the bytes that came along. */
export interface Found {
  readonly object: StoredObject;
  /** Dispose of it when the request is over: bytes that nobody has taken are given up then. */
  readonly along?: Disposable | undefined;
}

export interface CatalogOptions {
  readonly store: ObjectStore;
  /** Looks an object up, and has its first wanted bytes sent along for whoever needs them first. */
  readonly discover: (key: string, wanted: ByteRange, signal: AbortSignal) => Promise<Found | undefined>;
  /** Whether the byte at `position` is in memory or on disk. */
  readonly holds: (object: ObjectRevision, position: number) => boolean;
  /** Forgets the object in every level but the authoritative one. */
  readonly forget: (key: string, reason: ForgetReason) => Promise<void>;
  /** How long metadata is trusted, in milliseconds. */
  readonly freshMs?: number;
}

export class Catalog {
  readonly #options: CatalogOptions;
  readonly #freshMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(options: CatalogOptions) {
    this.#options = options;
    this.#freshMs = options.freshMs ?? 1000;
  }

  /**
   * The object named `key` as it is now, or was within the last second; `undefined` when there is none. Callers who
   * ask at the same time share one lookup, which none of them can cancel for the others.
   * @throws what ObjectStore.head throws
   */
  async current(key: string): Promise<StoredObject | undefined> {
    return (await this.look(key, undefined, never))?.object;
  }

  /**
   * As `current`; whoever has to ask the store asks for the bytes of `wanted` at the same time. When all who wait have
   * gone, by their signals, the lookup is given up.
   * @throws what ObjectStore.discover throws
   */
  async look(key: string, wanted: ByteRange | undefined, signal: AbortSignal): Promise<Found | undefined> {
    const known = this.#entries.get(key);
    if (known && known.until > Date.now()) return unexpired(await this.#wait(key, known, signal), undefined);
    const life = new AbortController();
    // Bytes that are here already need not come along, as long as the object has not been replaced.
    const isHeld = wanted && known?.object && this.#options.holds(known.object.revision, wanted.start);
    const discovering =
      wanted && isHeld !== true ? this.#options.discover(key, wanted, life.signal) : undefined;
    const lookup = discovering ? discovering.then((found) => found?.object) : this.#head(key, life.signal);
    try {
      const object = await this.#wait(key, this.#remember(key, lookup, life), signal);
      return unexpired(object, (await discovering)?.along);
    } catch (error) {
      // The others who wait do without the bytes.
      discovering?.then((found) => found?.along?.[Symbol.dispose]()).catch(ignore);
      throw error;
    }
  }

  /** The next caller asks the store. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  /** Stores an object; see ObjectStore.put. Readers after this resolves find it. */
  async put(
    key: string,
    body: AsyncIterable<Uint8Array>,
    metadata: ObjectMetadata,
    part: PartMemory,
    signal: AbortSignal,
  ): Promise<StoredObject> {
    try {
      return await this.#options.store.put(key, body, metadata, part, signal);
    } finally {
      await this.invalidate(key, 'replaced');
    }
  }

  /** Removes the object from every level; true when there was one. */
  async delete(key: string, signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#options.store.delete(key, signal);
    } finally {
      await this.invalidate(key, 'deleted');
    }
  }

  /** Forgets the object in every level but the authoritative one. */
  async invalidate(key: string, reason: ForgetReason = 'invalidated'): Promise<void> {
    this.forget(key);
    await this.#options.forget(key, reason);
  }

  async #head(key: string, life: AbortSignal): Promise<StoredObject | undefined> {
    const timeout = AbortSignal.timeout(lookupTimeoutMs);
    try {
      return await this.#options.store.head(key, AbortSignal.any([life, timeout]));
    } catch (error) {
      if (!timeout.aborted) throw error;
      throw new SluiceError('STORE_STALLED', `the store said nothing about ${key} for ${lookupTimeoutMs} ms`);
    }
  }

  async #wait(key: string, entry: Entry, signal: AbortSignal): Promise<StoredObject | undefined> {
    entry.waiting += 1;
    try {
      return await orAborted(entry.lookup, signal);
    } finally {
      entry.waiting -= 1;
      if (signal.aborted && entry.waiting === 0) {
        this.#forgetEntry(key, entry);
        entry.life.abort();
      }
    }
  }

  #remember(key: string, lookup: Promise<StoredObject | undefined>, life: AbortController): Entry {
    const entry: Entry = { lookup, life, until: Date.now() + this.#freshMs, waiting: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#trim();
    // A failure is told to those who wait, and not remembered.
    lookup.then((object) => (entry.object = object)).catch(() => this.#forgetEntry(key, entry));
    return entry;
  }

  #forgetEntry(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #trim(): void {
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }
}

function unexpired(object: StoredObject | undefined, along: Disposable | undefined): Found | undefined {
  if (object && !(object.expiresAt && object.expiresAt.getTime() <= Date.now())) return { object, along };
  along?.[Symbol.dispose]();
  return undefined;
}
