/**
 * A cache level between a transfer and the authoritative store. One contract suite runs against every
 * implementation (tier.contract.ts). A tier may lose anything at any time; what it answers is right.
 */
import type { ByteRange } from '#shared/range.ts';
import type { ChunkId } from './chunk.ts';

/** What a tier has done since it opened. */
interface TierCounts {
  readonly hits: number;
  readonly misses: number;
  readonly fills: number;
  readonly fillsSkipped: number;
  readonly evictions: number;
  readonly faults: number;
}

export interface TierStats extends TierCounts {
  readonly name: 'memory' | 'disk';
  readonly limitBytes: number;
  readonly bytes: number;
  readonly chunks: number;
  /** Objects of which at least one chunk is kept. */
  readonly objects: number;
}

/**
 * `skipped`: the chunk is there already or on its way, there is no room for it, or its object was evicted meanwhile.
 * `failed`: the tier's medium did; said in the log, at most once a minute.
 */
export type WriteOutcome = 'written' | 'skipped' | 'failed';

export interface CacheTier extends AsyncDisposable {
  /** Whether a read of `chunk` is likely to hit. Cheap, never waits. */
  has(chunk: ChunkId): boolean;

  /**
   * Fills `into` with `range` of the object, which lies inside `chunk` and covers whole blocks. False is a miss; a
   * fault (torn file, failed checksum) is a miss too, said in the log. What is in `into` after a miss is undefined.
   */
  read(chunk: ChunkId, range: ByteRange, into: Uint8Array): Promise<boolean>;

  /**
   * Keeps a copy of the whole chunk, evicting others. Starts at once, whatever else is being written: how many do, and
   * which chunks are worth it, is the caller's to say. Never rejects. `bytes` starts with the chunk and must not change
   * until the promise has settled.
   */
  write(chunk: ChunkId, bytes: Uint8Array): Promise<WriteOutcome>;

  /** Forgets every revision of the object named `key`, also what is being written of it. Never rejects. */
  evict(key: string): Promise<void>;

  stats(): TierStats;
}

/** Counts what a tier does. */
export class TierCounters {
  hits = 0;
  misses = 0;
  fills = 0;
  fillsSkipped = 0;
  evictions = 0;
  faults = 0;

  get counts(): TierCounts {
    const { hits, misses, fills, fillsSkipped, evictions, faults } = this;
    return { hits, misses, fills, fillsSkipped, evictions, faults };
  }

  hit(): true {
    this.hits += 1;
    return true;
  }

  miss(): false {
    this.misses += 1;
    return false;
  }

  skip(): 'skipped' {
    this.fillsSkipped += 1;
    return 'skipped';
  }
}
