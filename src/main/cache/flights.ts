/**
 * One fetch for any number of readers of the same missing chunk. A flight belongs to its chunk, not to the reader who
 * happened to come first: it goes on while anybody waits for it, and ends when the last has left. The memory that it
 * fills is the first reader's, kept alive until the fetch has settled and everybody has copied from it.
 */

import { orAborted, throwIfAborted } from '#main/object-store/cancel.ts';

/** Starts the fetch; the memory must stay valid until `held` is disposed of. */
export interface FlightPlan {
  readonly bytes: Uint8Array;
  readonly held: () => Disposable;
  readonly fetch: (signal: AbortSignal) => Promise<void>;
}

interface Flight {
  readonly plan: FlightPlan;
  readonly landed: Promise<void>;
  readonly cancel: AbortController;
  readers: number;
}

export class Flights {
  readonly #flights = new Map<string, Flight>();
  #joined = 0;

  /** Reads that were spared because somebody else was fetching the same chunk. */
  get joined(): number {
    return this.#joined;
  }

  /**
   * Resolves when the bytes of `key` are in `into`: fetched there by `plan`, or copied from the reader who was first.
   * @throws what the fetch throws; SluiceError ABORTED
   */
  async read(key: string, plan: FlightPlan, into: Uint8Array, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const known = this.#flights.get(key);
    const flight = known ?? this.#launch(key, plan);
    using _held = flight.plan.held();
    flight.readers += 1;
    if (known) this.#joined += 1;
    try {
      await orAborted(flight.landed, signal);
      if (known) into.set(flight.plan.bytes);
    } finally {
      flight.readers -= 1;
      if (flight.readers === 0) this.#end(key, flight);
    }
  }

  #launch(key: string, plan: FlightPlan): Flight {
    const cancel = new AbortController();
    const held = plan.held();
    const landed = plan.fetch(cancel.signal).finally(() => held[Symbol.dispose]());
    const flight: Flight = { plan, landed, cancel, readers: 0 };
    // Readers see the failure; one that nobody waits for any more is nobody's.
    landed.catch(() => undefined);
    this.#flights.set(key, flight);
    return flight;
  }

  /** Nobody waits any more: who comes now starts anew. */
  #end(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    flight.cancel.abort(nobodyWaits);
  }
}

/** Made once: an abort without a reason makes a DOMException with a stack for each chunk. */
const nobodyWaits = new Error('nobody waits for this chunk any more');
