/**
 * Answers that came along with a first look at an object and wait for the first transfer that needs their bytes. An
 * answer does not wait for memory: if there is none when somebody needs it, it is given up, and asked for again later.
 */
import type { ChunkPlace } from '#main/cache/resident-chunk.ts';
import { revisionKey, type Revision } from '#main/cache/revision.ts';
import type { Discovered } from '#main/fetch/fetch.ts';
import type { ByteRange } from '#shared/range.ts';

export class Offers {
  readonly #offers = new Map<string, Discovered>();

  get isEmpty(): boolean {
    return this.#offers.size === 0;
  }

  add(discovered: Discovered): Disposable {
    const key = revisionKey(discovered.discovery.object.revision);
    this.#offers.get(key)?.[Symbol.dispose]();
    this.#offers.set(key, discovered);
    return {
      [Symbol.dispose]: () => {
        if (this.#offers.get(key) === discovered) this.#offers.delete(key);
        // Does nothing when it has been taken.
        discovered[Symbol.dispose]();
      },
    };
  }

  /** What an answer brings for the byte at `position`, if there is one. */
  rangeAt(revision: Revision, position: number): ByteRange | undefined {
    const range = this.#offers.get(revision.key)?.discovery.range;
    return range && position >= range.start && position < range.end ? range : undefined;
  }

  /** Gives up what waits for readers of `revision`. */
  drop(revision: Revision): void {
    this.#offers.get(revision.key)?.[Symbol.dispose]();
    this.#offers.delete(revision.key);
  }

  /** The answer that brings just the bytes of `place`, if there is one. It is the caller's now. */
  take(revision: Revision, place: ChunkPlace): Discovered | undefined {
    const offer = this.#offers.get(revision.key);
    const { start, end } = offer?.discovery.range ?? { start: -1, end: -1 };
    if (!offer || start !== place.at || end !== place.id.range.end) return undefined;
    this.#offers.delete(revision.key);
    return offer;
  }
}
