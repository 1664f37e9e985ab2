/**
 * The small buffers of connections: for the heads of answers, for what of a body comes with one, and over TLS for all
 * that is on its way to the memory of its reader. They come from the memory budget, which has one for each request that
 * may be under way. Only look-ups, which no limit bounds, can need more at once; those are ordinary memory, and go.
 */
import type { ConnectionMemory } from '#main/object-store/object-store.ts';
import { maxHeadBytes } from './answer-head.ts';

/** Size of one buffer. A connection has one, and for the moment that a body waits for its reader a few more. */
export const scratchBytes: number = maxHeadBytes;

export class ScratchPool {
  readonly #memory: ConnectionMemory | undefined;
  readonly #budgeted = new Map<Buffer, Disposable>();
  #lent = 0;

  /** Without `memory` every buffer is ordinary memory. */
  constructor(memory: ConnectionMemory | undefined) {
    this.#memory = memory;
  }

  /** Bytes of all buffers that are lent. */
  get lentBytes(): number {
    return this.#lent * scratchBytes;
  }

  take(): Buffer {
    this.#lent += 1;
    const lease = this.#memory?.take();
    if (!lease) return Buffer.allocUnsafeSlow(scratchBytes);
    const { buffer, byteOffset } = lease.memory;
    const scratch = Buffer.from(buffer, byteOffset, scratchBytes);
    this.#budgeted.set(scratch, lease);
    return scratch;
  }

  /** Only once nothing can write to it any more. */
  give(scratch: Buffer): void {
    this.#lent -= 1;
    this.#budgeted.get(scratch)?.[Symbol.dispose]();
    this.#budgeted.delete(scratch);
  }
}
