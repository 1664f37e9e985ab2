/** A slot of an instant in three bytes: what it is, how full, how old. Fine enough to draw it again. */
import { type Tier, tiers } from '#shared/vocabulary/requests.ts';
import type { StateCode } from './majority.ts';

/** The state in the low three bits, then the tier, then how often it was asked for, up to 7. */
export function packSlot(code: StateCode, tier: Tier | undefined, attempt: number): number {
  return code | ((tier === undefined ? 0 : tiers.indexOf(tier) + 1) << 3) | (Math.min(7, attempt) << 5);
}

export function unpackSlot(byte: number): {
  readonly code: StateCode;
  readonly tier: Tier | undefined;
  readonly attempt: number;
} {
  return { code: (byte & 7) as StateCode, tier: tiers[((byte >> 3) & 3) - 1], attempt: byte >> 5 };
}

export function byteOfShare(part: number, whole: number): number {
  return whole > 0 ? Math.round(Math.min(1, part / whole) * 255) : 0;
}

export function shareOfByte(byte: number): number {
  return byte / 255;
}

/** Tenths of a second up to here, whole seconds beyond. */
const fineSteps = 120;

export function byteOfAge(ageMs: number): number {
  const tenths = Math.floor(ageMs / 100);
  return tenths < fineSteps ? tenths : Math.min(255, fineSteps + Math.floor((tenths - fineSteps) / 10));
}

/** The age in milliseconds, not more than it was. */
export function ageOfByte(byte: number): number {
  return (byte < fineSteps ? byte : fineSteps + (byte - fineSteps) * 10) * 100;
}
