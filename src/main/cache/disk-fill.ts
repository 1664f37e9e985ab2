/** Brings bytes of a chunk from disk into its slab. */
import type { Fetch, FetchEvents } from '#main/fetch/fetch.ts';
import type { ByteRange } from '#shared/range.ts';
import type { ChunkId } from './chunk.ts';

/** What the pool needs of the disk tier. */
export interface ChunkDisk {
  has(chunk: ChunkId): boolean;
  read(chunk: ChunkId, range: ByteRange, into: Uint8Array): Promise<boolean>;
}

/** The chunk turned out not to be on disk, or not intact: the store has it. */
export const diskMiss = new Error('not on disk');

export interface DiskFill {
  readonly chunk: ChunkId;
  /** Whole blocks: that is what a checksum on disk covers. */
  readonly range: ByteRange;
  readonly into: Uint8Array;
  readonly events: FetchEvents;
}

/** A read from disk, in the shape of a fetch. It cannot be called back: its memory is free when it has ended. */
export function fillFromDisk(disk: ChunkDisk, { chunk, range, into, events }: DiskFill): Fetch {
  let isOver = false;
  let isCancelled = false;
  let release: (() => void) | undefined;
  const settle = (hit: boolean): void => {
    isOver = true;
    if (release) {
      release();
    } else if (hit) {
      events.received(into.length);
      // Whoever received it may have had enough.
      if (!isCancelled) events.done();
    } else {
      events.failed(diskMiss);
    }
  };
  disk.read(chunk, range, into).then(settle, () => settle(false));
  return {
    promote: () => undefined,
    cancel: (released) => {
      isCancelled = true;
      if (isOver) released();
      else release = released;
    },
  };
}
