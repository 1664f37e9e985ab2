/**
 * Which bytes the next read of a transfer brings. The memory at hand decides: a whole chunk where it fits and is not
 * cached yet (so that it can fill the tiers), otherwise the whole blocks around what is wanted, as many as fit.
 */
import { blocksAround, chunkAt, rangeBytes, type ChunkId } from '#main/cache/chunk.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { ByteRange } from '#shared/range.ts';

/** One read: `span` is brought into memory, `slice` of it is delivered. Both are positions in the object. */
export interface ReadStep {
  readonly chunk: ChunkId;
  readonly span: ByteRange;
  readonly slice: ByteRange;
}

/** What remains to be read of `range` within the chunk that holds its first byte. */
export interface Need {
  readonly chunk: ChunkId;
  readonly range: ByteRange;
}

export function needAt(object: ObjectRevision, range: ByteRange, chunkBytes: number): Need {
  const chunk = chunkAt(object, range.start, chunkBytes);
  return { chunk, range: { start: range.start, end: Math.min(range.end, chunk.range.end) } };
}

/** Bytes of memory that serve `need` best: the blocks wanted when the chunk is cached, else the whole chunk. */
export function appetite(need: Need, cached: 'cached' | 'not cached'): number {
  return rangeBytes(cached === 'cached' ? blocksAround(need.chunk, need.range) : need.chunk.range);
}

/** The read that `memoryBytes` allow. Guarantees: the slice is not empty and lies in the span. */
export function planStep(need: Need, cached: 'cached' | 'not cached', memoryBytes: number): ReadStep {
  const { chunk, range } = need;
  if (cached === 'not cached' && memoryBytes >= rangeBytes(chunk.range)) {
    return { chunk, span: chunk.range, slice: range };
  }
  const blocks = blocksAround(chunk, range);
  const span = { start: blocks.start, end: Math.min(blocks.end, blocks.start + memoryBytes) };
  return { chunk, span, slice: { start: range.start, end: Math.min(range.end, span.end) } };
}
