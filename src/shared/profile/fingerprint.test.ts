import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';

const bytesArb = fc.uint8Array({ minLength: 1, maxLength: 64 });

describe('the fingerprint of a file', () => {
  it('is that of its bytes, wherever in memory they are', () => {
    fc.assert(
      fc.property(bytesArb, fc.nat(7), (bytes, offset) => {
        const elsewhere = new Uint8Array(bytes.length + offset);
        elsewhere.set(bytes, offset);
        expect(fingerprintOf(bytes)).toMatch(/^[0-9a-f]{16}$/);
        expect(fingerprintOf(elsewhere.subarray(offset))).toBe(fingerprintOf(bytes));
      }),
    );
  });

  it('is another when a bit is another, or the end is', () => {
    fc.assert(
      fc.property(bytesArb, fc.nat(), fc.nat(7), (bytes, seed, bit) => {
        const changed = bytes.slice();
        const at = seed % bytes.length;
        changed[at] = (changed[at] ?? 0) ^ (1 << bit);
        const longer = new Uint8Array([...bytes, 0]);
        const all = [bytes, changed, longer].map(fingerprintOf);
        expect(new Set(all).size).toBe(3);
      }),
    );
  });

  it('of many files is never the same', () => {
    const all = Array.from({ length: 20_000 }, (_, number) =>
      fingerprintOf(new Uint8Array(Uint32Array.of(number, 0).buffer)),
    );
    expect(new Set(all).size).toBe(20_000);
  });
});
