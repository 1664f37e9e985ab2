/** The bytes of an open file as an answer. The file is closed when they have been read, or nobody wants them. */
import type { FileHandle } from 'node:fs/promises';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { MiB } from '#shared/units.ts';
import { ignore, throwIfAborted } from './cancel.ts';
import { asStoreErrors } from './file-errors.ts';
import type { RangeAnswer } from './object-store.ts';

/** One read call: small enough that an abort is noticed soon. */
const maxReadBytes = MiB;

export class FileAnswer implements RangeAnswer {
  readonly #file: FileHandle;
  readonly #name: string;
  readonly #range: ByteRange;
  readonly #signal: AbortSignal;
  readonly #onAbort = () => void this.#file.close().catch(ignore);

  /** Takes the file over. `name` is for messages. */
  constructor(file: FileHandle, name: string, range: ByteRange, signal: AbortSignal) {
    this.#file = file;
    this.#name = name;
    this.#range = range;
    this.#signal = signal;
    if (signal.aborted) this.#onAbort();
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  readInto(into: Uint8Array, onBytes: (bytes: number) => void): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort); // From here on it is closed at the end.
    return asStoreErrors(this.#name, async () => {
      try {
        await this.#fill(into, onBytes);
      } finally {
        await this.#file.close();
      }
    });
  }

  async #fill(into: Uint8Array, onBytes: (bytes: number) => void): Promise<void> {
    const { start, end } = this.#range;
    if (into.length !== end - start)
      throw new SluiceError('INVARIANT', `an answer of ${end - start} bytes read into ${into.length}`);
    for (let filled = 0; filled < into.length;) {
      throwIfAborted(this.#signal);
      const length = Math.min(maxReadBytes, into.length - filled);
      const { bytesRead } = await this.#file.read(into, filled, length, start + filled);
      throwIfAborted(this.#signal);
      if (bytesRead === 0)
        throw new SluiceError('STORE_MISBEHAVED', `${this.#name} ends after ${start + filled} bytes`);
      filled += bytesRead;
      onBytes(bytesRead);
    }
  }
}
