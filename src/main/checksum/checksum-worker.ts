/** The thread of ChunkChecksums: one request, one answer. It reads shared memory where it lies. */
import { parentPort } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import type { ChecksumAlgorithm } from './combine.ts';
import { crc64Nvme } from './crc64-nvme.ts';

/** What the thread is asked; it answers with the checksum, a bigint. */
export interface ChecksumRequest {
  readonly algorithm: ChecksumAlgorithm;
  readonly bytes: Uint8Array;
}

parentPort?.on('message', ({ algorithm, bytes }: ChecksumRequest) => {
  const checksum = algorithm === 'crc32' ? BigInt(crc32(bytes)) : crc64Nvme(bytes);
  parentPort?.postMessage(checksum, []);
});
