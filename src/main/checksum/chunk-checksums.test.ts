import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChunkChecksums } from './chunk-checksums.ts';
import { crc64Nvme } from './crc64-nvme.ts';

function sharedBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(new SharedArrayBuffer(length));
  for (let index = 0; index < length; index += 1) bytes[index] = index * 31;
  return bytes;
}

describe('checksums of chunks', () => {
  let checksums: ChunkChecksums;
  beforeEach(() => {
    checksums = new ChunkChecksums();
  });
  afterEach(() => checksums[Symbol.asyncDispose]());

  it('are those of the bytes in shared memory, and of any view of them', async () => {
    const slab = sharedBytes(1 << 20);
    const view = slab.subarray(7, 70_001);
    expect(await checksums.checksumOf('crc64nvme', slab)).toBe(crc64Nvme(slab));
    expect(await checksums.checksumOf('crc32', view)).toBe(BigInt(crc32(view)));
    expect(await checksums.checksumOf('crc64nvme', Buffer.from('123456789'))).toBe(0xae8b_1486_0a79_9888n);
  });

  it('come to whoever asked for them, many at once', async () => {
    const slab = sharedBytes(64 * 1024);
    const views = Array.from({ length: 50 }, (_, index) => slab.subarray(index * 100, 60_000 - index));
    const found = await Promise.all(views.map((view) => checksums.checksumOf('crc64nvme', view)));
    expect(found).toEqual(views.map((view) => crc64Nvme(view)));
  });

  it('are given up at once when nobody wants them, and the others still come', async () => {
    const slab = sharedBytes(4 << 20);
    const abort = new AbortController();
    const unwanted = [1, 2, 3].map(() => checksums.checksumOf('crc64nvme', slab, abort.signal));
    const wanted = checksums.checksumOf('crc64nvme', slab);
    abort.abort();
    for (const refused of unwanted) await expect(refused).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(checksums.checksumOf('crc32', slab, abort.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(await wanted).toBe(crc64Nvme(slab));
  });

  it('outlive their thread', async () => {
    const notBytes = 'a reason to fail' as unknown as Uint8Array;
    const failing = checksums.checksumOf('crc64nvme', notBytes);
    const next = checksums.checksumOf('crc64nvme', Buffer.from('123456789'));
    await expect(failing).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
    expect(await next).toBe(0xae8b_1486_0a79_9888n);
  });

  it('end with their owner', async () => {
    const waiting = [1, 2].map(() => checksums.checksumOf('crc64nvme', sharedBytes(1 << 20)));
    const refusals = Promise.all(
      waiting.map((refused) => expect(refused).rejects.toMatchObject({ code: 'ABORTED' })),
    );
    await checksums[Symbol.asyncDispose]();
    await refusals;
    await expect(checksums.checksumOf('crc32', sharedBytes(1))).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
