/**
 * Where the next bytes of a transfer go: a chunk, or, for a small read, an exact range in a small slab, so that a
 * read of 64 KiB does not bring 8 MiB.
 */
import { blockBytes, blocksAround, chunkAt, rangeBytes, type ChunkId } from '#main/cache/chunk.ts';
import type { ChunkPlace } from '#main/cache/resident-chunk.ts';
import { smallReadBytes } from '#main/fetch/fetch.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { ByteRange } from '#shared/range.ts';
import { MiB } from '#shared/units.ts';

/** So much at the start of a chunk is brought although nobody asked for it, rather than leave a gap. */
const skippedBytes = MiB;

export interface Sizes {
  readonly chunkBytes: number;
  /** Of a small slab: a small read and the rest of the block that it begins in. */
  readonly smallSlabBytes: number;
}

/** How the bytes of a range are read. */
export type Grain = 'exact' | 'chunk';

/** Small slabs are of use only where chunks are larger. */
export function grainOf(range: ByteRange, { chunkBytes, smallSlabBytes }: Sizes): Grain {
  return rangeBytes(range) <= smallReadBytes && chunkBytes > smallSlabBytes ? 'exact' : 'chunk';
}

/** The place of the byte at `position`, the next of `range`. `onDisk`: its chunk can be read from disk, in blocks. */
export function placeAt(
  object: ObjectRevision,
  range: ByteRange,
  position: number,
  how: { readonly grain: Grain; readonly sizes: Sizes; readonly onDisk: boolean },
): ChunkPlace {
  const { chunkBytes, smallSlabBytes } = how.sizes;
  const within = chunkAt(object, position, chunkBytes);
  if (chunkBytes > smallSlabBytes && rangeBytes(within.range) <= smallSlabBytes)
    return { id: within, within, slabClass: 'small', at: within.range.start };
  if (how.grain === 'chunk')
    return { id: within, within, slabClass: 'chunks', at: fillStart(position, within.range.start) };
  const exact = { start: position, end: Math.min(range.end, within.range.end) };
  return exactPlace(within, how.onDisk ? blocksAround(within, exact) : exact);
}

/** The place of a part of `within` that fits into a small slab, just as it is. */
export function exactPlace(within: ChunkId, bytes: ByteRange): ChunkPlace {
  return { id: { ...within, range: bytes }, within, slabClass: 'small', at: bytes.start };
}

/** The bytes to ask for with a first look at an object of unknown length, of which `first` and on is wanted. */
export function firstLook(first: number, end: number | undefined, sizes: Sizes): ByteRange {
  const isSmall = end !== undefined && grainOf({ start: first, end }, sizes) === 'exact';
  const chunkStart = first - (first % sizes.chunkBytes);
  const chunkEnd = chunkStart + sizes.chunkBytes;
  if (isSmall) return { start: first, end: Math.min(end, chunkEnd) };
  return { start: fillStart(first, chunkStart), end: chunkEnd };
}

/** Where a fill for the byte at `position` begins: at the chunk's start, or at an edge of a block deep inside. */
function fillStart(position: number, chunkStart: number): number {
  const offset = position - chunkStart;
  return offset <= skippedBytes ? chunkStart : position - (offset % blockBytes);
}
