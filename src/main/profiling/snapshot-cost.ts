/**
 * What a heap snapshot costs, before anybody takes one. While V8 makes it nothing else runs in this process, and it
 * takes far more memory than the file has: for a heap of small objects, 18 times the heap was measured.
 */
import { freemem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { SnapshotCost } from '#shared/contract/profiles.ts';
import { MiB } from '#shared/units.ts';

/**
 * Measured on heaps of 3, 43 and 163 MB, most of it small objects, on a busy machine with two cores: 50 to 76 ms for
 * each MB until the snapshot is there, 16 to 36 ms to write it (which gives way in between, but seldom), 11 to 20
 * bytes of memory and 1.4 to 2.2 bytes of file for a byte of heap. Here is the upper end of each.
 */
const stopMsPerMiB = 115;
const memoryPerByte = 20;
const filePerByte = 2.2;

/** For a heap of this size, which is by itself the one of this process. */
export function snapshotCost(
  heapBytes = getHeapStatistics().used_heap_size,
  availableBytes = availableMemory(),
): SnapshotCost {
  const memoryBytes = Math.round(heapBytes * memoryPerByte);
  return {
    heapBytes,
    stopsMs: Math.round((heapBytes / MiB) * stopMsPerMiB),
    memoryBytes,
    availableBytes,
    fileBytes: Math.round(heapBytes * filePerByte),
    fits: memoryBytes <= availableBytes,
  };
}

/** What this process may still take, where the runtime knows; otherwise what the machine has left. */
function availableMemory(): number {
  const { availableMemory } = process as { readonly availableMemory?: () => number };
  return availableMemory?.() ?? freemem();
}
