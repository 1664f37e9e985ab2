import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { tiers } from '#shared/vocabulary/requests.ts';
import type { StateCode } from './majority.ts';
import { ageOfByte, byteOfAge, byteOfShare, packSlot, shareOfByte, unpackSlot } from './slot-bytes.ts';

it('gives back what a slot was', () => {
  const code = fc.integer({ min: 0, max: 7 }) as fc.Arbitrary<StateCode>;
  fc.assert(
    fc.property(
      code,
      fc.constantFrom(undefined, ...tiers),
      fc.integer({ min: 0, max: 20 }),
      (state, tier, attempt) => {
        const byte = packSlot(state, tier, attempt);
        expect(byte).toBeLessThan(256);
        expect(unpackSlot(byte)).toEqual({ code: state, tier, attempt: Math.min(7, attempt) });
      },
    ),
  );
});

it('keeps an age to a tenth of a second, a long one to a second', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 140_000 }), (ageMs) => {
      const kept = ageOfByte(byteOfAge(ageMs));
      expect(kept).toBeLessThanOrEqual(ageMs);
      expect(ageMs - kept).toBeLessThan(ageMs < 12_000 ? 100 : 1000);
    }),
  );
});

it('keeps a share to half a percent', () => {
  expect(shareOfByte(byteOfShare(1, 3))).toBeCloseTo(1 / 3, 2);
  expect(byteOfShare(5, 0)).toBe(0);
  expect(shareOfByte(byteOfShare(9, 3))).toBe(1);
});
