/**
 * When several small reads fall into one chunk within a moment, the next one brings the whole chunk: that is one
 * request instead of many. Bounded, because it only remembers the last reads.
 */
import type { Revision } from '#main/cache/revision.ts';

const momentMs = 2000;
/** So many reads in one chunk make the next one bring it whole. */
const readsBefore = 2;
const remembered = 256;

interface Read {
  readonly revision: Revision;
  readonly index: number;
  readonly at: number;
}

export class SmallReads {
  readonly #reads: Read[] = [];

  /** Notes a small read that is not in memory. @returns whether it should bring the whole chunk */
  note(revision: Revision, index: number, now: number): boolean {
    const before = this.#reads.filter(
      (read) => read.revision === revision && read.index === index && now - read.at <= momentMs,
    ).length;
    this.#reads.push({ revision, index, at: now });
    if (this.#reads.length > remembered) this.#reads.shift();
    return before >= readsBefore;
  }
}
