/**
 * A snapshot while it is made. Its bytes go to a spool file; the upload and whoever asks for the snapshot read them
 * from there as they come. A reader's end is the snapshot's: it comes when the snapshot is visible in the store, and
 * a failure, also of the upload, reaches every reader. Nobody takes a part for the whole.
 */
import { ignore, orAborted, throwIfAborted } from '#main/object-store/cancel.ts';
import type { GrowingSnapshot } from './service.ts';
import type { Spool } from './spool.ts';

export class Growth implements AsyncDisposable {
  readonly commit: string;
  readonly spool: Spool;
  readonly #use: AsyncDisposable;
  readonly #visible: Promise<void>;
  #settle: { readonly done: () => void; readonly failed: (error: unknown) => void };

  constructor(commit: string, spool: Spool) {
    this.commit = commit;
    this.spool = spool;
    this.#use = spool.use();
    this.#settle = { done: () => undefined, failed: () => undefined };
    this.#visible = new Promise((done, failed) => (this.#settle = { done, failed }));
    this.#visible.catch(() => undefined);
  }

  /** Writes the archive to the spool. @throws what the archive throws; the system's error */
  async fill(archive: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void): Promise<void> {
    for await (const piece of archive) {
      await this.spool.append(piece);
      onBytes(this.spool.bytes);
    }
    this.spool.complete();
  }

  /** The snapshot is in the store. */
  publish(): void {
    this.#settle.done();
  }

  /** There will be no snapshot. */
  fail(error: unknown): void {
    this.spool.fail(error);
    this.#settle.failed(error);
  }

  /** For one who wants to read it, until it has or its signal aborts. */
  join(signal: AbortSignal): GrowingSnapshot {
    throwIfAborted(signal);
    const use = this.spool.use();
    // A file that cannot be removed is swept at the next start.
    const leave = async (): Promise<void> => Promise.resolve(use[Symbol.asyncDispose]()).catch(ignore);
    const onAbort = (): void => void leave();
    signal.addEventListener('abort', onAbort, { once: true });
    const read = this.#read.bind(this);
    return {
      commit: this.commit,
      async *read(reading, into) {
        try {
          yield* read(reading, into);
        } finally {
          signal.removeEventListener('abort', onAbort);
          await leave();
        }
      },
    };
  }

  /** The maker has no more to do with it; it goes with its last reader. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#use[Symbol.asyncDispose]();
  }

  async *#read(signal: AbortSignal, into?: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.spool.follow(signal, into);
    await orAborted(this.#visible, signal);
  }
}
