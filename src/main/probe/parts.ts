/** Which ranges a multipart/byteranges body has, found as it passes: their bytes are counted, and not kept. */
import type { ByteRange } from '#shared/range.ts';

/** Parts that are told of; the rest goes by. */
const maxParts = 64;
/** The fields of one part; what is longer is no part. */
const maxHeadBytes = 4096;

const contentRange = /\r\ncontent-range:[ \t]*bytes (\d{1,15})-(\d{1,15})\/(?:\d+|\*)[ \t]*\r\n/i;

export class PartFinder {
  readonly #ranges: ByteRange[] = [];
  /** Bytes of a part that are still to pass. */
  #passing = 0;
  /** What may be the fields of the next part; latin-1. */
  #head = '';
  #isOver = false;

  get ranges(): readonly ByteRange[] {
    return this.#ranges;
  }

  push(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0 && !this.#isOver) {
      if (this.#passing > 0) {
        const passed = Math.min(this.#passing, rest.length);
        this.#passing -= passed;
        rest = rest.subarray(passed);
      } else {
        rest = this.#readHead(rest);
      }
    }
  }

  /** @returns what comes after the fields */
  #readHead(bytes: Uint8Array): Uint8Array {
    const before = this.#head.length;
    this.#head += Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, maxHeadBytes)).toString(
      'latin1',
    );
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) {
      this.#isOver = this.#head.length >= maxHeadBytes;
      return bytes.subarray(bytes.length);
    }
    const match = contentRange.exec(this.#head.slice(0, end + 2));
    const [start, last] = [Number(match?.[1]), Number(match?.[2])];
    this.#head = '';
    this.#isOver = !match || last < start || this.#ranges.length === maxParts;
    if (this.#isOver) return bytes;
    this.#ranges.push({ start, end: last + 1 });
    this.#passing = last + 1 - start;
    return bytes.subarray(end + 4 - before);
  }
}
