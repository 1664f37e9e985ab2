import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combiner, type ChecksumAlgorithm } from './combine.ts';
import { crc64Nvme } from './crc64-nvme.ts';

const checksums: Record<ChecksumAlgorithm, (bytes: Uint8Array) => bigint> = {
  crc32: (bytes) => BigInt(crc32(bytes)),
  crc64nvme: crc64Nvme,
};

describe.each(['crc32', 'crc64nvme'] as const)('%s', (algorithm) => {
  const sum = checksums[algorithm];

  it('of two pieces, put together, is that of both', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (front, back) => {
        const both = new Uint8Array([...front, ...back]);
        expect(combiner(algorithm, back.length)(sum(front), sum(back))).toBe(sum(both));
      }),
      { numRuns: 200 },
    );
  });

  it('of lengths that no buffer has: shifting twice is shifting by the sum', () => {
    const length = fc.nat(2 ** 43);
    const front = fc.bigInt({ min: 0n, max: algorithm === 'crc32' ? 2n ** 32n - 1n : 2n ** 64n - 1n });
    fc.assert(
      fc.property(front, length, length, (front, a, b) => {
        const inTwoSteps = combiner(algorithm, b)(combiner(algorithm, a)(front, 0n), 0n);
        expect(inTwoSteps).toBe(combiner(algorithm, a + b)(front, 0n));
      }),
      { numRuns: 50 },
    );
  });
});
