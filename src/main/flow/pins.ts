/**
 * Zero-copy tokens. A slab that is being written to a socket cannot be taken back until the socket has taken the
 * bytes, so only a part of all slabs may be in that position: each pinned slab needs one of these tokens. Several
 * writes from one slab share its token. Who gets none writes a copy from a buffer of its own and pins nothing.
 *
 * That is what keeps stuck clients harmless: they can pin `limit` slabs and not one more.
 */
import { SluiceError } from '#shared/errors.ts';

export class Pins {
  readonly limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Slabs that are pinned now; never more than the limit. */
  get taken(): number {
    return this.#taken;
  }

  /** Tokens are running out: who can do without should. */
  get scarce(): boolean {
    return this.#taken * 4 >= this.limit * 3;
  }

  /** Less than half of the tokens are out: anybody may have one. */
  get plenty(): boolean {
    return this.#taken * 2 < this.limit;
  }

  /** A token, if there is one; give it back once. */
  tryTake(): boolean {
    if (this.#taken >= this.limit) return false;
    this.#taken += 1;
    return true;
  }

  giveBack(): void {
    if (this.#taken === 0) throw new SluiceError('INVARIANT', 'a pin was given back twice');
    this.#taken -= 1;
  }
}
