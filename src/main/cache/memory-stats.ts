/** The pool as a cache level: what is kept, and how often it was of use. */
import type { ChunkPool } from './pool.ts';
import type { TierStats } from './tier.ts';

export function memoryStats(pool: ChunkPool, limitBytes: number): TierStats {
  const { hits, misses, fills, evictions } = pool.counters;
  const objects = new Set<string>();
  let bytes = 0;
  let chunks = 0;
  for (const chunk of pool.residents()) {
    if (!chunk.isComplete || chunk.isZombie) continue;
    bytes += chunk.validBytes;
    chunks += 1;
    objects.add(chunk.id.object.key);
  }
  const counts = { hits, misses, fills, fillsSkipped: 0, evictions: evictions.cached, faults: 0 };
  return { name: 'memory', limitBytes, bytes, chunks, objects: objects.size, ...counts };
}
