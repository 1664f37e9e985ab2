/**
 * Whether the chunks of a revision, put together, have the checksum that its store keeps of the whole. The answer to
 * a range carries no checksum of its own, so this is the only proof there is, and it exists once every chunk has been
 * seen. It costs no second pass over the bytes.
 */
import { combiner, type ChecksumAlgorithm, type Combine } from './combine.ts';

/** What the whole object must come to; the checksum of a revision fits. */
export interface ExpectedChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Raw bytes, most significant first. */
  readonly value: Uint8Array;
}

/** `wrong`: some byte of some chunk is not the store's. Which one, a checksum of the whole cannot say. */
export type Verdict = 'incomplete' | 'right' | 'wrong';

export class WholeObjectCheck {
  readonly #expected: bigint;
  readonly #chunks: number;
  /** Sums by chunk; the first `#combined` are put together in `#front`. */
  readonly #sums: BigUint64Array;
  readonly #known: Uint8Array;
  readonly #appendWhole: Combine;
  readonly #appendLast: Combine;
  #combined = 0;
  #front = 0n;
  #contradicted = false;

  /** Chunks are `chunkBytes` long, but for the last, which ends at `objectBytes`. */
  constructor({ algorithm, value }: ExpectedChecksum, objectBytes: number, chunkBytes: number) {
    this.#expected = BigInt(`0x${Buffer.from(value).toString('hex')}`);
    this.#chunks = Math.ceil(objectBytes / chunkBytes);
    this.#sums = new BigUint64Array(this.#chunks);
    this.#known = new Uint8Array(this.#chunks);
    this.#appendWhole = combiner(algorithm, chunkBytes);
    this.#appendLast = combiner(algorithm, objectBytes - (this.#chunks - 1) * chunkBytes);
  }

  /**
   * Says what a chunk comes to; in any order, and again when its bytes were fetched again. Two different sums of one
   * chunk are `wrong` for good, since a revision never changes.
   */
  note(index: number, sum: bigint): void {
    if (this.#known[index] === 1 && this.#sums[index] !== sum) this.#contradicted = true;
    this.#known[index] = 1;
    this.#sums[index] = sum;
    while (this.#known[this.#combined] === 1) this.#append(this.#sums[this.#combined] ?? 0n);
  }

  /** Final once it is `wrong`; `right` holds for every byte that was summed until now. */
  get verdict(): Verdict {
    if (this.#contradicted) return 'wrong';
    if (this.#combined < this.#chunks) return 'incomplete';
    return this.#front === this.#expected ? 'right' : 'wrong';
  }

  #append(sum: bigint): void {
    this.#combined += 1;
    const append = this.#combined === this.#chunks ? this.#appendLast : this.#appendWhole;
    this.#front = append(this.#front, sum);
  }
}
