import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChecksumAlgorithm } from './combine.ts';
import { crc64Nvme } from './crc64-nvme.ts';
import { WholeObjectCheck } from './whole-object-check.ts';

function sum(algorithm: ChecksumAlgorithm, bytes: Uint8Array): bigint {
  return algorithm === 'crc32' ? BigInt(crc32(bytes)) : crc64Nvme(bytes);
}

/** As a store says it: raw bytes, most significant first. */
function raw(algorithm: ChecksumAlgorithm, value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(algorithm === 'crc32' ? 8 : 16, '0'), 'hex');
}

interface Case {
  readonly algorithm: ChecksumAlgorithm;
  readonly object: Uint8Array;
  readonly chunkBytes: number;
  /** Indexes of chunks, in the order in which their sums come. */
  readonly order: readonly number[];
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    algorithm: fc.constantFrom('crc32', 'crc64nvme'),
    object: fc.uint8Array({ minLength: 1, maxLength: 400 }),
    chunkBytes: fc.integer({ min: 1, max: 100 }),
  })
  .chain(({ algorithm, object, chunkBytes }) => {
    const indexes = Array.from({ length: Math.ceil(object.length / chunkBytes) }, (_, index) => index);
    const order = fc.shuffledSubarray(indexes, { minLength: indexes.length });
    return fc.record({
      algorithm: fc.constant(algorithm),
      object: fc.constant(object),
      chunkBytes: fc.constant(chunkBytes),
      order,
    });
  });

function checkOf({ algorithm, object, chunkBytes }: Case): WholeObjectCheck {
  const value = raw(algorithm, sum(algorithm, object));
  return new WholeObjectCheck({ algorithm, value }, object.length, chunkBytes);
}

function sumOfChunk({ algorithm, chunkBytes }: Case, received: Uint8Array, index: number): bigint {
  return sum(algorithm, received.subarray(index * chunkBytes, (index + 1) * chunkBytes));
}

describe('the check of a whole object', () => {
  it('is right with the last of its chunks, in any order, and not before', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const check = checkOf(given);
        for (const index of given.order) {
          expect(check.verdict).toBe('incomplete');
          check.note(index, sumOfChunk(given, given.object, index));
        }
        expect(check.verdict).toBe('right');
      }),
      { numRuns: 100 },
    );
  });

  it('is wrong when one bit of one chunk was', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (given, bit) => {
        const received = given.object.slice();
        const position = (bit >> 3) % received.length;
        received[position] = (received[position] ?? 0) ^ (1 << (bit & 7));
        const check = checkOf(given);
        for (const index of given.order) check.note(index, sumOfChunk(given, received, index));
        expect(check.verdict).toBe('wrong');
      }),
      { numRuns: 100 },
    );
  });

  it('takes the same sum of a chunk again, and another one for a proof of damage', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (given, pick) => {
        const check = checkOf(given);
        const again = given.order[pick % given.order.length] ?? 0;
        for (const index of [...given.order, again])
          check.note(index, sumOfChunk(given, given.object, index));
        expect(check.verdict).toBe('right');
        check.note(again, sumOfChunk(given, given.object, again) ^ 1n);
        expect(check.verdict).toBe('wrong');
      }),
      { numRuns: 50 },
    );
  });

  it('has nothing to wait for in an empty object', () => {
    const empty = new WholeObjectCheck({ algorithm: 'crc32', value: new Uint8Array(4) }, 0, 10);
    expect(empty.verdict).toBe('right');
  });
});
