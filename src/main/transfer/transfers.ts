/**
 * The transfers that are open, and what happens to them. Memory goes to demand first (demand.ts), small reads before
 * the others; what demand leaves over goes to the windows (read-ahead.ts).
 *
 * Nothing here waits. Every event that may make room ends in `schedule`, which serves whoever can be served.
 */
import type { ChunkPool, PoolListener } from '#main/cache/pool.ts';
import type { Backfill } from '#main/cache/backfill.ts';
import type { ResidentChunk, SlabClass } from '#main/cache/resident-chunk.ts';
import type { Revision } from '#main/cache/revision.ts';
import type { Verifier, VerifierListener } from '#main/cache/verifier.ts';
import type { Discovered } from '#main/fetch/fetch.ts';
import type { Arena, Slab } from '#main/flow/arena.ts';
import type { Clock, Timer } from '#main/flow/clock.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { Demand } from './demand.ts';
import { Measures } from './measures.ts';
import { grainOf, placeAt, type Grain, type Sizes } from './place.ts';
import { ReadAhead } from './read-ahead.ts';
import type { Scheduler } from './scheduler.ts';
import { Transfer, type TransferInfo } from './transfer.ts';

export interface TransfersOptions {
  readonly pool: ChunkPool;
  /** Small buffers, one for each transfer that may be open. */
  readonly bounce: Arena;
  readonly clock: Clock;
  /** Most chunks in the window of one transfer. */
  readonly windowLimit: number;
  /** Milliseconds that a chunk takes from the store now. */
  readonly latencyMs: () => number;
  /** More fetches would only wait, with memory in hand: windows do not grow then. */
  readonly isStoreSaturated?: (() => boolean) | undefined;
  readonly backfill?: Backfill | undefined;
  readonly verifier?: Verifier | undefined;
  /** An object's bytes have proved wrong: told once, so that they are kept nowhere. */
  readonly onWrong?: ((key: string, error: SluiceError) => void) | undefined;
  /** A client begins to read an object, by the name that it asked for. */
  readonly onOpened?: ((object: ObjectRevision, name: string) => void) | undefined;
  /** A client that takes nothing for so long is given up. */
  readonly idleSendMs?: number;
}

const tickMs = 250;
const defaultIdleSendMs = 5 * 60_000;

export class Transfers implements Scheduler, PoolListener, VerifierListener {
  readonly clock: Clock;
  readonly pool: ChunkPool;
  readonly measures = new Measures();
  readonly #options: TransfersOptions;
  readonly #sizes: Sizes;
  readonly #open = new Set<Transfer>();
  readonly #demand: Demand;
  readonly #readAhead: ReadAhead;
  #windowLimit: number;
  #isScheduling = false;
  #again = false;
  #timer: Timer | undefined;
  #nextId = 1;

  constructor(options: TransfersOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.pool = options.pool;
    this.#windowLimit = options.windowLimit;
    this.#sizes = { chunkBytes: this.pool.chunkBytes, smallSlabBytes: this.pool.slabBytes('small') };
    const { pool, clock, measures } = this;
    const grounds = { pool, clock, measures, sizes: this.#sizes, latencyMs: options.latencyMs };
    this.#demand = new Demand(grounds);
    this.#readAhead = new ReadAhead(grounds, this.#demand);
    this.pool.listen(this);
    options.verifier?.listen(this);
  }

  /** Most chunks in the window of a transfer that is opened now. */
  get windowLimit(): number {
    return this.#windowLimit;
  }

  /** From now on; transfers that are open keep the windows that they have. */
  limitWindows(chunks: number): void {
    this.#windowLimit = chunks;
  }

  /** Transfers that are open, oldest first. */
  [Symbol.iterator](): Iterator<Transfer> {
    return this.#open.values();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Breaks a transfer off: whoever sends it closes its connection. False when it is not open (any more). */
  breakOff(id: number, reason: SluiceError): boolean {
    const found = [...this.#open].find((transfer) => transfer.id === id && !transfer.isClosed);
    found?.fail(reason);
    return found !== undefined;
  }

  get sizes(): Sizes {
    return this.#sizes;
  }

  /** Transfers that wait for a slab, by the kind of slab. */
  waiting(slabClass: SlabClass): number {
    return this.#demand.waiting(slabClass);
  }

  /**
   * Bytes that came along with a first look: whoever needs them first takes them. Disposing of the result gives them
   * up if nobody has.
   */
  offer(discovered: Discovered): Disposable {
    return this.#demand.offer(discovered);
  }

  /** A transfer of one revision, for an admitted client; close it once. */
  open(object: ObjectRevision, info: TransferInfo): Transfer {
    const revision = this.pool.revisions.of(object);
    revision.known = { name: info.name, path: info.path };
    const transfer = new Transfer(this.#nextId, info, revision, this);
    revision.readers.add(transfer);
    this.#nextId += 1;
    this.#open.add(transfer);
    this.#options.onOpened?.(object, info.name);
    this.#timer ??= this.clock.after(tickMs, () => this.#tick());
    return transfer;
  }

  /** Closes every transfer in this tick. Resolves when no socket has anything of them any more. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map((transfer) => transfer.close()));
  }

  demand(transfer: Transfer): void {
    if (transfer.awaited) return;
    if (isWhole(transfer)) this.#options.verifier?.ask(transfer.revision);
    this.#demand.add(transfer);
    this.schedule();
  }

  wantsAhead(transfer: Transfer): void {
    this.#readAhead.add(transfer);
    this.schedule();
  }

  withdraw(transfer: Transfer): void {
    this.#demand.delete(transfer);
    this.#readAhead.delete(transfer);
  }

  closed(transfer: Transfer): void {
    this.#open.delete(transfer);
    this.pool.revisions.leave(transfer.revision, transfer);
    if (this.#open.size === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
    }
    this.schedule();
  }

  takeBounce(): Slab {
    const slab = this.#options.bounce.tryTake('bounce', 'transfers');
    if (!slab) throw new SluiceError('INVARIANT', 'an admitted transfer found no small buffer');
    return slab;
  }

  grainOf(range: ByteRange): Grain {
    return grainOf(range, this.#sizes);
  }

  heldBackBytes(transfer: Transfer): number {
    const { revision, position } = transfer;
    const { length } = revision.object;
    const isInLastChunk = position >= length - (length % this.#sizes.chunkBytes || this.#sizes.chunkBytes);
    if (!isWhole(transfer) || !isInLastChunk) return 0;
    return this.#options.verifier?.heldBack(revision) ?? 0;
  }

  room(): void {
    this.#options.verifier?.advance();
    this.#options.backfill?.advance();
    this.schedule();
  }

  complete(chunk: ResidentChunk, revision: Revision): void {
    this.#options.verifier?.offer(revision, chunk);
    if (chunk.source === 'store' && chunk.id === chunk.within) this.#options.backfill?.offer(chunk);
  }

  decided(revision: Revision): void {
    for (const transfer of this.#open) if (transfer.revision === revision) transfer.advance();
  }

  wrong(revision: Revision, error: SluiceError): void {
    for (const transfer of this.#open) if (transfer.revision === revision) transfer.fail(error);
    this.pool.condemn(revision, error);
    this.#options.onWrong?.(revision.object.key, error);
  }

  gone(revision: Revision): void {
    this.measures.revisionsGone += 1;
    for (const transfer of this.#open) {
      if (transfer.revision !== revision || this.#canFinish(transfer)) continue;
      this.measures.revisionAborts += 1;
      transfer.fail(revision.gone);
    }
  }

  /** Serves whoever can be served now; windows from spare slabs only, or also from chunks that are used much later. */
  schedule(ahead: 'spare' | 'evictable' = 'spare'): void {
    if (this.#isScheduling) {
      this.#again = true;
      return;
    }
    this.#isScheduling = true;
    do {
      this.#again = false;
      this.#demand.serve('small');
      this.#demand.serve('chunks');
      if (this.#demand.waiting('chunks') === 0) this.#readAhead.giveSpare();
      if (this.#demand.waiting('chunks') === 0 && ahead === 'evictable') this.#readAhead.giveOfLater();
    } while (this.#again);
    this.#demand.dropOffersOfWaiting();
    this.#isScheduling = false;
  }

  /** Whether all that a transfer still has to send is in memory or on disk. */
  #canFinish({ revision, position, range }: Transfer): boolean {
    const { chunkBytes } = this.#sizes;
    for (let at = position; at < range.end;) {
      const chunk = revision.find(at, chunkBytes);
      const place = placeAt(revision.object, range, at, { grain: 'chunk', sizes: this.#sizes, onDisk: true });
      if (!chunk?.isComplete && !this.pool.onDisk(place)) return false;
      at = chunk?.isComplete ? chunk.id.range.end : place.id.range.end;
    }
    return true;
  }

  #tick(): void {
    this.#timer = this.clock.after(tickMs, () => this.#tick());
    this.#options.verifier?.advance();
    const latencyMs = this.#options.latencyMs();
    const hasRoom = this.pool.hasSpare('chunks') && this.#options.isStoreSaturated?.() !== true;
    const idleSendMs = this.#options.idleSendMs ?? defaultIdleSendMs;
    for (const transfer of this.#open) {
      if (transfer.outlet.blockedMs > idleSendMs) {
        this.measures.idleSends += 1;
        transfer.fail(idleError);
      } else {
        transfer.tick({ tickMs, latencyMs, hasRoom });
      }
    }
    this.schedule('evictable');
  }
}

/** Its body is the whole object. */
function isWhole({ range, revision }: Transfer): boolean {
  return range.start === 0 && range.end === revision.object.length;
}

const idleError = new SluiceError('ABORTED', 'the client has taken nothing for five minutes');
