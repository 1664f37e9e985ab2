/**
 * Chunks that nobody wants: the memory cache. Each stays until its slab is needed (eviction.ts) or until they are more
 * than their share of the budget; then the one goes that was used longest ago, small reads first.
 */
import { timeToUse } from './eviction.ts';
import type { ResidentChunk, SlabClass } from './resident-chunk.ts';

export class IdleChunks {
  /** In the order of their last use. */
  readonly #chunks: Readonly<Record<SlabClass, Set<ResidentChunk>>> = { chunks: new Set(), small: new Set() };
  readonly #limitBytes: number;
  readonly #evict: (chunk: ResidentChunk) => void;
  #slabBytes = 0;

  /** At most `limitBytes` of slabs; `evict` takes a chunk out of the pool, and so out of here. */
  constructor(limitBytes: number, evict: (chunk: ResidentChunk) => void) {
    this.#limitBytes = limitBytes;
    this.#evict = evict;
  }

  has(chunk: ResidentChunk): boolean {
    return this.#chunks[chunk.slabClass].has(chunk);
  }

  /** The one that was used longest ago comes first. */
  of(slabClass: SlabClass): ReadonlySet<ResidentChunk> {
    return this.#chunks[slabClass];
  }

  /** Whether one of them could be evicted at once, and nobody on the way will come to it. */
  hasUnwanted(slabClass: SlabClass): boolean {
    for (const chunk of this.#chunks[slabClass])
      if (chunk.pins === 0 && timeToUse(chunk) === Infinity) return true;
    return false;
  }

  add(chunk: ResidentChunk): void {
    this.#chunks[chunk.slabClass].add(chunk);
    this.#slabBytes += chunk.slab.memory.length;
    if (chunk.pins === 0) chunk.slab.move('cached');
    this.#trim();
  }

  /** @returns whether it was here */
  delete(chunk: ResidentChunk): boolean {
    const isFound = this.#chunks[chunk.slabClass].delete(chunk);
    if (isFound) this.#slabBytes -= chunk.slab.memory.length;
    return isFound;
  }

  /** The last write from the chunk's slab is over. */
  unpinned(chunk: ResidentChunk): void {
    if (this.has(chunk)) chunk.slab.move('cached');
    this.#trim();
  }

  /** Evicts what is too much. What is pinned is passed over until it is not. */
  #trim(): void {
    if (this.#slabBytes <= this.#limitBytes) return;
    for (const slabClass of ['small', 'chunks'] as const) {
      for (const chunk of this.#chunks[slabClass]) {
        if (this.#slabBytes <= this.#limitBytes) return;
        if (chunk.pins === 0) this.#evict(chunk);
      }
    }
  }
}
