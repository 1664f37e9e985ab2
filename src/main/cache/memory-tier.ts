/**
 * Chunks in memory, the least recently used leave first. Its slabs are a share of the memory budget: large ones for
 * chunks and small ones, so that a small object does not take a large slab.
 */
import type { Arena, Slab } from '#main/flow/arena.ts';
import type { ByteRange } from '#shared/range.ts';
import { chunkKey, rangeBytes, type ChunkId } from './chunk.ts';
import { TierCounters, type CacheTier, type TierStats } from './tier.ts';

interface Entry {
  readonly objectKey: string;
  readonly arena: Arena;
  readonly slab: Slab;
  readonly bytes: number;
}

export interface MemoryTierArenas {
  readonly chunks: Arena;
  readonly pieces: Arena;
}

export class MemoryTier implements CacheTier {
  readonly #arenas: MemoryTierArenas;
  /** In order of last use: a Map keeps insertion order, and a hit inserts again. */
  readonly #entries = new Map<string, Entry>();
  readonly #counters = new TierCounters();
  #bytes = 0;

  constructor(arenas: MemoryTierArenas) {
    this.#arenas = arenas;
  }

  has(chunk: ChunkId): boolean {
    return this.#entries.has(chunkKey(chunk));
  }

  async read(chunk: ChunkId, range: ByteRange, into: Uint8Array): Promise<boolean> {
    const key = chunkKey(chunk);
    const entry = this.#entries.get(key);
    if (!entry) return this.#counters.miss();
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const start = range.start - chunk.range.start;
    into.set(entry.slab.memory.subarray(start, start + rangeBytes(range)));
    return this.#counters.hit();
  }

  async fill(chunk: ChunkId, bytes: Uint8Array): Promise<void> {
    const key = chunkKey(chunk);
    if (this.#entries.has(key)) return;
    const { chunks, pieces } = this.#arenas;
    const arena = bytes.length <= pieces.plan.slabBytes && pieces.plan.slabs > 0 ? pieces : chunks;
    const slab = arena.tryTake('cached', 'memory tier') ?? this.#evictOldest(arena);
    if (!slab) {
      this.#counters.fillsSkipped += 1;
      return;
    }
    slab.memory.set(bytes);
    this.#entries.set(key, { objectKey: chunk.object.key, arena, slab, bytes: bytes.length });
    this.#bytes += bytes.length;
    this.#counters.fills += 1;
  }

  async evict(key: string): Promise<void> {
    for (const [id, entry] of this.#entries) if (entry.objectKey === key) this.#drop(id, entry);
  }

  stats(): TierStats {
    const { chunks, pieces } = this.#arenas;
    const limitBytes = chunks.plan.slabs * chunks.plan.slabBytes + pieces.plan.slabs * pieces.plan.slabBytes;
    return {
      name: 'memory',
      limitBytes,
      bytes: this.#bytes,
      chunks: this.#entries.size,
      objects: new Set([...this.#entries.values()].map(({ objectKey }) => objectKey)).size,
      ...this.#counters.counts,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [id, entry] of this.#entries) this.#drop(id, entry);
  }

  #evictOldest(arena: Arena): Slab | undefined {
    for (const [id, entry] of this.#entries) {
      if (entry.arena !== arena) continue;
      this.#drop(id, entry);
      this.#counters.evictions += 1;
      return arena.tryTake('cached', 'memory tier');
    }
    return undefined;
  }

  #drop(id: string, entry: Entry): void {
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
    entry.slab[Symbol.dispose]();
  }
}
