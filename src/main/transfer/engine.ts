/**
 * The engine, put together: from a transfer down to the store. Its parts know only what lies below them.
 *
 *   transfers   who gets memory, and when                      transfer/
 *   pool        chunks and their slabs, who shares them        cache/
 *   fetcher     requests: permits, retries, hedges             fetch/
 *   store       one answer to one ranged GET                   object-store/
 */
import { chunkAt, type ChunkId } from '#main/cache/chunk.ts';
import { Backfill, type ChunkSink } from '#main/cache/backfill.ts';
import type { ChunkDisk } from '#main/cache/disk-fill.ts';
import { memoryStats } from '#main/cache/memory-stats.ts';
import { ChunkPool } from '#main/cache/pool.ts';
import type { TierStats } from '#main/cache/tier.ts';
import { Verifier } from '#main/cache/verifier.ts';
import type { MemoryEviction } from '#main/cache/watched.ts';
import { ChunkChecksums } from '#main/checksum/chunk-checksums.ts';
import type { FetchableStore } from '#main/fetch/context.ts';
import { Fetcher } from '#main/fetch/fetcher.ts';
import type { FetchTuning } from '#main/fetch/tuning.ts';
import type { Budget } from '#main/flow/budget.ts';
import { realClock } from '#main/flow/clock.ts';
import type { ObjectRevision, ObjectStore, StoredObject } from '#main/object-store/object-store.ts';
import { DownloadLog } from '#main/telemetry/download-log.ts';
import type { ForgetReason } from '#shared/vocabulary/cache.ts';
import type { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { Transfers } from './transfers.ts';

/** What the engine needs of the disk tier. */
export interface DiskCache extends ChunkDisk, ChunkSink {
  evict(key: string, reason?: ForgetReason): Promise<void>;
  stats(): TierStats;
}

/** Who watches the caches, and says what is to stay in them. */
export interface CacheWatch {
  /** A client begins to read an object, by the name that it asked for. */
  opened(object: ObjectRevision, name: string): void;
  isKept(object: ObjectRevision): boolean;
  evicted(eviction: MemoryEviction): void;
}

export interface EngineOptions {
  readonly budget: Budget;
  readonly store: FetchableStore & Pick<ObjectStore, 'checksumOf'>;
  /** Absent when the disk cache is turned off. */
  readonly disk?: DiskCache | undefined;
  /** Most chunks in the window of one transfer. */
  readonly window: number;
  readonly tuning?: FetchTuning | undefined;
  /** Told of an object whose bytes do not have the checksum that the store says. */
  readonly onWrong?: ((key: string, error: SluiceError) => void) | undefined;
  readonly watch?: CacheWatch | undefined;
}

/** What a first look has brought. */
export interface FirstLook {
  readonly object: StoredObject;
  /** Keeps the bytes that came along until they are taken; disposing of it gives them up. */
  readonly along: Disposable;
}

export class Engine implements AsyncDisposable {
  readonly budget: Budget;
  readonly fetcher: Fetcher;
  readonly pool: ChunkPool;
  readonly backfill: Backfill | undefined;
  readonly transfers: Transfers;
  readonly verifier: Verifier;
  /** How each revision was fetched in the recent past. */
  readonly downloads: DownloadLog;
  readonly #disk: DiskCache | undefined;
  /** Sums of pieces, beside the event loop. */
  readonly checksums = new ChunkChecksums();
  readonly #watch: CacheWatch | undefined;

  constructor({ budget, store, disk, window, tuning, onWrong, watch }: EngineOptions) {
    const { plan, chunks, small, bounce } = budget;
    const clock = realClock;
    this.budget = budget;
    this.#disk = disk;
    this.#watch = watch;
    this.fetcher = new Fetcher({ store, clock, random: Math.random, tuning });
    this.downloads = new DownloadLog({ now: () => clock.now() });
    this.pool = new ChunkPool({
      arenas: { chunks, small },
      pinLimits: { chunks: plan.pinnedChunks, small: plan.pinnedSmall },
      cachedBytes: plan.cachedBytes,
      chunkBytes: plan.chunks.slabBytes,
      fetching: this.fetcher,
      disk,
      clock,
      watch: this.downloads,
      isKept: watch && ((object) => watch.isKept(object)),
      onEvicted:
        watch &&
        (({ id, validBytes }, reason) => {
          const { object, range } = id;
          watch.evicted({ key: object.key, reason, start: range.start, chunks: 1, bytes: validBytes });
        }),
    });
    this.backfill = disk && new Backfill(this.pool, disk);
    this.verifier = new Verifier({ pool: this.pool, sums: this.checksums, clock, store });
    this.transfers = new Transfers({
      pool: this.pool,
      bounce,
      clock,
      windowLimit: window,
      latencyMs: () => this.fetcher.latencyMs,
      isStoreSaturated: () => this.fetcher.isSaturated,
      backfill: this.backfill,
      verifier: this.verifier,
      onOpened: watch && ((object, name) => watch.opened(object, name)),
      onWrong: (key, error) => {
        void disk?.evict(key, 'wrong');
        onWrong?.(key, error);
      },
    });
  }

  /**
   * A first look at an object. The bytes of `wanted` come along, for whichever transfer needs them first.
   * @throws what the store throws
   */
  async discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<FirstLook | undefined> {
    const discovered = await this.fetcher.discover(key, wanted, signal);
    if (!discovered) return undefined;
    return { object: discovered.discovery.object, along: this.transfers.offer(discovered) };
  }

  /** Whether the byte at `position` is in memory, on its way there, or on disk. */
  holds(object: ObjectRevision, position: number): boolean {
    const chunk = chunkAt(object, position, this.pool.chunkBytes);
    const resident = this.pool.revisions.find(object)?.find(position, this.pool.chunkBytes);
    return resident?.covers(position) === true || this.#disk?.has(chunk) === true;
  }

  /** Whether the chunk is on disk; never when there is no disk cache. */
  isOnDisk(chunk: ChunkId): boolean {
    return this.#disk?.has(chunk) === true;
  }

  /** The cache levels, fastest first. */
  tiers(): readonly TierStats[] {
    const memory = memoryStats(this.pool, this.budget.plan.cachedBytes);
    return this.#disk ? [memory, this.#disk.stats()] : [memory];
  }

  /** Forgets the object in every level but the authoritative one. */
  async forget(key: string, reason: ForgetReason = 'invalidated'): Promise<void> {
    const gone = this.pool.forget(key);
    if (gone.chunks > 0) this.#watch?.evicted({ key, reason, ...gone });
    await this.#disk?.evict(key, reason);
  }

  /** Ends the transfers, too: the connections may be closed already while their ends are still on the way here. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.transfers.close();
    this.verifier[Symbol.dispose]();
    await this.backfill?.close();
    await this.checksums[Symbol.asyncDispose]();
    this.pool[Symbol.dispose]();
  }
}
