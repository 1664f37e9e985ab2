/**
 * The pool: every chunk in memory. A chunk takes its slab before anything is read for it, shares one fill among all
 * who want it (fills.ts), stays as long as its slab is not needed (idle.ts), and gives the slab back when nothing
 * writes to it and no socket reads from it any more (leaving.ts). Who may take a slab, and when, is decided above
 * (transfer/); whose slab goes, in eviction.ts.
 */
import type { Arena, Slab } from '#main/flow/arena.ts';
import type { Clock } from '#main/flow/clock.ts';
import { Pins } from '#main/flow/pins.ts';
import type { ChunkWatch } from '#main/telemetry/chunk-watch.ts';
import type { Discovered } from '#main/fetch/fetch.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { EvictionReason } from '#shared/vocabulary/cache.ts';
import type { ChunkDisk } from './disk-fill.ts';
import { victimOf, type Claim } from './eviction.ts';
import { Fills, type Fetching } from './fills.ts';
import { IdleChunks } from './idle.ts';
import { LeavingChunks } from './leaving.ts';
import { PoolCounters } from './pool-counters.ts';
import { ResidentChunk, type ChunkPlace, type Reader, type SlabClass } from './resident-chunk.ts';
import type { Revision } from './revision.ts';
import { Revisions } from './revisions.ts';
import type { UnreadCause } from './waste.ts';

export interface PoolOptions {
  readonly arenas: Readonly<Record<SlabClass, Arena>>;
  /** Slabs that may be pinned at a time. */
  readonly pinLimits: Readonly<Record<SlabClass, number>>;
  /** Most bytes of slabs that stay filled with what nobody wants. */
  readonly cachedBytes: number;
  readonly chunkBytes: number;
  readonly fetching: Fetching;
  readonly disk?: ChunkDisk | undefined;
  readonly clock: Clock;
  /** Told of every fetch from the store, and of what becomes of it. */
  readonly watch?: ChunkWatch | undefined;
  /** Whether a revision is pinned: what nobody wants of it goes last. */
  readonly isKept?: ((object: ObjectRevision) => boolean) | undefined;
  /** A chunk loses its slab before its time. */
  readonly onEvicted?: ((chunk: ResidentChunk, reason: EvictionReason) => void) | undefined;
}

/** What has gone at once. */
export interface Forgotten {
  readonly chunks: number;
  readonly bytes: number;
}

/** Told of what changes for others than a chunk's readers. */
export interface PoolListener {
  /** A slab or a pin has come back, or something can be evicted that could not. */
  room(): void;
  /** A chunk is whole. */
  complete(chunk: ResidentChunk, revision: Revision): void;
  /** The store has this revision no longer. */
  gone(revision: Revision): void;
}

export class ChunkPool {
  readonly counters = new PoolCounters();
  readonly revisions = new Revisions();
  readonly pins: Readonly<Record<SlabClass, Pins>>;
  readonly #options: PoolOptions;
  /** Chunks that somebody wants. */
  readonly #wanted: Readonly<Record<SlabClass, Set<ResidentChunk>>> = { chunks: new Set(), small: new Set() };
  readonly #idle: IdleChunks;
  readonly #fills: Fills;
  readonly #leaving = new LeavingChunks(() => this.#listener?.room());
  #listener: PoolListener | undefined;

  constructor(options: PoolOptions) {
    const { pinLimits, cachedBytes, fetching, disk, clock, watch } = options;
    this.#options = options;
    this.pins = { chunks: new Pins(pinLimits.chunks), small: new Pins(pinLimits.small) };
    this.#idle = new IdleChunks(
      cachedBytes,
      (chunk) => this.#evict(chunk, 'share'),
      ({ id }) => options.isKept?.(id.object) === true,
    );
    this.#fills = new Fills({
      fetching,
      disk,
      clock,
      counters: this.counters,
      watch,
      owner: {
        filled: (chunk, revision) => this.#filled(chunk, revision),
        drop: (chunk, cause) => this.#drop(chunk, cause),
        gone: (revision) => this.#listener?.gone(revision),
        room: () => this.#listener?.room(),
      },
    });
  }

  /** Called once, before anything is read. */
  listen(listener: PoolListener): void {
    this.#listener = listener;
  }

  get chunkBytes(): number {
    return this.#options.chunkBytes;
  }

  slabBytes(slabClass: SlabClass): number {
    return this.#options.arenas[slabClass].plan.slabBytes;
  }

  /** Every chunk with a slab. */
  *residents(): Generator<ResidentChunk> {
    for (const slabClass of ['chunks', 'small'] as const) {
      yield* this.#wanted[slabClass];
      yield* this.#idle.of(slabClass);
    }
    yield* this.#leaving;
  }

  /** Bytes in memory of all revisions of the object named `key`. */
  bytesOf(key: string): number {
    return this.revisions.residentsOf(key).reduce((sum, chunk) => sum + chunk.validBytes, 0);
  }

  isIdle(chunk: ResidentChunk): boolean {
    return this.#idle.has(chunk);
  }

  /** Whether a slab could be had without taking it from anybody. */
  hasSpare(slabClass: SlabClass): boolean {
    return this.#options.arenas[slabClass].available > 0 || this.#idle.hasUnwanted(slabClass);
  }

  onDisk(place: ChunkPlace): boolean {
    return this.#options.disk?.has(place.within) === true;
  }

  /**
   * Takes a slab for `place`, evicting if `claim` justifies it, and begins to fill it. `undefined`: there is none now.
   * A discovery that cannot be used is given up.
   */
  tryAdd(
    revision: Revision,
    place: ChunkPlace,
    claim: Claim,
    discovered?: Discovered,
  ): ResidentChunk | undefined {
    const slab = this.#takeSlab(place.slabClass, claim);
    if (!slab) {
      discovered?.[Symbol.dispose]();
      return undefined;
    }
    const source = !discovered && this.onDisk(place) ? 'disk' : 'store';
    const origin = { source, fellows: revision.readers, now: this.#options.clock.now() } as const;
    const chunk = new ResidentChunk(place, slab, origin);
    revision.add(chunk);
    this.#wanted[place.slabClass].add(chunk);
    this.counters.misses += 1;
    if (source === 'disk') this.counters.diskHits += 1;
    this.#fills.start(revision, chunk, place.at, claim.kind, discovered);
    return chunk;
  }

  /** Begins to bring what a reader at `position` misses, unless something is being brought already. */
  fillGap(revision: Revision, chunk: ResidentChunk, position: number): void {
    if (chunk.filling || chunk.covers(position)) return;
    this.#fills.start(revision, chunk, position, 'demand');
  }

  /** Somebody waits for the chunk now. */
  promote(chunk: ResidentChunk): void {
    this.#fills.promote(chunk);
  }

  join(chunk: ResidentChunk, reader: Reader): void {
    if (chunk.readers.has(reader)) return;
    this.counters.joined(chunk, reader.position);
    if (chunk.isComplete) chunk.watch?.reread();
    chunk.readers.add(reader);
    if (!this.#idle.delete(chunk)) return;
    this.#wanted[chunk.slabClass].add(chunk);
    chunk.slab.move(chunk.state);
  }

  /** A chunk that nobody wants any more stays until its slab is needed; one that is still coming is given up. */
  leave(chunk: ResidentChunk, reader: Reader): void {
    if (!chunk.readers.delete(reader)) return;
    if (chunk.readers.size === 0) {
      if (!chunk.filling) this.#rest(chunk);
      else if (!this.#fills.isWorthFinishing(chunk)) this.#drop(chunk, 'aborted');
    }
    this.#listener?.room();
  }

  /** A pin for a write from the chunk's slab, to a socket or to disk; false when none is left. */
  tryPin(chunk: ResidentChunk, towards: 'socket' | 'disk'): boolean {
    if (chunk.pins === 0 && !this.pins[chunk.slabClass].tryTake()) return false;
    chunk.pin();
    if (towards === 'socket') chunk.enter('draining', this.#options.clock.now());
    return true;
  }

  /** The write is over: the socket has the bytes, or has closed. */
  unpin(chunk: ResidentChunk): void {
    if (!chunk.unpin()) return;
    this.pins[chunk.slabClass].giveBack();
    if (chunk.isZombie) this.#leaving.release(chunk);
    else if (chunk.state === 'draining')
      chunk.enter(chunk.filling ? 'receiving' : 'held', this.#options.clock.now());
    this.#idle.unpinned(chunk);
    this.#listener?.room();
  }

  /** Forgets what is kept of every revision of the object named `key`; what somebody reads stays until then. */
  forget(key: string): Forgotten {
    const idle = this.revisions.residentsOf(key).filter((chunk) => this.isIdle(chunk));
    const bytes = idle.reduce((sum, chunk) => sum + chunk.validBytes, 0);
    for (const chunk of idle) this.#drop(chunk, 'evicted');
    this.#listener?.room();
    return { chunks: idle.length, bytes };
  }

  /** Gives the slab of a chunk back that nobody wants, because it is safe elsewhere. */
  release(chunk: ResidentChunk): void {
    if (!this.isIdle(chunk) || chunk.pins > 0) return;
    this.#drop(chunk, 'evicted');
    this.#listener?.room();
  }

  /** An object has been pinned, or is not pinned any more. */
  pinsChanged(): void {
    this.#idle.sort();
  }

  /** Drops every chunk of a revision whose bytes have proved wrong, and fails its readers. */
  condemn(revision: Revision, error: unknown): void {
    for (const chunk of revision.residents) {
      const readers = [...chunk.readers];
      this.#drop(chunk, 'failed');
      for (const reader of readers) reader.fail(error);
    }
  }

  /** When nobody reads any more: otherwise what is dropped here would be asked for again. */
  [Symbol.dispose](): void {
    for (const chunk of this.residents()) if (!chunk.isZombie) this.#drop(chunk, 'aborted');
  }

  #takeSlab(slabClass: SlabClass, claim: Claim): Slab | undefined {
    const arena = this.#options.arenas[slabClass];
    const spare = arena.tryTake('queued', 'transfers');
    if (spare) return spare;
    // A slab that is on its way back is waited for, rather than taking another one as well.
    if (this.#leaving.hasUnpinned(slabClass)) return undefined;
    const victim = victimOf(this.#inOrder(slabClass), claim);
    if (!victim) return undefined;
    this.#evict(victim);
    return arena.tryTake('queued', 'transfers');
  }

  *#inOrder(slabClass: SlabClass): Generator<ResidentChunk> {
    yield* this.#idle.of(slabClass);
    yield* this.#wanted[slabClass];
  }

  #filled(chunk: ResidentChunk, revision: Revision): void {
    if (chunk.isComplete) {
      this.counters.fills += 1;
      this.#listener?.complete(chunk, revision);
    }
    if (chunk.readers.size === 0) this.#rest(chunk);
  }

  /** Nobody wants it any more. */
  #rest(chunk: ResidentChunk): void {
    if (chunk.isZombie || this.isIdle(chunk)) return;
    this.#wanted[chunk.slabClass].delete(chunk);
    chunk.watch?.released();
    this.#idle.add(chunk);
  }

  #evict(chunk: ResidentChunk, why?: EvictionReason): void {
    const what = this.counters.evicted(chunk);
    this.#options.onEvicted?.(chunk, why ?? (what === 'cached' ? 'needed' : what));
    this.#drop(chunk, 'evicted');
  }

  /** Takes the chunk out of the pool in this tick. Its slab follows when nothing uses it any more. */
  #drop(chunk: ResidentChunk, cause: UnreadCause): void {
    this.revisions.remove(chunk);
    this.#idle.delete(chunk);
    this.#wanted[chunk.slabClass].delete(chunk);
    chunk.readers.clear();
    this.counters.dropped(chunk, cause);
    chunk.watch?.left(cause);
    this.#leaving.add(chunk, this.#fills.take(chunk));
  }
}
