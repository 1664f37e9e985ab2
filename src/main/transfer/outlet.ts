/**
 * The way from chunks into one socket. Bytes go straight from a chunk's slab as long as there is a pin for it;
 * otherwise a copy goes from a small buffer of the transfer's own, which pins nothing. Memory is free again when the
 * socket has told so, on every path.
 */
import type { ChunkPool } from '#main/cache/pool.ts';
import type { ResidentChunk } from '#main/cache/resident-chunk.ts';
import type { Slab } from '#main/flow/arena.ts';
import type { Clock } from '#main/flow/clock.ts';
import { KiB, MiB } from '#shared/units.ts';
import type { Measures } from './measures.ts';
import { Pace } from './pace.ts';

/** Where the bytes go. */
export interface Sink {
  /**
   * Hands bytes to the socket. `done` is called once, later, when the memory may be used again; with an error when the
   * bytes did not all go out, which ends the transfer.
   */
  write(bytes: Uint8Array, done: (error?: Error) => void): void;
}

export interface OutletOptions {
  readonly clock: Clock;
  readonly pool: ChunkPool;
  readonly measures: Measures;
  /** A small buffer; each admitted transfer has one. */
  readonly takeBounce: () => Slab;
  /** The socket has taken bytes, or has failed. */
  readonly onTaken: (error: Error | undefined) => void;
}

/** Two writes hide one turn of the event loop. */
const maxOutstanding = 2;
/** Less is not worth a write, unless it is the tail. */
export const leastWriteBytes = 64 * KiB;
const mostWriteBytes = MiB;
/** A write should take the client about so long. */
const sliceMs = 50;
/** A client that leaves a write untaken for so long is slow while pins are scarce. */
const slowMs = 250;
/**
 * More than the buffers of a connection hold: whoever has taken so much reads. A client that stops right after the head
 * looks as fast as any until its buffers are full, and then keeps its pin for as long as it likes; many of them had
 * all pins, and those who do read had none.
 */
const provenBytes = 16 * MiB;
/** A slow client is fast again after so many prompt writes in a row. */
const promptWrites = 4;

export class Outlet {
  readonly pace = new Pace();
  sentBytes = 0;
  readonly #options: OutletOptions;
  readonly #openedAt: number;
  #sink: Sink | undefined;
  #outstanding = 0;
  #last: ResidentChunk | undefined;
  #lastTakenAt = 0;
  #isSlow = false;
  #promptWrites = 0;
  #bounce: Slab | undefined;
  #bounceIsOut = false;

  constructor(options: OutletOptions) {
    this.#options = options;
    this.#openedAt = options.clock.now();
  }

  attach(sink: Sink): void {
    this.#sink = sink;
  }

  /** Nothing is with the socket. */
  get isEmpty(): boolean {
    return this.#outstanding === 0;
  }

  get isFull(): boolean {
    return this.#outstanding >= maxOutstanding;
  }

  /** The chunk whose slab the socket reads from. */
  get sending(): ResidentChunk | undefined {
    return this.isEmpty || this.#last?.pins === 0 ? undefined : this.#last;
  }

  /** When the socket last took bytes, on the engine's clock. */
  get lastTakenAt(): number {
    return this.#lastTakenAt;
  }

  /** Milliseconds for which bytes have been with the socket and none of them was taken. */
  get blockedMs(): number {
    return this.isEmpty ? 0 : this.#options.clock.now() - this.#lastTakenAt;
  }

  /** The small buffer that it copies through, if it has one. */
  get bounce(): Slab | undefined {
    return this.#bounce;
  }

  get mode(): 'zero-copy' | 'bounce' {
    return this.#bounce ? 'bounce' : 'zero-copy';
  }

  tick(now: number): void {
    this.pace.tick(now);
    if (this.blockedMs > slowMs && this.#options.pool.pins.chunks.scarce) this.#isSlow = true;
  }

  /** Hands on up to `ready` bytes of `chunk` from `position`. @returns how many; 0 when the socket has enough for now */
  offer(chunk: ResidentChunk, position: number, ready: number): number {
    // Both writes are of one chunk, so that one pin covers them.
    if (this.isFull || (!this.isEmpty && this.#last !== chunk)) return 0;
    const slice = Math.floor(Math.max(this.pace.bytesPerMs * sliceMs, leastWriteBytes));
    const bytes = Math.min(ready, slice, mostWriteBytes);
    const handed = this.#handSlab(chunk, position, bytes) || this.#handCopy(chunk, position, bytes);
    if (handed > 0) this.#last = chunk;
    return handed;
  }

  /** Gives the small buffer back. Only while nothing is with the socket. */
  release(): void {
    this.#bounce?.[Symbol.dispose]();
    this.#bounce = undefined;
    this.#last = undefined;
  }

  #handSlab(chunk: ResidentChunk, position: number, bytes: number): number {
    const { pool } = this.#options;
    const isTrusted = this.sentBytes > provenBytes || pool.pins[chunk.slabClass].plenty;
    const mayPin = chunk.pins > 0 || (!this.#isSlow && isTrusted);
    if (!mayPin || !pool.tryPin(chunk, 'socket')) return 0;
    this.#write(chunk.view(position, position + bytes), () => pool.unpin(chunk));
    return bytes;
  }

  #handCopy(chunk: ResidentChunk, position: number, wanted: number): number {
    if (this.#bounceIsOut) return 0;
    this.#bounce ??= this.#options.takeBounce();
    const { memory } = this.#bounce;
    const bytes = Math.min(wanted, memory.length);
    memory.set(chunk.view(position, position + bytes));
    this.#bounceIsOut = true;
    this.#write(memory.subarray(0, bytes), () => {
      this.#bounceIsOut = false;
    });
    return bytes;
  }

  #write(bytes: Uint8Array, free: () => void): void {
    const handedAt = this.#options.clock.now();
    if (this.isEmpty) this.#lastTakenAt = handedAt;
    this.#outstanding += 1;
    this.pace.busy(handedAt);
    this.#sink?.write(bytes, (error) => {
      this.#outstanding -= 1;
      if (!error) this.#noteTaken(bytes.length, handedAt);
      if (this.isEmpty) this.pace.idle(this.#options.clock.now());
      free();
      this.#options.onTaken(error);
    });
  }

  #noteTaken(bytes: number, handedAt: number): void {
    const { clock, measures } = this.#options;
    this.#lastTakenAt = clock.now();
    if (this.sentBytes === 0) measures.firstByte.add(this.#lastTakenAt - this.#openedAt);
    measures.write.add(this.#lastTakenAt - handedAt);
    this.sentBytes += bytes;
    this.pace.accepted(bytes);
    this.#promptWrites = this.#lastTakenAt - handedAt < slowMs ? this.#promptWrites + 1 : 0;
    if (this.#promptWrites >= promptWrites) this.#isSlow = false;
  }
}
