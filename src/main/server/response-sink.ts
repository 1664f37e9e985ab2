/**
 * The socket of one response, as the end of a transfer. A write's callback says that its bytes are with the kernel;
 * after a failed one memory is free only when the response has closed, because an earlier write may still be on its
 * way.
 */
import type { ServerResponse } from 'node:http';
import { SluiceError } from '#shared/errors.ts';
import type { Sink } from '#main/transfer/outlet.ts';

type Done = (error?: Error) => void;

export class ResponseSink implements Sink {
  readonly #response: ServerResponse;
  readonly #onSent: (bytes: number) => void;
  readonly #outstanding = new Set<Done>();

  /** `onSent` is told of bytes that the socket has taken. */
  constructor(response: ServerResponse, onSent: (bytes: number) => void) {
    this.#response = response;
    this.#onSent = onSent;
    response.once('close', () => this.#fail());
  }

  write(bytes: Uint8Array, done: Done): void {
    this.#outstanding.add(done);
    if (this.#response.closed) {
      queueMicrotask(() => this.#fail());
      return;
    }
    this.#response.write(bytes, (error) => {
      if (error || !this.#outstanding.delete(done)) return;
      this.#onSent(bytes.length);
      done();
    });
  }

  /** Resolves when the socket has taken the bytes. @throws SluiceError ABORTED */
  deliver(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** No further byte will reach the client. */
  #fail(): void {
    const outstanding = [...this.#outstanding];
    this.#outstanding.clear();
    for (const done of outstanding) done(clientGone);
  }
}

/** Made once: an error with a stack for each response costs more than the response. */
const clientGone = new SluiceError('ABORTED', 'the client closed the connection');
