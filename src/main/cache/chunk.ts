/**
 * A chunk is a fixed-size, aligned slice of one revision of an object: the unit of caching, fetching and memory. Its
 * identity contains the revision, so a chunk never changes; tiers evict, they never invalidate.
 *
 * Inside a chunk, tiers read whole blocks of 64 KiB: that is what a checksum on disk covers.
 */
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { ByteRange } from '#shared/range.ts';

export interface ChunkId {
  readonly object: ObjectRevision;
  readonly index: number;
  /** Where the chunk lies in the object. */
  readonly range: ByteRange;
}

export const blockBytes = 64 * 1024;

/** The chunk that holds byte `position` of `object`. */
export function chunkAt(object: ObjectRevision, position: number, chunkBytes: number): ChunkId {
  const index = Math.floor(position / chunkBytes);
  const start = index * chunkBytes;
  return { object, index, range: { start, end: Math.min(start + chunkBytes, object.length) } };
}

/** One string for each chunk, the same for the same bytes. */
export function chunkKey(chunk: ChunkId): string {
  const { key, pin, length } = chunk.object;
  return `${key}\n${pin}\n${length}\n${chunk.range.start}-${chunk.range.end}`;
}

/** The whole blocks around `range`, within `chunk`: never more than the chunk. */
export function blocksAround(chunk: ChunkId, range: ByteRange): ByteRange {
  const offset = range.start - chunk.range.start;
  const start = range.start - (offset % blockBytes);
  const end = start + Math.ceil((range.end - start) / blockBytes) * blockBytes;
  return { start, end: Math.min(end, chunk.range.end) };
}

export function rangeBytes(range: ByteRange): number {
  return range.end - range.start;
}
