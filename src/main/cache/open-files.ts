/**
 * A bounded number of chunk files kept open, so that a small read costs two system calls and a block is verified once
 * for many reads. A file in use is closed only when its last reader is done.
 */
import type { ChunkFile } from './chunk-file.ts';

interface OpenFile {
  readonly opening: Promise<ChunkFile>;
  readers: number;
  retired: boolean;
}

export interface Lease extends Disposable {
  readonly file: ChunkFile;
}

export class OpenFiles implements Disposable {
  readonly #limit: number;
  readonly #files = new Map<string, OpenFile>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The file at `path`, opened with `open` if it is not open yet; dispose the lease after reading. */
  async lease(path: string, open: () => Promise<ChunkFile>): Promise<Lease> {
    const entry = this.#files.get(path) ?? { opening: open(), readers: 0, retired: false };
    this.#files.delete(path);
    this.#files.set(path, entry);
    entry.readers += 1;
    this.#retireOldest();
    try {
      const file = await entry.opening;
      return { file, [Symbol.dispose]: () => this.#return(entry) };
    } catch (error) {
      if (this.#files.get(path) === entry) this.#files.delete(path);
      throw error;
    }
  }

  /** Closes the file at `path` once nobody reads it. */
  close(path: string): void {
    const entry = this.#files.get(path);
    if (!entry) return;
    this.#files.delete(path);
    this.#retire(entry);
  }

  [Symbol.dispose](): void {
    for (const path of this.#files.keys()) this.close(path);
  }

  #retireOldest(): void {
    for (const [path, entry] of this.#files) {
      if (this.#files.size <= this.#limit) return;
      this.#files.delete(path);
      this.#retire(entry);
    }
  }

  #retire(entry: OpenFile): void {
    entry.retired = true;
    if (entry.readers === 0) void closeQuietly(entry);
  }

  #return(entry: OpenFile): void {
    entry.readers -= 1;
    if (entry.retired && entry.readers === 0) void closeQuietly(entry);
  }
}

/** A read-only file that fails to open or close takes nothing with it: whoever reads it has the error. */
async function closeQuietly(entry: OpenFile): Promise<void> {
  await entry.opening.then((file) => file.close()).catch(() => undefined);
}
