/**
 * Who reads a socket takes turns with everything else. The kernel may have many megabytes ready, and libuv reads one
 * socket up to 32 times before it looks at the next: with a few fast bodies a turn of the event loop grew to 10 ms and
 * more, and a small read, which needs several turns, waited for each. After its share a socket is left until the next
 * turn; what it costs is one wait for events a share.
 */
import type { Socket } from 'node:net';
import { MiB } from '#shared/units.ts';

const shareBytes = MiB;

export class ReadTurns {
  readonly #socket: Pick<Socket, 'pause' | 'resume'>;
  #takenBytes = 0;
  #isWaiting = false;
  #isPaused = false;

  constructor(socket: Pick<Socket, 'pause' | 'resume'>) {
    this.#socket = socket;
  }

  /** So much has been read. */
  took(bytes: number): void {
    this.#takenBytes += bytes;
    if (this.#takenBytes < shareBytes || this.#isWaiting) return;
    this.#isWaiting = true;
    this.#socket.pause();
    setImmediate(() => {
      this.#takenBytes = 0;
      this.#isWaiting = false;
      if (!this.#isPaused) this.#socket.resume();
    });
  }

  /** Nobody wants more for now. */
  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  /** More is wanted, in this turn or the next. */
  resume(): void {
    this.#isPaused = false;
    if (!this.#isWaiting) this.#socket.resume();
  }
}
