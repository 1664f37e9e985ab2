/**
 * How the tiers did over the last hour: hits, misses and evictions for each ten seconds, in arrays of fixed size. A
 * bucket in which nobody measured (the process was stopped) is a gap, never a zero.
 */
import type { CacheHistory } from '#shared/cache-model.ts';
import { historyBucketMs, historyBuckets } from '#shared/vocabulary/cache.ts';
import type { TierStats } from './tier.ts';

const series = ['hits', 'misses', 'evictions'] as const;
type Series = (typeof series)[number];

interface TierRing {
  readonly name: TierStats['name'];
  readonly before: Record<Series, number>;
  /** NaN where nothing was measured. */
  readonly rings: Readonly<Record<Series, Float64Array>>;
}

export class TierHistory {
  readonly #tiers = new Map<string, TierRing>();
  /** The bucket that is being filled, counted from the epoch. */
  #bucket: number;

  constructor(stats: readonly TierStats[], now: number) {
    this.#bucket = Math.floor(now / historyBucketMs);
    for (const tier of stats) {
      const { name, hits, misses, evictions } = tier;
      const empty = () => new Float64Array(historyBuckets).fill(Number.NaN);
      const rings = { hits: empty(), misses: empty(), evictions: empty() };
      this.#tiers.set(name, { name, before: { hits, misses, evictions }, rings });
    }
  }

  /** Adds what has happened since the last call to the bucket of `now`. */
  note(stats: readonly TierStats[], now: number): void {
    const bucket = Math.max(this.#bucket, Math.floor(now / historyBucketMs));
    const skipped = Math.min(bucket - this.#bucket, historyBuckets);
    for (const tier of stats) {
      const ring = this.#tiers.get(tier.name);
      if (!ring) continue;
      for (const name of series) {
        const values = ring.rings[name];
        for (let back = 0; back < skipped; back += 1) values[(bucket - back) % historyBuckets] = Number.NaN;
        const at = bucket % historyBuckets;
        const before = values[at] ?? Number.NaN;
        values[at] = (Number.isNaN(before) ? 0 : before) + tier[name] - ring.before[name];
        ring.before[name] = tier[name];
      }
    }
    this.#bucket = bucket;
  }

  /** The oldest bucket first. */
  read(): CacheHistory {
    const ordered = (values: Float64Array): (number | null)[] =>
      Array.from({ length: historyBuckets }, (_, index) => {
        const value = values[(this.#bucket + 1 + index) % historyBuckets] ?? Number.NaN;
        return Number.isNaN(value) ? null : value;
      });
    return {
      lastAt: this.#bucket * historyBucketMs,
      tiers: [...this.#tiers.values()].map(({ name, rings }) => ({
        name,
        hits: ordered(rings.hits),
        misses: ordered(rings.misses),
        evictions: ordered(rings.evictions),
      })),
    };
  }
}
