/**
 * The waste ledger: what became of every byte that came from the store. Two sums always hold exactly, and tests check
 * them after every event:
 *
 *   fetched = first + again                              was it ever brought before?
 *   fetched = delivered + unread (by cause) + held       what became of it?
 *
 * where `held` is what chunks in memory have and nobody has been given yet.
 */

/** Why bytes were let go that nobody had been given. */
export const unreadCauses = ['evicted', 'aborted', 'failed'] as const;
export type UnreadCause = (typeof unreadCauses)[number];

export class WasteLedger {
  firstBytes = 0;
  /** Of chunks that had been in memory before and were evicted. */
  againBytes = 0;
  /** Given to at least one client. */
  deliveredBytes = 0;
  readonly unreadBytes: Record<UnreadCause, number> = { evicted: 0, aborted: 0, failed: 0 };

  get fetchedBytes(): number {
    return this.firstBytes + this.againBytes;
  }
}

/** Which bytes of a chunk something has happened to: a few intervals at most, because readers and fills go in order. */
export class Coverage {
  #spans: (readonly [number, number])[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds `[start, end)`. @returns how many of these bytes are new */
  add(start: number, end: number): number {
    let fresh = end - start;
    let from = start;
    let to = end;
    const apart: (readonly [number, number])[] = [];
    for (const span of this.#spans) {
      if (span[1] < start || span[0] > end) {
        apart.push(span);
        continue;
      }
      fresh -= Math.max(0, Math.min(span[1], end) - Math.max(span[0], start));
      from = Math.min(from, span[0]);
      to = Math.max(to, span[1]);
    }
    this.#spans = [...apart, [from, to]];
    this.#bytes += fresh;
    return fresh;
  }
}
