/** Compares a body, as it comes, with what it must be: every byte. */
import type { Segment } from '#main/http/multipart.ts';
import { isAt, whatIsWrong } from './content.ts';

export class BodyCheck {
  readonly #name: string;
  readonly #segments: readonly Segment[];
  #index = 0;
  /** Bytes of the present segment that have come. */
  #at = 0;

  /** `name`: the revision that the ranges are of. */
  constructor(name: string, segments: readonly Segment[]) {
    this.#name = name;
    this.#segments = segments;
  }

  get isComplete(): boolean {
    return this.#index === this.#segments.length;
  }

  /** Takes the next bytes; says what is wrong with them. */
  take(bytes: Uint8Array): string | undefined {
    for (let done = 0; done < bytes.length;) {
      const segment = this.#segments[this.#index];
      if (!segment) return `${this.#name}: ${bytes.length - done} bytes too many`;
      const length = lengthOfSegment(segment);
      const piece = bytes.subarray(done, done + length - this.#at);
      if (!this.#isRight(segment, piece)) return `${this.#name}: ${this.#complaint(segment, piece)}`;
      done += piece.length;
      this.#at += piece.length;
      if (this.#at < length) continue;
      this.#index += 1;
      this.#at = 0;
    }
    return undefined;
  }

  #isRight(segment: Segment, piece: Uint8Array): boolean {
    if (segment.kind === 'range') return isAt(this.#name, segment.range.start + this.#at, piece);
    return Buffer.compare(segment.bytes.subarray(this.#at, this.#at + piece.length), piece) === 0;
  }

  #complaint(segment: Segment, piece: Uint8Array): string {
    if (segment.kind === 'text') return 'the head of a part is wrong';
    const { start, end } = segment.range;
    const wrong = whatIsWrong(this.#name, start + this.#at, piece);
    return `${start}-${end - 1}, a piece of ${piece.length} bytes at ${start + this.#at}: ${wrong}`;
  }
}

function lengthOfSegment(segment: Segment): number {
  return segment.kind === 'text' ? segment.bytes.length : segment.range.end - segment.range.start;
}
