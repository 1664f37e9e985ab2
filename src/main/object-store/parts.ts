/** Cuts a body of unknown length into parts, using one buffer for all of them. */
import { abortable } from './cancel.ts';

export interface Part {
  /** In the buffer: valid until the next part is asked for. */
  readonly bytes: Uint8Array;
  /** True for exactly one part, the final one; it may be empty only when the whole body is. */
  readonly last: boolean;
}

/**
 * Full parts of `buffer.length` bytes, then a last one with what remains. One piece of lookahead decides which part
 * is the last, so a body of exactly one buffer is one part.
 * @throws SluiceError ABORTED; whatever `body` throws
 */
export async function* partsOf(
  body: AsyncIterable<Uint8Array>,
  buffer: Uint8Array,
  signal: AbortSignal,
): AsyncGenerator<Part, void> {
  let filled = 0;
  for await (const piece of abortable(body, signal)) {
    for (let taken = 0; taken < piece.length;) {
      if (filled === buffer.length) {
        yield { bytes: buffer, last: false };
        filled = 0;
      }
      const next = piece.subarray(taken, taken + buffer.length - filled);
      buffer.set(next, filled);
      filled += next.length;
      taken += next.length;
    }
  }
  yield { bytes: buffer.subarray(0, filled), last: true };
}
