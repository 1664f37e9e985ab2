/** Content-Range (RFC 9110, section 14.4): the one place where positions are inclusive. */
import type { ByteRange } from '#shared/range.ts';

/** `bytes 0-1023/4096`. */
export function formatContentRange(range: ByteRange, length: number): string {
  return `bytes ${range.start}-${range.end - 1}/${length}`;
}

/** What a 416 says of a representation of `length` bytes: a star in place of the positions. */
export function formatUnsatisfiedRange(length: number): string {
  return `bytes */${length}`;
}
