/**
 * A file that is read while it is written: one writer, any number of readers at their own pace, each with a position
 * and one piece in memory. It is removed when the writer and the last reader are done with it.
 */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { orAborted } from '#main/object-store/cancel.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';

/** What a reader without memory of its own takes at a time. */
export const pieceBytes = 256 * KiB;

export class Spool {
  readonly #path: string;
  readonly #file: FileHandle;
  #users = 0;
  #bytes = 0;
  #isComplete = false;
  #failure: { readonly error: unknown } | undefined;
  #removed: Promise<void> | undefined;
  /** Called at the next change. */
  #waiting: (() => void)[] = [];

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** A new file; `use` it before anything is done with it. @throws the system's error */
  static async create(path: string): Promise<Spool> {
    return new Spool(path, await open(path, 'wx+', 0o600));
  }

  /** How much has been written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether all has been written. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Keeps the file until it is disposed of. */
  use(): AsyncDisposable {
    this.#users += 1;
    let isOver = false;
    return {
      [Symbol.asyncDispose]: async () => {
        if (!isOver) this.#users -= 1;
        isOver = true;
        if (this.#users === 0) await (this.#removed ??= this.#remove());
      },
    };
  }

  /** @throws SluiceError PROCESS_FAILED when the disk does not take it; what `fail` was told */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure.error;
    try {
      for (let written = 0; written < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, written, undefined, this.#bytes);
        written += bytesWritten;
        this.#bytes += bytesWritten;
      }
    } catch (error) {
      throw new SluiceError('PROCESS_FAILED', `writing the snapshot: ${messageOf(error)}`, { cause: error });
    }
    this.#changed();
  }

  /** All bytes are there. */
  complete(): void {
    this.#isComplete = true;
    this.#changed();
  }

  /** There will be no more: every reader gets the error, wherever it is. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#changed();
  }

  /**
   * All bytes from the first, as they come. A piece lies in `into` when there is one, until the next is asked for.
   * @throws what `fail` was told; SluiceError ABORTED
   */
  async *follow(signal: AbortSignal, into?: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    await using _use = this.use();
    for (let position = 0; ;) {
      if (this.#failure) throw this.#failure.error;
      if (position < this.#bytes) {
        const piece = into ?? new Uint8Array(Math.min(pieceBytes, this.#bytes - position));
        const length = Math.min(piece.length, this.#bytes - position);
        const { bytesRead } = await this.#file.read(piece, 0, length, position);
        position += bytesRead;
        yield piece.subarray(0, bytesRead);
      } else if (this.#isComplete) {
        return;
      } else {
        await orAborted(this.#nextChange(), signal);
      }
    }
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const tell of waiting) tell();
  }

  async #remove(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }
}
