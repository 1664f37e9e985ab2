import { Crc64NvmeJs } from '@aws-sdk/checksums/crc';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc64Nvme } from './crc64-nvme.ts';

/** What the AWS SDK makes of it. */
async function reference(bytes: Uint8Array): Promise<bigint> {
  const checksum = new Crc64NvmeJs();
  checksum.update(bytes);
  return BigInt(`0x${Buffer.from(await checksum.digest()).toString('hex')}`);
}

it('has the check value of its definition', () => {
  expect(crc64Nvme(Buffer.from('123456789'))).toBe(0xae8b_1486_0a79_9888n);
  expect(crc64Nvme(new Uint8Array(0))).toBe(0n);
});

it('is what the AWS SDK computes, wherever the bytes begin and end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(16), async (bytes, offset) => {
      const shared = new Uint8Array(new SharedArrayBuffer(offset + bytes.length)).subarray(offset);
      shared.set(bytes);
      expect(crc64Nvme(shared)).toBe(await reference(bytes));
    }),
    { numRuns: 300 },
  );
});
