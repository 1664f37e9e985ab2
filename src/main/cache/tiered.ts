/**
 * Reads chunks through the levels: memory, disk, then the authoritative store. A chunk that came whole from further
 * down fills the levels above; a piece of a chunk fills nothing.
 */
import type { ObjectStore, ReadObserver } from '#main/object-store/object-store.ts';
import type { Tier } from '#shared/model.ts';
import type { ByteRange } from '#shared/range.ts';
import { chunkKey, rangeBytes, type ChunkId } from './chunk.ts';
import { Flights, type FlightPlan } from './flights.ts';
import type { CacheTier, TierStats } from './tier.ts';

/** Memory that a read fills, with somebody to tell. `retain` keeps it alive for a disk write. */
export interface ChunkMemory extends ReadObserver {
  readonly memory: Uint8Array;
  tier: Tier | undefined;
  complete(): void;
  retain(): Disposable;
}

export interface TieredOptions {
  readonly memory: CacheTier;
  /** Absent when the disk cache is turned off. */
  readonly disk?: CacheTier | undefined;
  readonly store: ObjectStore;
}

export class TieredCache implements AsyncDisposable {
  readonly #memory: CacheTier;
  readonly #disk: CacheTier | undefined;
  readonly #store: ObjectStore;
  readonly #flights = new Flights();
  #storeBytes = 0;

  constructor(options: TieredOptions) {
    this.#memory = options.memory;
    this.#disk = options.disk;
    this.#store = options.store;
  }

  /** Bytes read from the store so far. */
  get storeBytes(): number {
    return this.#storeBytes;
  }

  /** Reads that shared the fetch of another. */
  get joined(): number {
    return this.#flights.joined;
  }

  /** Whether the chunk is likely to be had without asking the store. */
  isCached(chunk: ChunkId): boolean {
    return this.#memory.has(chunk) || this.#disk?.has(chunk) === true;
  }

  /**
   * Fills the start of `target.memory` with `range` of the object, which lies inside `chunk` and covers whole blocks.
   * @throws what ObjectStore.readRange throws
   */
  async read(chunk: ChunkId, range: ByteRange, target: ChunkMemory, signal: AbortSignal): Promise<void> {
    const into = target.memory.subarray(0, rangeBytes(range));
    const whole = into.length === rangeBytes(chunk.range);
    if (await this.#memory.read(chunk, range, into)) target.tier = 'memory';
    else if (await this.#disk?.read(chunk, range, into)) {
      target.tier = 'disk';
      if (whole) await this.#memory.fill(chunk, into);
    } else {
      target.tier = 'store';
      if (whole) await this.#fetchWhole(chunk, into, target, signal);
      else await this.#fetch(chunk, range, into, target, signal);
    }
    target.complete();
  }

  /** Forgets the object in every level but the authoritative one. */
  async evict(key: string): Promise<void> {
    await Promise.all([this.#memory.evict(key), this.#disk?.evict(key)]);
  }

  stats(): readonly TierStats[] {
    return this.#disk ? [this.#memory.stats(), this.#disk.stats()] : [this.#memory.stats()];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#memory[Symbol.asyncDispose]();
    await this.#disk?.[Symbol.asyncDispose]();
  }

  /** Shared by everybody who wants the chunk now; it fills the tiers before it is handed to anybody. */
  async #fetchWhole(
    chunk: ChunkId,
    into: Uint8Array,
    target: ChunkMemory,
    signal: AbortSignal,
  ): Promise<void> {
    target.attempt(1);
    const plan: FlightPlan = {
      bytes: into,
      held: () => target.retain(),
      fetch: async (stop) => {
        await this.#fetch(chunk, chunk.range, into, target, stop);
        await this.#fill(chunk, into, target);
      },
    };
    await this.#flights.read(chunkKey(chunk), plan, into, signal);
  }

  async #fetch(
    chunk: ChunkId,
    range: ByteRange,
    into: Uint8Array,
    target: ChunkMemory,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#store.readRange(chunk.object, range, into, target, signal);
    this.#storeBytes += into.length;
  }

  async #fill(chunk: ChunkId, bytes: Uint8Array, target: ChunkMemory): Promise<void> {
    await this.#memory.fill(chunk, bytes);
    if (!this.#disk) return;
    const held = target.retain();
    void this.#disk.fill(chunk, bytes).finally(() => held[Symbol.dispose]());
  }
}
