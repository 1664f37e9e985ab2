/**
 * Demand: transfers whose client would take bytes now while there are none. They wait in two lines, one for each kind
 * of slab, in which clients take turns. Those whose bytes somebody else has brought meanwhile need no slab of their
 * own.
 */
import { chunkAt, rangeBytes } from '#main/cache/chunk.ts';
import type { ChunkPool } from '#main/cache/pool.ts';
import type { ChunkPlace, ResidentChunk, SlabClass } from '#main/cache/resident-chunk.ts';
import type { Revision } from '#main/cache/revision.ts';
import { smallReadBytes, type Discovered } from '#main/fetch/fetch.ts';
import type { Clock } from '#main/flow/clock.ts';
import { FairQueue } from '#main/flow/fair-queue.ts';
import type { Measures } from './measures.ts';
import { Offers } from './offers.ts';
import { exactPlace, placeAt, type Grain, type Sizes } from './place.ts';
import { SmallReads } from './small-reads.ts';
import type { Transfer } from './transfer.ts';

/** What it is decided on who gets a slab. */
export interface Grounds {
  readonly pool: ChunkPool;
  readonly clock: Clock;
  readonly sizes: Sizes;
  readonly measures: Measures;
  /** Milliseconds that a chunk takes from the store now. */
  readonly latencyMs: () => number;
}

export class Demand {
  readonly #grounds: Grounds;
  readonly #lines: Readonly<Record<SlabClass, FairQueue<Transfer>>> = {
    small: new FairQueue(),
    chunks: new FairQueue(),
  };
  readonly #offers = new Offers();
  readonly #smallReads = new SmallReads();

  constructor(grounds: Grounds) {
    this.#grounds = grounds;
  }

  /** Transfers that wait, by the kind of slab. */
  waiting(slabClass: SlabClass): number {
    return this.#lines[slabClass].size;
  }

  /** Bytes for whoever needs them first; disposing of the result gives them up if nobody has. */
  offer(discovered: Discovered): Disposable {
    return this.#offers.add(discovered);
  }

  /** The transfer waits for the bytes at its position, from now on. */
  add(transfer: Transfer): void {
    const place = this.#placeOf(transfer);
    transfer.awaited = { place, since: this.#grounds.clock.now() };
    this.#lines[place.slabClass].add(transfer);
  }

  /** It waits no more. */
  delete(transfer: Transfer): void {
    for (const line of Object.values(this.#lines)) line.delete(transfer);
    transfer.awaited = undefined;
  }

  /** Serves those who wait for slabs of this kind, in turns, as long as there are any. */
  serve(slabClass: SlabClass): void {
    const line = this.#lines[slabClass];
    for (let transfer = line.first(); transfer; transfer = line.first()) {
      if (!this.#satisfy(transfer)) return;
      line.served(transfer);
      transfer.awaited = undefined;
      transfer.advance();
    }
  }

  /**
   * Gives up the answers that wait for those who wait for a slab. An answer has a permit, and permits must not wait for
   * memory: who has memory may be waiting for a permit.
   */
  dropOffersOfWaiting(): void {
    if (this.#offers.isEmpty) return;
    for (const line of Object.values(this.#lines))
      for (const { revision } of line) this.#offers.drop(revision);
  }

  /** The chunk is being brought: whoever waits for bytes of it waits for no slab any more. */
  share(revision: Revision, chunk: ResidentChunk): void {
    for (const line of Object.values(this.#lines)) {
      const others = [...line].filter((other) => other.revision === revision && chunk.holds(other.position));
      for (const other of others) {
        line.delete(other);
        other.awaited = undefined;
        other.advance();
      }
    }
  }

  /** Gives the transfer the chunk that it waits for. False: there is no slab for it now. */
  #satisfy(transfer: Transfer): boolean {
    const { pool, measures } = this.#grounds;
    const { awaited, revision, position } = transfer;
    if (!awaited || !transfer.isWritable) return true;
    if (revision.find(position, pool.chunkBytes)) return true;
    if (revision.gone !== undefined && !pool.onDisk(awaited.place)) {
      transfer.fail(revision.gone);
      return true;
    }
    const now = this.#grounds.clock.now();
    const waitedMs = now - awaited.since;
    const claim = {
      kind: 'demand',
      neededInMs: 0,
      latencyMs: this.#grounds.latencyMs(),
      waitedMs,
      now,
      reader: transfer,
    } as const;
    const chunk = pool.tryAdd(revision, awaited.place, claim, this.#offers.take(revision, awaited.place));
    if (!chunk) return false;
    measures.demandWait.add(waitedMs);
    chunk.outlivesReaders = transfer.grain === 'exact' && chunk.slabClass === 'chunks';
    transfer.joined.add(chunk);
    this.share(revision, chunk);
    return true;
  }

  #placeOf(transfer: Transfer): ChunkPlace {
    const { pool, sizes } = this.#grounds;
    const { revision, range, position } = transfer;
    const grain = this.#grainNow(transfer);
    // What a first look has brought for a small read, as it is: of a small object all would be asked for once more.
    const offered = grain === 'exact' ? this.#offers.rangeAt(revision, position) : undefined;
    const within = chunkAt(revision.object, position, sizes.chunkBytes);
    if (offered && rangeBytes(offered) <= smallReadBytes && rangeBytes(offered) < rangeBytes(within.range))
      return exactPlace(within, offered);
    const place = placeAt(revision.object, range, position, { grain, sizes, onDisk: false });
    if (!pool.onDisk(place)) return place;
    return placeAt(revision.object, range, position, { grain, sizes, onDisk: true });
  }

  /** Small reads that crowd into one chunk bring it whole, if there is room. */
  #grainNow({ grain, revision, position }: Transfer): Grain {
    const { pool, clock } = this.#grounds;
    if (grain === 'chunk') return 'chunk';
    const index = Math.floor(position / pool.chunkBytes);
    const isCrowd = this.#smallReads.note(revision, index, clock.now());
    return isCrowd && pool.hasSpare('chunks') ? 'chunk' : 'exact';
  }
}
