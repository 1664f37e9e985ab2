/** Who holds the ledger, read once a second while somebody looks; and what of the process was known at that instant. */
import type { LedgerReading } from '#shared/ledger-model.ts';
import type { Frame, Memory } from '#shared/model.ts';
import { messageOf } from '#shared/errors.ts';
import { inTime, type Follower } from '../rpc/follow.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { Polling } from './polling.ts';
import { Signal } from './signal.ts';

const intervalMs = 1000;
/** Frames are so far from the reading when somebody has gone to another time of a recording. */
const jumpMs = 2500;
/** Owners in an answer, with the rest, and what one takes: an estimate. */
const maxOwners = 501;
const ownerBytes = 640;

/** One instant: owners, and the memory of the process from the newest frame. */
export interface OwnersInstant {
  readonly reading: LedgerReading;
  readonly memory: Memory | undefined;
}

export class OwnersStore {
  readonly changed = new Signal(0);
  readonly #call: Follower['call'];
  readonly #frame: () => Frame | undefined;
  #instant: OwnersInstant | undefined;
  #frameAt = 0;
  #failure: string | undefined;
  readonly #polling = new Polling(() => this.#read(), intervalMs);

  /** `frame`: the newest that there is. */
  constructor(call: Follower['call'], frame: () => Frame | undefined) {
    this.#call = call;
    this.#frame = frame;
  }

  /** The newest; kept when the connection is lost. */
  get instant(): OwnersInstant | undefined {
    return this.#instant;
  }

  /** Why the last reading failed: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get footprint(): Footprint {
    const count = this.#instant?.reading.owners.length ?? 0;
    return footprintOf([{ count, most: maxOwners, eachBytes: ownerBytes }]);
  }

  /** Reads until the returned function is called. */
  readonly follow = (): (() => void) => this.#polling.follow();

  /** Reads at once. */
  readonly refresh = (): void => this.#polling.refresh();

  /** Tells that there is a new frame: far from the reading, that is read at once. */
  see(frame: Frame): void {
    if (Math.abs(frame.at - this.#frameAt) > jumpMs) this.#polling.refresh();
  }

  async #read(): Promise<void> {
    // Also when it fails: it is not asked for any more often then.
    this.#frameAt = this.#frame()?.at ?? 0;
    try {
      const reading = await inTime(this.#call((client) => client.profiles.owners()));
      this.#instant = { reading, memory: this.#frame()?.memory };
      this.#failure = undefined;
    } catch (error) {
      this.#failure = messageOf(error);
    }
    this.changed.touch();
  }
}
