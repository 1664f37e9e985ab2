/**
 * The fills that are under way, one for each chunk at most: from disk when the chunk is there, else from the store.
 * What arrives goes to the chunk's readers at once. A chunk of the disk that turns out not to be there is fetched from
 * the store instead; when the store cannot bring it either, only those fail who wait for it now.
 */
import type { Discovered, Fetch, FetchEvents, FetchJob, Urgency } from '#main/fetch/fetch.ts';
import type { Clock } from '#main/flow/clock.ts';
import type { ChunkWatch } from '#main/telemetry/chunk-watch.ts';
import { isSluiceError } from '#shared/errors.ts';
import { rangeBytes } from './chunk.ts';
import { diskMiss, fillFromDisk, type ChunkDisk } from './disk-fill.ts';
import type { Claim } from './eviction.ts';
import type { PoolCounters } from './pool-counters.ts';
import type { ResidentChunk } from './resident-chunk.ts';
import type { Revision } from './revision.ts';
import type { UnreadCause } from './waste.ts';

/** What the pool needs of the fetch level. */
export interface Fetching {
  start(job: FetchJob): Fetch;
}

/** Whose chunks are filled (pool.ts). */
interface FillOwner {
  /** Everything is there that was asked for. */
  filled(chunk: ResidentChunk, revision: Revision): void;
  /** Takes the chunk out of the pool. */
  drop(chunk: ResidentChunk, cause: UnreadCause): void;
  /** The store has this revision no longer. */
  gone(revision: Revision): void;
  /** Something can be evicted that could not. */
  room(): void;
}

export interface FillsOptions {
  readonly fetching: Fetching;
  readonly disk?: ChunkDisk | undefined;
  readonly clock: Clock;
  readonly counters: PoolCounters;
  readonly watch?: ChunkWatch | undefined;
  readonly owner: FillOwner;
}

export class Fills {
  readonly #options: FillsOptions;
  readonly #running = new Map<ResidentChunk, Fetch>();

  constructor(options: FillsOptions) {
    this.#options = options;
  }

  /** Begins to bring what a reader at `position` misses, from where the chunk's bytes come from. */
  start(
    revision: Revision,
    chunk: ResidentChunk,
    position: number,
    kind: Claim['kind'],
    discovered?: Discovered,
  ): void {
    const { fetching, disk, watch } = this.#options;
    const range = chunk.gapAt(position);
    chunk.filling = { from: range.start, at: range.start, end: range.end };
    const into = chunk.view(range.start, range.end);
    const urgency: Urgency = kind === 'demand' && chunk.slabClass === 'small' ? 'small' : kind;
    if (chunk.source === 'disk' && disk) {
      chunk.watch = undefined;
      watch?.fromDisk(revision, chunk.id.index);
      const events = this.#events(revision, chunk);
      chunk.enter('waiting', this.#options.clock.now());
      this.#running.set(chunk, fillFromDisk(disk, { chunk: chunk.within, range, into, events }));
      return;
    }
    const lane = discovered ? 'first look' : urgency;
    chunk.watch = watch?.began(revision, { index: chunk.id.index, ...range, lane }, chunk.watch);
    const events = this.#events(revision, chunk);
    chunk.enter('queued', this.#options.clock.now());
    const job = { revision: revision.object, range, into, urgency, events, discovered };
    this.#running.set(chunk, fetching.start(job));
  }

  /** Somebody waits for the chunk now. */
  promote(chunk: ResidentChunk): void {
    this.#running.get(chunk)?.promote(chunk.slabClass === 'small' ? 'small' : 'demand');
  }

  /** The chunk's fill, if one is under way. It is the caller's now, to call back. */
  take(chunk: ResidentChunk): Fetch | undefined {
    const fill = this.#running.get(chunk);
    this.#running.delete(chunk);
    return fill;
  }

  /** Whether a fill goes on although nobody waits for the chunk any more. */
  isWorthFinishing({ filling, id, outlivesReaders }: ResidentChunk): boolean {
    if (!filling || outlivesReaders) return outlivesReaders;
    const left = filling.end - filling.at;
    return left === 0 || (this.#options.disk !== undefined && left < rangeBytes(id.range) / 2);
  }

  #events(revision: Revision, chunk: ResidentChunk): FetchEvents {
    const enter = (state: 'waiting' | 'receiving' | 'retry'): void => {
      if (chunk.pins === 0) chunk.enter(state, this.#options.clock.now());
    };
    const { watch } = chunk;
    return {
      attempt: (number) => {
        watch?.attempt(number);
        chunk.attempts = number;
        enter('waiting');
      },
      hedged: () => watch?.hedged(),
      answered: (by) => watch?.answered(by),
      received: (bytes) => {
        watch?.received(bytes);
        this.#noteReceived(revision, chunk, bytes);
        enter('receiving');
        wake(chunk);
      },
      backOff: (_, cause) => {
        watch?.backedOff(cause);
        enter('retry');
      },
      done: () => this.#done(revision, chunk),
      failed: (error) => this.#failed(revision, chunk, error),
    };
  }

  #noteReceived(revision: Revision, chunk: ResidentChunk, bytes: number): void {
    const { counters } = this.#options;
    const at = chunk.filling?.at ?? 0;
    chunk.extend(bytes);
    if (chunk.source === 'disk') {
      counters.diskBytes += bytes;
      return;
    }
    const fresh = revision.noteFetched(chunk.id.index, at, at + bytes);
    counters.waste.firstBytes += fresh;
    counters.waste.againBytes += bytes - fresh;
  }

  #done(revision: Revision, chunk: ResidentChunk): void {
    const { clock, owner } = this.#options;
    this.#running.delete(chunk);
    const now = clock.now();
    chunk.settle(now);
    chunk.watch?.complete();
    if (chunk.pins === 0) chunk.enter('held', now);
    owner.filled(chunk, revision);
    wake(chunk);
    owner.room();
  }

  #failed(revision: Revision, chunk: ResidentChunk, error: unknown): void {
    const { owner } = this.#options;
    this.#running.delete(chunk);
    if (error === diskMiss) {
      this.#resort(revision, chunk);
      return;
    }
    const waiting = [...chunk.readers].filter((reader) => reader.isWritable && chunk.holds(reader.position));
    for (const reader of chunk.readers) reader.setBack();
    chunk.watch?.failed(error);
    const isGone = isSluiceError(error, 'REVISION_CHANGED');
    if (isGone) revision.gone = error;
    owner.drop(chunk, 'failed');
    if (isGone) owner.gone(revision);
    for (const reader of waiting) reader.fail(error);
    owner.room();
  }

  /** The store has what the disk turned out not to have. */
  #resort(revision: Revision, chunk: ResidentChunk): void {
    const { filling } = chunk;
    if (filling && chunk.validBytes === 0 && chunk.readers.size > 0) {
      chunk.source = 'store';
      chunk.filling = undefined;
      this.start(revision, chunk, filling.from, chunk.isNeeded ? 'demand' : 'ahead');
      return;
    }
    // Part of it came from disk before. Bytes from two places are not mixed in one chunk.
    const readers = [...chunk.readers];
    this.#options.owner.drop(chunk, 'evicted');
    for (const reader of readers) reader.advance();
  }
}

/** Tells those who can use new bytes now; the others find them when they come. */
function wake(chunk: ResidentChunk): void {
  for (const reader of chunk.readers) if (chunk.holds(reader.position)) reader.advance();
}
