/**
 * Zombies: chunks that have left the pool while something still has their slab. A socket or the disk reads from it, or
 * a fill that has been called back may still write into it. The slab goes back with the last of these, in that tick.
 */
import type { Fetch } from '#main/fetch/fetch.ts';
import type { ResidentChunk, SlabClass } from './resident-chunk.ts';

export class LeavingChunks {
  readonly #zombies = new Set<ResidentChunk>();
  /** Zombies into whose slab something may still be written. */
  readonly #filling = new Set<ResidentChunk>();
  readonly #onSlabBack: () => void;

  constructor(onSlabBack: () => void) {
    this.#onSlabBack = onSlabBack;
  }

  [Symbol.iterator](): Iterator<ResidentChunk> {
    return this.#zombies.values();
  }

  /** Whether a slab is on its way back that no socket can delay. */
  hasUnpinned(slabClass: SlabClass): boolean {
    for (const zombie of this.#zombies) if (zombie.slabClass === slabClass && zombie.pins === 0) return true;
    return false;
  }

  /** The chunk is out of the pool. `fill` is what is bringing bytes into it: it is called back. */
  add(chunk: ResidentChunk, fill: Fetch | undefined): void {
    chunk.isZombie = true;
    this.#zombies.add(chunk);
    if (!fill) {
      this.release(chunk);
      return;
    }
    this.#filling.add(chunk);
    fill.cancel(() => {
      this.#filling.delete(chunk);
      this.release(chunk);
    });
  }

  /** Gives the slab of a zombie back if nothing uses it any more. */
  release(chunk: ResidentChunk): void {
    if (chunk.pins > 0 || this.#filling.has(chunk) || !this.#zombies.delete(chunk)) return;
    chunk.slab[Symbol.dispose]();
    this.#onSlabBack();
  }
}
