/**
 * Copies complete chunks to disk. It comes last in everything: it takes no slab, waits behind every socket for a pin,
 * and what is evicted before its turn is simply not written.
 */
import type { ChunkPool } from './pool.ts';
import type { ResidentChunk } from './resident-chunk.ts';
import type { ChunkId } from './chunk.ts';

/** What backfill needs of the disk tier; never rejects. */
export interface ChunkSink {
  write(chunk: ChunkId, bytes: Uint8Array): Promise<unknown>;
}

/** One prepares while the other writes. */
const maxWrites = 2;

export class Backfill {
  readonly #pool: ChunkPool;
  readonly #disk: ChunkSink;
  readonly #pending = new Set<ResidentChunk>();
  readonly #running = new Map<ResidentChunk, Promise<void>>();
  /** Evicted before their turn. */
  skipped = 0;

  constructor(pool: ChunkPool, disk: ChunkSink) {
    this.#pool = pool;
    this.#disk = disk;
  }

  get pending(): number {
    return this.#pending.size + this.#running.size;
  }

  /** The chunk is complete and came from the store. What is on its way to disk already is not taken twice. */
  offer(chunk: ResidentChunk): void {
    if (this.#running.has(chunk)) return;
    this.#pending.add(chunk);
    this.advance();
  }

  /** Begins what can be begun; called again whenever a pin has come back. */
  advance(): void {
    this.#skipGone();
    for (const chunk of this.#pending) {
      const isHeldUp = this.#running.size >= maxWrites || this.#pool.pins[chunk.slabClass].scarce;
      if (isHeldUp || !this.#pool.tryPin(chunk, 'disk')) return;
      this.#pending.delete(chunk);
      this.#write(chunk);
    }
  }

  /** While there is no pin for a long time, only what is in memory waits. */
  #skipGone(): void {
    for (const chunk of this.#pending) {
      if (!chunk.isZombie) continue;
      this.#pending.delete(chunk);
      this.skipped += 1;
    }
  }

  /** Resolves when no write is under way any more; what has not begun is left out. */
  async close(): Promise<void> {
    this.#pending.clear();
    await Promise.all(this.#running.values());
  }

  #write(chunk: ResidentChunk): void {
    const { start, end } = chunk.id.range;
    const writing = this.#disk
      .write(chunk.id, chunk.view(start, end))
      .then(() => undefined)
      .finally(() => {
        this.#running.delete(chunk);
        this.#pool.unpin(chunk);
        this.advance();
      });
    this.#running.set(chunk, writing);
  }
}
