/**
 * Chunks that nobody wants: the memory cache. Each stays until its slab is needed (eviction.ts) or until they are more
 * than their share of the budget; then the one goes that was used longest ago, small reads first. Chunks of pinned
 * objects go after the others, as long as they fill no more than half of that share.
 */
import { timeToUse } from './eviction.ts';
import type { ResidentChunk, SlabClass } from './resident-chunk.ts';

type Sets = Readonly<Record<SlabClass, Set<ResidentChunk>>>;

export class IdleChunks {
  /** In the order of their last use. */
  readonly #chunks: Sets = { chunks: new Set(), small: new Set() };
  /** Those of pinned objects, likewise. */
  readonly #kept: Sets = { chunks: new Set(), small: new Set() };
  readonly #limitBytes: number;
  readonly #evict: (chunk: ResidentChunk) => void;
  readonly #isKept: (chunk: ResidentChunk) => boolean;
  #slabBytes = 0;
  #keptBytes = 0;

  /**
   * At most `limitBytes` of slabs; `evict` takes a chunk out of the pool, and so out of here. `isKept`: its object is
   * pinned.
   */
  constructor(
    limitBytes: number,
    evict: (chunk: ResidentChunk) => void,
    isKept: (chunk: ResidentChunk) => boolean,
  ) {
    this.#limitBytes = limitBytes;
    this.#evict = evict;
    this.#isKept = isKept;
  }

  has(chunk: ResidentChunk): boolean {
    return this.#chunks[chunk.slabClass].has(chunk) || this.#kept[chunk.slabClass].has(chunk);
  }

  /** The one that should go first comes first. */
  *of(slabClass: SlabClass): Generator<ResidentChunk> {
    yield* this.#chunks[slabClass];
    yield* this.#kept[slabClass];
  }

  /** An object has been pinned, or is not pinned any more. */
  sort(): void {
    for (const slabClass of ['chunks', 'small'] as const) {
      const all = [...this.of(slabClass)];
      for (const chunk of all) this.delete(chunk);
      for (const chunk of all) this.#put(chunk);
    }
  }

  /** Whether one of them could be evicted at once, and nobody on the way will come to it. */
  hasUnwanted(slabClass: SlabClass): boolean {
    for (const chunk of this.of(slabClass))
      if (chunk.pins === 0 && timeToUse(chunk) === Infinity) return true;
    return false;
  }

  add(chunk: ResidentChunk): void {
    this.#put(chunk);
    if (chunk.pins === 0) chunk.slab.move('cached');
    this.#trim();
  }

  /** @returns whether it was here */
  delete(chunk: ResidentChunk): boolean {
    const { slabClass, slab } = chunk;
    const wasKept = this.#kept[slabClass].delete(chunk);
    const isFound = wasKept || this.#chunks[slabClass].delete(chunk);
    if (wasKept) this.#keptBytes -= slab.memory.length;
    if (isFound) this.#slabBytes -= slab.memory.length;
    return isFound;
  }

  /** The last write from the chunk's slab is over. */
  unpinned(chunk: ResidentChunk): void {
    if (this.has(chunk)) chunk.slab.move('cached');
    this.#trim();
  }

  #put(chunk: ResidentChunk): void {
    const bytes = chunk.slab.memory.length;
    const isKept = this.#isKept(chunk) && this.#keptBytes + bytes <= this.#limitBytes / 2;
    (isKept ? this.#kept : this.#chunks)[chunk.slabClass].add(chunk);
    this.#slabBytes += bytes;
    if (isKept) this.#keptBytes += bytes;
  }

  /** Evicts what is too much. What a socket or the disk reads from is passed over until it is not. */
  #trim(): void {
    if (this.#slabBytes <= this.#limitBytes) return;
    for (const sets of [this.#chunks, this.#kept]) {
      for (const slabClass of ['small', 'chunks'] as const) {
        for (const chunk of sets[slabClass]) {
          if (this.#slabBytes <= this.#limitBytes) return;
          if (chunk.pins === 0) this.#evict(chunk);
        }
      }
    }
  }
}
