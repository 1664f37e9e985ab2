/** How long things take on the way from memory to a client, counted as they happen. */
import { Quantiles } from '#main/fetch/latency.ts';
import { Histogram, type HistogramReading } from '#main/telemetry/histogram.ts';

/** Durations: all of them in buckets, and the recent ones as they were. */
class Durations {
  readonly recentMs = new Quantiles();
  readonly #all = new Histogram();

  add(milliseconds: number): void {
    this.recentMs.add(milliseconds);
    this.#all.add(milliseconds);
  }

  get reading(): HistogramReading {
    return this.#all.reading;
  }
}

export class Measures {
  /** From wanting a slab to having it, for a client that waits. */
  readonly demandWait = new Durations();
  /** The same for a window that has room. */
  readonly aheadWait = new Durations();
  /** From the opening of a transfer until its client has taken the first bytes. */
  readonly firstByte = new Durations();
  /** From handing bytes to a socket until it has taken them. */
  readonly write = new Histogram();
  /** Revisions that the store had no longer while they were being read, and transfers that ended for that. */
  revisionsGone = 0;
  revisionAborts = 0;
  /** Clients that were given up because they took nothing for too long. */
  idleSends = 0;
}
