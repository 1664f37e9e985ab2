/**
 * The window of a transfer: how many chunks of it may be in memory or on their way, the present one included. It
 * follows what the client takes and how long the store takes (their product is what must be under way), and grows
 * while the client starves although there is memory.
 *
 * It begins with the present chunk alone: nothing is read ahead for a client that has not taken a byte.
 */

/** What a tick is judged by. */
export interface WindowSample {
  /** Bytes that the client takes in a millisecond. */
  readonly bytesPerMs: number;
  /** Milliseconds that a chunk takes from the store, waiting included. */
  readonly latencyMs: number;
  readonly chunkBytes: number;
  /** The share of the tick in which the client would have taken bytes and there were none. */
  readonly starved: number;
  /** Slabs can be had without taking them from anybody, and fetches for them would not only wait. */
  readonly hasRoom: boolean;
  /** How long the client has taken nothing, in milliseconds. */
  readonly blockedMs: number;
  /** How long the oldest chunk that is complete has waited behind the present one, in milliseconds. */
  readonly oldestAheadMs: number;
}

/** Starving for more of a tick than this lets the window grow. */
const starvedShare = 0.05;
/** A client that has taken nothing for so long keeps nothing but its present chunk. */
const blockedMs = 1000;

export class Window {
  readonly limit: number;
  #size = 1;
  #isStarting = true;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** The client has taken the whole of a chunk: at the start each of these doubles the window. */
  crossed(): void {
    if (this.#isStarting) this.#grow();
  }

  /** Back to the present chunk alone. */
  restart(): void {
    this.#size = 1;
    this.#isStarting = true;
  }

  tick(sample: WindowSample): void {
    if (sample.blockedMs > blockedMs) {
      this.restart();
      return;
    }
    if (sample.starved > starvedShare) {
      if (sample.hasRoom) this.#grow();
      return;
    }
    const enough = Math.ceil((sample.bytesPerMs * sample.latencyMs) / sample.chunkBytes) + 1;
    if (this.#size < enough) this.#size = Math.min(enough, this.limit);
    else if (this.#size > enough && sample.oldestAheadMs > 2 * sample.latencyMs) this.#size -= 1;
    this.#isStarting &&= this.#size < enough;
  }

  #grow(): void {
    this.#size = Math.min(this.limit, this.#size * 2);
    if (this.#size === this.limit) this.#isStarting = false;
  }
}
