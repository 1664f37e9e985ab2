/**
 * The chunks of a transfer's window that are in memory. The transfer is a reader of each; that gives it no right to
 * them: what is evicted is found missing later.
 */
import type { ChunkPool } from '#main/cache/pool.ts';
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import type { Clock } from '#main/flow/clock.ts';
import type { Transfer } from './transfer.ts';
import type { Joined } from './uses.ts';

export class JoinedChunks implements Iterable<ResidentChunk> {
  readonly #transfer: Transfer;
  readonly #pool: ChunkPool;
  readonly #clock: Clock;
  readonly #chunks = new Map<ResidentChunk, Joined>();
  /** The one at the transfer's position, or before it. */
  #present: ResidentChunk | undefined;

  constructor(transfer: Transfer, pool: ChunkPool, clock: Clock) {
    this.#clock = clock;
    this.#transfer = transfer;
    this.#pool = pool;
  }

  [Symbol.iterator](): Iterator<ResidentChunk> {
    return this.#chunks.keys();
  }

  get size(): number {
    return this.#chunks.size;
  }

  /** How many chunks it has; one that it shares counts as its part of it. */
  get charge(): number {
    let charge = 0;
    for (const chunk of this.#chunks.keys()) if (!chunk.isZombie) charge += 1 / chunk.readers.size;
    return charge;
  }

  /** For how long the oldest chunk that is complete has waited behind the present one, in milliseconds. */
  oldestAheadMs(now: number): number {
    let oldestMs = 0;
    for (const chunk of this.#chunks.keys())
      if (chunk.isComplete && chunk.id.range.start > this.#transfer.position)
        oldestMs = Math.max(oldestMs, now - chunk.since);
    return oldestMs;
  }

  /** When `chunk` came into the window. */
  entryOf(chunk: ResidentChunk): Joined {
    return this.#chunks.get(chunk) ?? { at: this.#clock.now(), wasComplete: chunk.isComplete };
  }

  /** The chunk at the transfer's position, if that is in memory. */
  present(): ResidentChunk | undefined {
    const { position } = this.#transfer;
    if (this.#present && !this.#present.isZombie && this.#present.holds(position)) return this.#present;
    const found = this.#find(position);
    if (found) this.add(found);
    return found;
  }

  /** Where the first chunk of the window begins that is not in memory. */
  get nextMissing(): number | undefined {
    for (const at of this.#window()) if (!this.#find(at)) return at;
    return undefined;
  }

  /** A chunk of the window is in memory. */
  add(chunk: ResidentChunk): void {
    if (chunk.holds(this.#transfer.position)) this.#present = chunk;
    if (!this.#chunks.has(chunk))
      this.#chunks.set(chunk, { at: this.#clock.now(), wasComplete: chunk.isComplete });
    this.#pool.join(chunk, this.#transfer);
  }

  /** Joins what is in memory of the window, and leaves what is not in it any more. @returns whether all is there */
  refresh(): boolean {
    const end = this.#windowEnd;
    for (const chunk of this.#chunks.keys()) {
      const { range } = chunk.id;
      if (range.end <= this.#transfer.position || range.start >= end || chunk.isZombie) this.#leave(chunk);
    }
    let isWhole = true;
    for (const at of this.#window()) {
      const chunk = this.#find(at);
      if (chunk) this.add(chunk);
      else isWhole = false;
    }
    return isWhole;
  }

  leaveAll(): void {
    for (const chunk of this.#chunks.keys()) this.#leave(chunk);
  }

  #leave(chunk: ResidentChunk): void {
    this.#chunks.delete(chunk);
    if (this.#present === chunk) this.#present = undefined;
    this.#pool.leave(chunk, this.#transfer);
  }

  #find(position: number): ResidentChunk | undefined {
    return this.#transfer.revision.find(position, this.#pool.chunkBytes);
  }

  get #windowEnd(): number {
    const { position, range, window } = this.#transfer;
    const { chunkBytes } = this.#pool;
    return Math.min(range.end, (Math.floor(position / chunkBytes) + window.size) * chunkBytes);
  }

  /** Where the chunks of the window begin; the present one alone is a matter of demand. */
  *#window(): Generator<number> {
    const { isActive, grain, position, range, window } = this.#transfer;
    const { chunkBytes } = this.#pool;
    if (!isActive || grain === 'exact' || position >= range.end || window.size === 1) return;
    const end = this.#windowEnd;
    for (let at = position - (position % chunkBytes); at < end; at += chunkBytes) yield at;
  }
}
