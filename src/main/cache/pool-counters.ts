/** What the pool has done, for the console and the metrics. */
import type { ResidentChunk } from './resident-chunk.ts';
import { WasteLedger, type UnreadCause } from './waste.ts';

/**
 * What an evicted chunk was: still being filled, wanted by nobody, the present chunk of somebody, or only read ahead.
 */
export type EvictionClass = 'filling' | 'cached' | 'current' | 'ahead';

export class PoolCounters {
  readonly waste = new WasteLedger();
  diskBytes = 0;
  /** Chunks that had to be brought, and that were there. */
  misses = 0;
  /** Of the misses, those that the disk had. */
  diskHits = 0;
  hits = 0;
  /** Chunks that became complete. */
  fills = 0;
  /** Transfers that came to a chunk which somebody else was having brought, and what that spared the store. */
  joins = 0;
  joinedBytes = 0;
  readonly evictions: Record<EvictionClass, number> = { cached: 0, ahead: 0, current: 0, filling: 0 };

  /** A reader comes to a chunk that is there, or that somebody else is having brought. */
  joined(chunk: ResidentChunk, position: number): void {
    if (chunk.isComplete) this.hits += 1;
    if (!chunk.filling || chunk.readers.size === 0) return;
    this.joins += 1;
    this.joinedBytes += chunk.id.range.end - Math.max(position, chunk.id.range.start);
  }

  evicted(chunk: ResidentChunk): EvictionClass {
    const what = evictionClass(chunk);
    this.evictions[what] += 1;
    return what;
  }

  /** `[start, end)` of the chunk has been given to a reader. */
  delivered(chunk: ResidentChunk, start: number, end: number): void {
    const fresh = chunk.delivered.add(start, end);
    if (chunk.source === 'store') this.waste.deliveredBytes += fresh;
  }

  /** The chunk leaves the pool with what nobody has been given of it. */
  dropped(chunk: ResidentChunk, cause: UnreadCause): void {
    if (chunk.source === 'store') this.waste.unreadBytes[cause] += chunk.validBytes - chunk.delivered.bytes;
  }
}

function evictionClass(chunk: ResidentChunk): EvictionClass {
  if (chunk.filling) return 'filling';
  if (chunk.readers.size === 0) return 'cached';
  for (const reader of chunk.readers) if (chunk.holds(reader.position)) return 'current';
  return 'ahead';
}
