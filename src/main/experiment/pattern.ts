/** The object's bytes: they follow from their position, so both ends know them and nobody has to store them. */
import { fillSynthetic } from '#main/object-store/synthetic.ts';
import { MiB } from '#shared/units.ts';

/** The bytes repeat after so many. */
const periodBytes = MiB;

/** Two periods, so that up to one can be had from any place without a seam. */
let periods: Buffer | undefined;

/** The bytes from `position` on, at most `length` of them: a view that nobody may write to. */
export function patternAt(position: number, length: number): Buffer {
  periods ??= madePeriods();
  const from = position % periodBytes;
  return periods.subarray(from, from + Math.min(length, periodBytes));
}

/** Whether `bytes` are the object's at `position`. */
export function isPattern(bytes: Buffer, position: number): boolean {
  for (let at = 0; at < bytes.length;) {
    const wanted = patternAt(position + at, bytes.length - at);
    if (bytes.compare(wanted, 0, wanted.length, at, at + wanted.length) !== 0) return false;
    at += wanted.length;
  }
  return true;
}

function madePeriods(): Buffer {
  const made = Buffer.allocUnsafe(2 * periodBytes);
  fillSynthetic(made, 0);
  return made;
}
