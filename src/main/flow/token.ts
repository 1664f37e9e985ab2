/**
 * A window token: the right to hold one chunk, or a piece of one, with the memory to hold it in. It tells the story
 * of its chunk as well, which is what the console shows and what the ledger counts its memory as.
 */
import { SluiceError } from '#shared/errors.ts';
import type { ChunkState, Slot, Tier } from '#shared/model.ts';
import type { Slab } from './arena.ts';

interface TokenEvents {
  readonly onReceived: (bytes: number) => void;
  readonly onReturn: () => void;
}

export class WindowToken implements Disposable {
  readonly memory: Uint8Array;
  readonly #slab: Slab;
  readonly #events: TokenEvents;
  #holders = 1;
  #since = performance.now();
  #state: ChunkState = 'queued';
  #start = 0;
  #bytes = 0;
  #filledBytes = 0;
  #sentBytes = 0;
  #attempt = 0;
  tier: Tier | undefined;

  constructor(slab: Slab, events: TokenEvents) {
    this.#slab = slab;
    this.memory = slab.memory;
    this.#events = events;
  }

  get state(): ChunkState {
    return this.#state;
  }

  /** What the console shows of it. */
  get slot(): Slot {
    return {
      start: this.#start,
      bytes: this.#bytes,
      state: this.#state,
      tier: this.tier,
      filledBytes: this.#filledBytes,
      sentBytes: this.#sentBytes,
      attempt: this.#attempt,
      ageMs: performance.now() - this.#since,
    };
  }

  /** Names the bytes of the object that this token will carry. */
  assign(start: number, bytes: number): void {
    this.#start = start;
    this.#bytes = bytes;
  }

  enter(state: ChunkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = performance.now();
    this.#slab.move(state);
  }

  /** A request goes out; what an earlier attempt brought is void. */
  attempt(number: number): void {
    this.#attempt = number;
    this.#filledBytes = 0;
    this.enter('waiting');
  }

  /** An attempt failed; the next one waits. */
  backOff(): void {
    this.enter('retry');
  }

  received(bytes: number): void {
    this.#filledBytes += bytes;
    this.#events.onReceived(bytes);
    this.enter('receiving');
  }

  complete(): void {
    this.#events.onReceived(Math.max(0, this.#bytes - this.#filledBytes));
    this.#filledBytes = this.#bytes;
    this.enter('held');
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  /** One more holder, such as a disk write: the token returns when the last has disposed of it. */
  retain(): this {
    if (this.#holders === 0) throw new SluiceError('INVARIANT', 'a returned token was retained');
    this.#holders += 1;
    return this;
  }

  [Symbol.dispose](): void {
    if (this.#holders === 0) throw new SluiceError('INVARIANT', 'a token was returned twice');
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#events.onReturn();
    this.#slab[Symbol.dispose]();
  }
}
