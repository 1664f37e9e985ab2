/**
 * Brings chunks of an object that nobody waits for: onto the disk, or into the memory cache where there is no disk. It
 * is a reader like any other, but comes last in everything: it takes a slab only while no client waits for one, only
 * from what nobody wants, and its chunks are the first to go. On the way to the disk a chunk has its slab no longer
 * than that takes, so the memory cache loses two chunks to it at most, whatever the object's length.
 */
import type { Backfill } from '#main/cache/backfill.ts';
import { chunkAt, rangeBytes, type ChunkId } from '#main/cache/chunk.ts';
import type { ChunkDisk } from '#main/cache/disk-fill.ts';
import type { Claim } from '#main/cache/eviction.ts';
import type { Reader, ResidentChunk } from '#main/cache/resident-chunk.ts';
import type { Revision } from '#main/cache/revision.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { placeAt } from './place.ts';
import type { Transfers } from './transfers.ts';

/** Chunks on their way at a time. */
const concurrency = 2;
/** How long nothing may have been told before it looks for itself. */
const lookMs = 100;
/** What it brings is not needed for so long: more than any window's. */
const neededInMs = 86_400_000;
/** How often the store may fail to bring a chunk. The fetch level has tried several times each time. */
const maxFailures = 3;
/** A disk that has not taken a chunk for so long does not take any. */
const diskPatienceMs = 30_000;

export interface PrefetchOptions {
  readonly transfers: Transfers;
  /** Milliseconds that a chunk takes from the store now. */
  readonly latencyMs: () => number;
  /** More fetches would only wait. */
  readonly isStoreSaturated: () => boolean;
  readonly disk?: ChunkDisk | undefined;
  readonly backfill?: Backfill | undefined;
}

export interface PrefetchJob {
  readonly object: ObjectRevision;
  /** The chunks around it are brought whole. */
  readonly range: ByteRange;
  /** So many bytes more are where they should be: they were already, or have been brought. */
  readonly onDone: (bytes: number, from: 'there' | 'brought') => void;
  readonly onWaiting: (what: 'store' | 'memory' | 'disk') => void;
}

/** @throws why the store cannot bring a chunk; the signal's reason */
export async function prefetch(
  options: PrefetchOptions,
  job: PrefetchJob,
  signal: AbortSignal,
): Promise<void> {
  const { pool } = options.transfers;
  const revision = pool.revisions.of(job.object);
  const queue = chunksOf(job, pool.chunkBytes);
  // One that fails takes the others with it.
  const failing = new AbortController();
  const life = AbortSignal.any([signal, failing.signal]);
  const work = async (): Promise<void> => {
    for (const chunk of queue) await new ChunkBringer(options, job, revision, chunk).bring(life);
  };
  const lines = Array.from({ length: concurrency }, () =>
    work().catch((error: unknown) => {
      failing.abort(error);
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(lines);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/** One queue that all take from: a generator that is closed by nobody. */
function chunksOf({ object, range }: PrefetchJob, chunkBytes: number): Iterable<ChunkId> {
  let at = range.start;
  const next = (): IteratorResult<ChunkId> => {
    if (at >= range.end) return { done: true, value: undefined };
    const value = chunkAt(object, at, chunkBytes);
    at = value.range.end;
    return { done: false, value };
  };
  return { [Symbol.iterator]: () => ({ next }) };
}

/** Brings one chunk. */
class ChunkBringer implements Reader {
  readonly position: number;
  /** It never takes bytes: nobody waits for it, and nothing is kept for it. */
  readonly isWritable = false;
  readonly #options: PrefetchOptions;
  readonly #job: PrefetchJob;
  readonly #revision: Revision;
  readonly #chunk: ChunkId;
  #failures = 0;
  #wake = (): void => undefined;

  constructor(options: PrefetchOptions, job: PrefetchJob, revision: Revision, chunk: ChunkId) {
    this.#options = options;
    this.#job = job;
    this.#revision = revision;
    this.#chunk = chunk;
    this.position = chunk.range.start;
  }

  timeTo(): number {
    return Infinity;
  }

  advance(): void {
    this.#wake();
  }

  setBack(): void {
    this.#failures += 1;
    this.#wake();
  }

  fail(): void {
    this.#failures += 1;
    this.#wake();
  }

  async bring(signal: AbortSignal): Promise<void> {
    const { pool } = this.#options.transfers;
    const bytes = rangeBytes(this.#chunk.range);
    let from: 'there' | 'brought' = 'there';
    // As one who reads the revision, so that it is not forgotten meanwhile.
    this.#revision.readers.add(this);
    try {
      while (!this.#isThere()) {
        signal.throwIfAborted();
        this.#throwIfLost();
        const chunk = this.#find() ?? this.#add();
        if (chunk) {
          from = 'brought';
          await this.#stay(chunk, signal);
        } else {
          this.#job.onWaiting('memory');
          await this.#pause(signal);
        }
      }
    } finally {
      pool.revisions.leave(this.#revision, this);
    }
    this.#job.onDone(bytes, from);
  }

  #isThere(): boolean {
    const { disk } = this.#options;
    return disk ? disk.has(this.#chunk) : this.#find()?.isComplete === true;
  }

  #find(): ResidentChunk | undefined {
    return this.#revision.chunks.get(this.#chunk.index);
  }

  #throwIfLost(): void {
    if (this.#revision.gone !== undefined) throw this.#revision.gone;
    if (this.#failures < maxFailures) return;
    throw new SluiceError(
      'STORE_UNAVAILABLE',
      `the store could not bring bytes ${this.#chunk.range.start} and on, in ${maxFailures} attempts`,
    );
  }

  /** Takes a slab, if one can be had without anybody missing it. */
  #add(): ResidentChunk | undefined {
    const { transfers, latencyMs, isStoreSaturated } = this.#options;
    const { pool, clock, sizes } = transfers;
    const { object, range } = this.#chunk;
    const place = placeAt(object, range, range.start, { grain: 'chunk', sizes, onDisk: false });
    const isContended = transfers.waiting(place.slabClass) > 0 || isStoreSaturated();
    if (isContended || !pool.hasSpare(place.slabClass)) return undefined;
    const claim: Claim = {
      kind: 'ahead',
      neededInMs,
      latencyMs: latencyMs(),
      waitedMs: 0,
      now: clock.now(),
      reader: this,
    };
    return pool.tryAdd(this.#revision, place, claim);
  }

  /** Stays with the chunk until it is where it should be, has gone, or could not be brought. */
  async #stay(chunk: ResidentChunk, signal: AbortSignal): Promise<void> {
    const { transfers, disk, backfill } = this.#options;
    const { pool } = transfers;
    const failuresBefore = this.#failures;
    let completeAt: number | undefined;
    pool.join(chunk, this);
    try {
      while (!chunk.isZombie && this.#failures === failuresBefore && !this.#isThere()) {
        signal.throwIfAborted();
        if (!chunk.isComplete && !chunk.filling) pool.fillGap(this.#revision, chunk, chunk.id.range.start);
        if (chunk.isComplete && disk) {
          const now = transfers.clock.now();
          completeAt ??= now;
          if (now - completeAt > diskPatienceMs) throw diskError;
          backfill?.offer(chunk);
        }
        this.#job.onWaiting(chunk.isComplete ? 'disk' : 'store');
        await this.#pause(signal);
      }
      if (!chunk.isZombie && chunk.isComplete) {
        pool.counters.delivered(chunk, chunk.id.range.start, chunk.id.range.end);
      }
    } finally {
      const wasAlone = chunk.readers.size === 1 && chunk.readers.has(this);
      pool.leave(chunk, this);
      if (disk && wasAlone && disk.has(this.#chunk)) pool.release(chunk);
    }
  }

  /** Until it is told something, or for a moment. @throws the signal's reason */
  #pause(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.transfers;
    return new Promise((resolve, reject) => {
      const timer = clock.after(lookMs, () => end());
      const end = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', end);
        this.#wake = () => undefined;
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      this.#wake = end;
    });
  }
}

const diskError = new SluiceError('STORE_UNAVAILABLE', 'the disk cache takes no chunk: the log says why');
