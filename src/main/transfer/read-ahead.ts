/**
 * Read-ahead: slabs for windows that miss something, while nobody waits for one. What nobody wants is shared out like
 * water: each slab to the transfer that has the least. A slab of somebody's chunk goes to a window only where that
 * chunk is used much later (eviction.ts), and only one to each window at a time.
 */
import type { ChunkPlace } from '#main/cache/resident-chunk.ts';
import type { Demand, Grounds } from './demand.ts';
import { placeAt } from './place.ts';
import type { Transfer } from './transfer.ts';

export class ReadAhead {
  readonly #grounds: Grounds;
  readonly #demand: Demand;
  /** Transfers with something of their window missing, and since when. */
  readonly #missing = new Map<Transfer, number>();

  /** What is read ahead is for those in `demand`, too. */
  constructor(grounds: Grounds, demand: Demand) {
    this.#grounds = grounds;
    this.#demand = demand;
  }

  /** Something of its window is not in memory. */
  add(transfer: Transfer): void {
    if (!this.#missing.has(transfer)) this.#missing.set(transfer, this.#grounds.clock.now());
  }

  delete(transfer: Transfer): void {
    this.#missing.delete(transfer);
  }

  /** Gives slabs that nobody wants, each to the transfer that has the least. */
  giveSpare(): void {
    while (this.#missing.size > 0 && this.#grounds.pool.hasSpare('chunks')) {
      const transfer = this.#leastCharged();
      if (!transfer) return;
      const place = this.#placeOf(transfer);
      const isServed = place !== undefined && this.#give(transfer, place);
      // A slab that is still being let go is waited for.
      if (!isServed && place?.slabClass === 'chunks') return;
      this.#missing.delete(transfer);
      // Of those that have as little, the one that was served last comes last.
      if (isServed) this.#missing.set(transfer, this.#grounds.clock.now());
    }
  }

  /** Gives each window, the smallest first, one slab of a chunk that is used much later. */
  giveOfLater(): void {
    const charges = [...this.#missing.keys()].map((transfer) => ({
      transfer,
      charge: transfer.joined.charge,
    }));
    for (const { transfer } of charges.sort((a, b) => a.charge - b.charge)) {
      const place = this.#placeOf(transfer);
      if (place) this.#give(transfer, place);
    }
  }

  #leastCharged(): Transfer | undefined {
    let least: Transfer | undefined;
    let leastCharge = Infinity;
    for (const transfer of this.#missing.keys()) {
      const { charge } = transfer.joined;
      if (charge >= leastCharge) continue;
      least = transfer;
      leastCharge = charge;
    }
    return least;
  }

  /** Where the next bytes of its window would go that are not in memory, if they can be had. */
  #placeOf({ revision, range, joined }: Transfer): ChunkPlace | undefined {
    const { pool, sizes } = this.#grounds;
    const at = joined.nextMissing;
    if (at === undefined) return undefined;
    const place = placeAt(revision.object, range, at, { grain: 'chunk', sizes, onDisk: true });
    return revision.gone === undefined || pool.onDisk(place) ? place : undefined;
  }

  /** False: no slab is spare, and no chunk is used so much later that it should go. */
  #give(transfer: Transfer, place: ChunkPlace): boolean {
    const { pool, clock, measures, latencyMs } = this.#grounds;
    const now = clock.now();
    const neededInMs = transfer.timeTo(place.id.range.start);
    const claim = {
      kind: 'ahead',
      neededInMs,
      latencyMs: latencyMs(),
      waitedMs: 0,
      now,
      reader: transfer,
    } as const;
    const chunk = pool.tryAdd(transfer.revision, place, claim);
    if (!chunk) return false;
    measures.aheadWait.add(now - (this.#missing.get(transfer) ?? now));
    if (this.#missing.has(transfer)) this.#missing.set(transfer, now);
    transfer.joined.add(chunk);
    this.#demand.share(transfer.revision, chunk);
    return true;
  }
}
