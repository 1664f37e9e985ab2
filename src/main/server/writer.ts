/**
 * Writes a body to a socket and tells when the socket has taken each piece: backpressure is the write callback, not
 * a stream's high-water mark. Two writes are in flight, which hides one turn of the event loop; a slice is at most
 * 1 MiB, so that progress inside a chunk can be seen.
 *
 * Memory that was handed to a socket may be used again only after the write's callback or after the response has
 * closed; `held` things are disposed of exactly then, on every path.
 */
import type { ServerResponse } from 'node:http';
import { SluiceError } from '#shared/errors.ts';

const sliceBytes = 1024 * 1024;
const writesInFlight = 2;

/** The owner of memory that is being written. */
export interface Held extends Disposable {
  sent(bytes: number): void;
}

export interface WriterOptions {
  /** A client that takes nothing for this long is disconnected. */
  readonly idleMilliseconds: number;
  /** Told of bytes that the socket has taken. */
  readonly onSent: (bytes: number) => void;
}

export class BodyWriter {
  readonly #response: ServerResponse;
  readonly #options: WriterOptions;
  readonly #held = new Set<Held>();
  #inFlight = 0;
  #closed = false;
  /**
   * A byte was lost: a write failed, or was in flight when the response closed. A failed write may be reported while
   * an earlier one is still with the kernel, so memory is free only when the response has closed.
   */
  #broken = false;
  #wake: (() => void) | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, options: WriterOptions) {
    this.#response = response;
    this.#options = options;
    if (response.closed) this.#onClose();
    else response.once('close', () => this.#onClose());
  }

  /**
   * Queues `bytes`; resolves when there is room for more. `held` owns the memory and is disposed of when the socket
   * has taken all of it, or never will. @throws SluiceError ABORTED when the response has closed
   */
  async write(bytes: Uint8Array, held?: Held): Promise<void> {
    if (held) this.#held.add(held);
    for (let start = 0; start < bytes.length; start += sliceBytes) {
      while (this.#inFlight >= writesInFlight && !this.#isOver) await this.#change();
      if (this.#isOver) break;
      const slice = bytes.subarray(start, start + sliceBytes);
      this.#inFlight += 1;
      this.#armIdleTimer();
      const last = start + slice.length === bytes.length;
      this.#response.write(slice, (error) => {
        this.#inFlight -= 1;
        if (error) this.#broken = true;
        else this.#onTaken(slice.length, held, last);
        this.#wake?.();
      });
    }
    if (!this.#isOver) return;
    if (this.#closed) this.#release(held);
    throw new SluiceError('ABORTED', 'the client closed the connection');
  }

  /** Resolves when the socket has taken everything that was written. @throws SluiceError ABORTED */
  async flush(): Promise<void> {
    while (this.#inFlight > 0 && !this.#closed) await this.#change();
    if (this.#broken) throw new SluiceError('ABORTED', 'the client closed the connection');
  }

  #onTaken(bytes: number, held: Held | undefined, last: boolean): void {
    this.#options.onSent(bytes);
    held?.sent(bytes);
    this.#armIdleTimer();
    if (last) this.#release(held);
  }

  /** No further byte will reach the client. */
  get #isOver(): boolean {
    return this.#broken || this.#closed;
  }

  #release(held: Held | undefined): void {
    if (held && this.#held.delete(held)) held[Symbol.dispose]();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #onClose(): void {
    this.#closed = true;
    if (this.#inFlight > 0) this.#broken = true;
    clearTimeout(this.#idleTimer);
    for (const held of this.#held) this.#release(held);
    this.#wake?.();
  }

  #armIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#inFlight === 0 || this.#closed) return;
    this.#idleTimer = setTimeout(() => this.#response.destroy(), this.#options.idleMilliseconds);
    this.#idleTimer.unref();
  }
}
