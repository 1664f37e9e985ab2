/**
 * What is current: the metadata of objects, remembered for a second, so that a burst of small ranges asks the store
 * once. It is safe to be a second late: every read from the store is pinned to its revision, and whoever finds the
 * pin broken says so (`forget`) and asks again. Writes through this server are seen at once.
 */
import type {
  ObjectMetadata,
  ObjectStore,
  PartMemory,
  StoredObject,
} from '#main/object-store/object-store.ts';
import type { TieredCache } from './tiered.ts';

const lookupTimeoutMs = 15_000;
const maxEntries = 10_000;

interface Entry {
  readonly lookup: Promise<StoredObject | undefined>;
  readonly until: number;
}

export interface CatalogOptions {
  readonly store: ObjectStore;
  readonly cache: TieredCache;
  /** How long metadata is trusted, in milliseconds. */
  readonly freshMs?: number;
}

export class Catalog {
  readonly #store: ObjectStore;
  readonly #cache: TieredCache;
  readonly #freshMs: number;
  readonly #entries = new Map<string, Entry>();

  constructor(options: CatalogOptions) {
    this.#store = options.store;
    this.#cache = options.cache;
    this.#freshMs = options.freshMs ?? 1000;
  }

  /**
   * The object named `key` as it is now, or was within the last second; `undefined` when there is none. Callers who
   * ask at the same time share one lookup, which none of them can cancel for the others.
   * @throws what ObjectStore.head throws
   */
  async current(key: string): Promise<StoredObject | undefined> {
    const known = this.#entries.get(key);
    const entry = known && known.until > Date.now() ? known : this.#look(key);
    const object = await entry.lookup;
    return object?.expiresAt && object.expiresAt.getTime() <= Date.now() ? undefined : object;
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
      return await this.#store.put(key, body, metadata, part, signal);
    } finally {
      this.forget(key);
      await this.#cache.evict(key);
    }
  }

  /** Removes the object from every level; true when there was one. */
  async delete(key: string, signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#store.delete(key, signal);
    } finally {
      await this.invalidate(key);
    }
  }

  /** Forgets the object in every level but the authoritative one. */
  async invalidate(key: string): Promise<void> {
    this.forget(key);
    await this.#cache.evict(key);
  }

  #look(key: string): Entry {
    const lookup = this.#store.head(key, AbortSignal.timeout(lookupTimeoutMs));
    const entry: Entry = { lookup, until: Date.now() + this.#freshMs };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#trim();
    lookup.catch(() => {
      // A failure is told to those who wait, and not remembered.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry;
  }

  #trim(): void {
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest);
  }
}
