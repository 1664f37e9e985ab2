/** The caches as consoles see and change them. */
import type { DiskTier } from '#main/cache/disk-tier.ts';
import type { Catalog } from '#main/cache/catalog.ts';
import type { EvictionFilter, EvictionLog } from '#main/cache/eviction-log.ts';
import type { KnownObject, KnownObjects } from '#main/cache/known-objects.ts';
import type { TierHistory } from '#main/cache/tier-history.ts';
import type { TierStats } from '#main/cache/tier.ts';
import type { ObjectRevision, ObjectStore } from '#main/object-store/object-store.ts';
import type { Engine } from '#main/transfer/engine.ts';
import { prefetch } from '#main/transfer/prefetch.ts';
import type {
  CachedObject,
  CachedObjectDetail,
  CacheHistory,
  CacheJob,
  CacheList,
  CacheTierFigures,
  Evictions,
} from '#shared/cache-model.ts';
import { maxEvictionsShown, maxObjectsShown } from '#shared/vocabulary/cache.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { formatBytes, formatCount } from '#shared/units.ts';
import { CacheJobs, type JobReport } from './jobs.ts';
import { bytesOf, cellsOf, runsOf } from './residency.ts';
import { judgedTiers } from './tiers.ts';
import { verify } from './verification.ts';

export interface CacheSources {
  readonly engine: Engine;
  readonly disk: DiskTier | undefined;
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  readonly known: KnownObjects;
  readonly evictions: EvictionLog;
  readonly history: TierHistory;
}

/** Consoles that ask within this time get the same answer. */
const freshMs = 500;

export class CacheConsole implements AsyncDisposable {
  readonly #sources: CacheSources;
  readonly #jobs = new CacheJobs();
  #answer: CacheList | undefined;

  constructor(sources: CacheSources) {
    this.#sources = sources;
  }

  list(): CacheList {
    const now = Date.now();
    if (this.#answer && now - this.#answer.at < freshMs) return this.#answer;
    const { engine, store, known } = this.#sources;
    const cached = [...known].toReversed().filter((each) => this.#isShown(each));
    this.#answer = {
      at: now,
      chunkBytes: engine.pool.chunkBytes,
      tiers: this.#tiers(),
      store: {
        description: store.description,
        fetchedBytes: engine.pool.counters.waste.fetchedBytes,
      },
      pins: known.pins,
      objects: cached.slice(0, maxObjectsShown).map((each) => this.#row(each)),
      hidden: Math.max(0, cached.length - maxObjectsShown),
      unnamed: this.#unnamed(),
      jobs: [...this.#jobs.all],
    };
    return this.#answer;
  }

  /** @throws SluiceError NOT_FOUND */
  object(name: string): CachedObjectDetail {
    const { engine } = this.#sources;
    const { revision } = this.#known(name);
    const { length } = revision;
    const { chunkBytes } = engine.pool;
    const { memory, disk } = this.#ranges(revision);
    const record = engine.pool.revisions.find(revision);
    return {
      chunks: Math.ceil(length / chunkBytes),
      memory: runsOf(memory, length, chunkBytes),
      disk: runsOf(disk, length, chunkBytes),
      readers: [...(record?.readers ?? [])].slice(0, 100).map(({ position }) => position),
      checksum: (record?.checksum ?? revision.checksum)?.algorithm,
    };
  }

  history(): CacheHistory {
    const { history, engine } = this.#sources;
    history.note(judgedTiers(engine), Date.now());
    return history.read();
  }

  evictions(filter: EvictionFilter): Evictions {
    const { evictions } = this.#sources;
    const { matching, rows } = evictions.find(filter, maxEvictionsShown);
    return { total: evictions.total, kept: evictions.kept, matching, rows: [...rows] };
  }

  /** @throws SluiceError NOT_FOUND; INVALID_INPUT when pinned objects would come to more than they may */
  async pin(name: string): Promise<void> {
    const known = this.#known(name);
    this.#changed();
    await this.#sources.known.pin(known);
  }

  /** @throws SluiceError NOT_FOUND */
  async unpin(name: string): Promise<void> {
    const known = this.#known(name);
    this.#changed();
    await this.#sources.known.unpin(known);
  }

  /** @throws SluiceError NOT_FOUND; INVALID_INPUT for a pinned object */
  async evict(name: string): Promise<void> {
    const { isPinned, revision } = this.#known(name);
    if (isPinned) {
      throw new SluiceError('INVALID_INPUT', `${name} is pinned: unpin it first, then it can be evicted`);
    }
    await this.#sources.engine.forget(revision.key, 'operator');
    this.#changed();
  }

  /** @throws SluiceError NOT_FOUND; INVALID_INPUT for a range that is not in the object, or has no room */
  prefetch(name: string, range?: ByteRange): CacheJob {
    const { revision } = this.#known(name);
    const wanted = range ?? { start: 0, end: revision.length };
    if (wanted.start >= wanted.end || wanted.end > revision.length) {
      throw new SluiceError(
        'INVALID_INPUT',
        `${name} has bytes 0 to ${revision.length}: ${wanted.start} to ${wanted.end} is not a part of it`,
      );
    }
    this.#refuseWithoutRoom(name, wanted);
    this.#changed();
    const detail = `${wanted.start}-${wanted.end}`;
    return this.#jobs.start('prefetch', name, detail, (report, signal) =>
      this.#prefetch(revision.key, wanted, report, signal),
    );
  }

  /** @throws SluiceError NOT_FOUND */
  verify(name: string): CacheJob {
    const { revision } = this.#known(name);
    const { engine, disk, store } = this.#sources;
    this.#changed();
    const checksumOf = async (object: ObjectRevision, signal: AbortSignal) =>
      engine.pool.revisions.find(object)?.checksum ??
      object.checksum ??
      (await store.checksumOf?.(object, signal));
    return this.#jobs.start('verify', name, '', (report, signal) =>
      verify({ engine, disk, checksumOf }, revision, report, signal),
    );
  }

  cancel(job: number): boolean {
    this.#changed();
    return this.#jobs.cancel(job);
  }

  /** Ends what operators have started. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#jobs[Symbol.asyncDispose]();
  }

  async #prefetch(key: string, wanted: ByteRange, report: JobReport, signal: AbortSignal): Promise<string> {
    const { engine, disk, catalog, known } = this.#sources;
    report.phase('looking the object up');
    const current = await catalog.current(key);
    if (!current) throw new SluiceError('NOT_FOUND', 'the store has the object no longer');
    const object = current.revision;
    known.used(object, known.nameOf(key));
    const { chunkBytes } = engine.pool;
    const range = { start: wanted.start, end: Math.min(wanted.end, object.length) };
    const from = range.start - (range.start % chunkBytes);
    const end = Math.min(Math.ceil(range.end / chunkBytes) * chunkBytes, object.length);
    report.total(end - from);
    const bytes = { there: 0, brought: 0 };
    await prefetch(
      {
        transfers: engine.transfers,
        latencyMs: () => engine.fetcher.latencyMs,
        isStoreSaturated: () => engine.fetcher.isSaturated,
        disk,
        backfill: engine.backfill,
      },
      {
        object,
        range,
        onDone: (size, how) => {
          bytes[how] += size;
          report.done(size);
        },
        onWaiting: (what) => report.phase(waitingWords[what]),
      },
      signal,
    );
    const where = disk ? 'to disk' : 'into memory';
    const rest = bytes.there > 0 ? `; ${formatBytes(bytes.there)} were there` : '';
    return bytes.brought > 0
      ? `${formatBytes(bytes.brought)} brought ${where}${rest}`
      : `nothing to bring: all ${formatBytes(bytes.there)} were there`;
  }

  #refuseWithoutRoom(name: string, { start, end }: ByteRange): void {
    const { disk, engine, known } = this.#sources;
    const limitBytes = disk?.stats().limitBytes ?? engine.budget.plan.cachedBytes;
    const isPinned = known.named(name)?.isPinned === true;
    const free = limitBytes - (isPinned ? 0 : known.pins.bytes);
    if (end - start <= free) return;
    throw new SluiceError(
      'INVALID_INPUT',
      `${formatBytes(end - start)} do not fit: the ${disk ? 'disk' : 'memory'} cache has ` +
        `${formatBytes(limitBytes)}, of which ${formatBytes(limitBytes - free)} are pinned`,
    );
  }

  #isShown({ revision, isPinned }: KnownObject): boolean {
    const { disk, engine } = this.#sources;
    if (isPinned || (disk?.bytesOf(revision.key) ?? 0) > 0) return true;
    return engine.pool.revisions.find(revision) !== undefined;
  }

  #row({ name, revision, usedAt, isPinned }: KnownObject): CachedObject {
    const { memory, disk } = this.#ranges(revision);
    return {
      name,
      pin: revision.pin,
      bytes: revision.length,
      memoryBytes: bytesOf(memory),
      diskBytes: bytesOf(disk),
      memory: cellsOf(memory, revision.length),
      disk: cellsOf(disk, revision.length),
      readers: this.#sources.engine.pool.revisions.find(revision)?.readers.size ?? 0,
      usedAt,
      isPinned,
    };
  }

  #ranges(revision: ObjectRevision): {
    readonly memory: readonly ByteRange[];
    readonly disk: readonly ByteRange[];
  } {
    const { engine, disk } = this.#sources;
    const residents = engine.pool.revisions.find(revision)?.residents ?? [];
    const complete = residents.filter((chunk) => chunk.isComplete && !chunk.isZombie);
    return { memory: complete.map(({ id }) => id.range), disk: disk?.rangesOf(revision) ?? [] };
  }

  #tiers(): CacheTierFigures[] {
    const { engine, known } = this.#sources;
    const pinned = { memory: 0, disk: 0 };
    for (const each of known) {
      if (!each.isPinned) continue;
      const { memory, disk } = this.#ranges(each.revision);
      pinned.memory += bytesOf(memory);
      pinned.disk += bytesOf(disk);
    }
    return judgedTiers(engine).map((tier) => figuresOf(tier, pinned[tier.name]));
  }

  #unnamed(): CacheList['unnamed'] {
    const { disk, known } = this.#sources;
    let objects = 0;
    let bytes = 0;
    for (const [place, size] of disk?.objects() ?? []) {
      if (known.knowsPlace(place)) continue;
      objects += 1;
      bytes += size;
    }
    return { objects, bytes };
  }

  #known(name: string): KnownObject {
    const known = this.#sources.known.named(name);
    if (known) return known;
    const count = formatCount([...this.#sources.known].length);
    throw new SluiceError('NOT_FOUND', `none of the ${count} objects that were served is called ${name}`);
  }

  #changed(): void {
    this.#answer = undefined;
  }
}

function figuresOf(tier: TierStats, pinnedBytes: number): CacheTierFigures {
  const { name, limitBytes, bytes, objects, chunks, hits, misses, fills, evictions, faults } = tier;
  return { name, limitBytes, bytes, pinnedBytes, objects, chunks, hits, misses, fills, evictions, faults };
}

const waitingWords = {
  store: 'from the store',
  memory: 'waiting for memory',
  disk: 'writing to disk',
} as const;
