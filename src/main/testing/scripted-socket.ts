/**
 * A socket for tests, on a virtual clock: it drains as its script says, and looks at the bytes when they leave it,
 * not when it gets them. So memory that is used again too early shows as wrong bytes.
 */
import { crc32 } from 'node:zlib';
import type { Sink } from '#main/transfer/outlet.ts';
import type { Clock } from '#main/flow/clock.ts';

export interface Drain {
  /** How long the socket takes over a write that begins at `offset` of the body. */
  readonly ms: (offset: number, bytes: number) => number;
  /** Takes nothing beyond this offset until it is closed. */
  readonly stuckAt?: number | undefined;
  /** Breaks at this offset; all its writes fail, some time later. */
  readonly diesAt?: number | undefined;
  /** Between a break, or being destroyed, and the last call that tells of it. */
  readonly lagMs: number;
}

interface Write {
  readonly bytes: Uint8Array;
  readonly crc: number;
  readonly done: (error?: Error) => void;
}

export class ScriptedSocket implements Sink {
  /** Bytes that have left. */
  sent = 0;
  readonly #clock: Clock;
  readonly #drain: Drain;
  readonly #expected: (offset: number, bytes: number) => Uint8Array;
  readonly #writes: Write[] = [];
  #handed = 0;
  #isBroken = false;

  /** `expected` are the right bytes from `offset` of the body. */
  constructor(clock: Clock, drain: Drain, expected: (offset: number, bytes: number) => Uint8Array) {
    this.#clock = clock;
    this.#drain = drain;
    this.#expected = expected;
  }

  /** Writes that are under way. */
  get writes(): number {
    return this.#writes.length;
  }

  /** It takes nothing any more, as far as anybody can tell from outside. */
  get isStuck(): boolean {
    const { stuckAt = Infinity } = this.#drain;
    const [first] = this.#writes;
    return !this.#isBroken && first !== undefined && this.sent + first.bytes.length > stuckAt;
  }

  /** The memory that it may still read. */
  *memory(): Generator<Uint8Array> {
    for (const { bytes } of this.#writes) yield bytes;
  }

  write(bytes: Uint8Array, done: (error?: Error) => void): void {
    if (bytes.length === 0) throw new Error('an empty write');
    if (Buffer.compare(bytes, this.#expected(this.#handed, bytes.length)) !== 0)
      throw new Error(`wrong bytes at ${this.#handed} of the body`);
    this.#handed += bytes.length;
    this.#writes.push({ bytes, crc: crc32(bytes), done });
    if (this.#isBroken) this.#clock.after(this.#drain.lagMs, () => this.#fail());
    else if (this.#writes.length === 1) this.#next();
  }

  /** As a server does with a response that cannot be finished. */
  destroy(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#clock.after(this.#drain.lagMs, () => this.#fail());
  }

  #next(): void {
    const [first] = this.#writes;
    if (!first || this.#isBroken) return;
    const end = this.sent + first.bytes.length;
    const { stuckAt = Infinity, diesAt = Infinity } = this.#drain;
    if (end > diesAt) this.destroy();
    else if (end <= stuckAt)
      this.#clock.after(this.#drain.ms(this.sent, first.bytes.length), () => this.#leave(first));
  }

  #leave(write: Write): void {
    if (this.#writes[0] !== write) return;
    if (crc32(write.bytes) !== write.crc) throw new Error(`bytes at ${this.sent} changed while being sent`);
    this.#writes.shift();
    this.sent += write.bytes.length;
    write.done();
    this.#next();
  }

  #fail(): void {
    for (const { done } of this.#writes.splice(0)) done(new Error('scripted break'));
  }
}
