/** The levels as people judge them. */
import type { TierStats } from '#main/cache/tier.ts';
import type { Engine } from '#main/transfer/engine.ts';

/**
 * A hit is a chunk that was found when somebody came to it, a miss one that the next level was asked for. The disk is
 * asked for what it has only, so by its own count it never misses; here its misses are what the store had to bring.
 * Evictions of memory are those of all classes, as in the log.
 */
export function judgedTiers(engine: Engine): readonly TierStats[] {
  const { misses, diskHits, evictions } = engine.pool.counters;
  const evicted = Object.values(evictions).reduce((sum, each) => sum + each, 0);
  return engine.tiers().map((tier) => {
    const change =
      tier.name === 'memory' ? { evictions: evicted } : { hits: diskHits, misses: misses - diskHits };
    return Object.assign({}, tier, change);
  });
}
