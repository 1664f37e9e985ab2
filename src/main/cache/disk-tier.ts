/**
 * Chunks on disk; they survive restarts. One folder for each object, in it one for each revision, in it one file for
 * each chunk: to forget an object is to remove its folder, and nothing else has to be remembered.
 *
 * Fills are lowest priority: a few at a time, a few waiting, beyond that skipped; the bytes belong to a window token
 * that stays out until the file is written.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ByteRange } from '#shared/range.ts';
import { messageOf } from '#shared/errors.ts';
import { ChunkFile, chunkFileBytes, ChunkFileFault, writeChunkFile } from './chunk-file.ts';
import { rangeBytes, type ChunkId } from './chunk.ts';
import { OpenFiles } from './open-files.ts';
import { TierCounters, type CacheTier, type TierStats } from './tier.ts';

const concurrentFills = 2;
const queuedFills = 6;

/** Where a tier says what went wrong with a chunk: a fault is a miss, said aloud. */
type FaultLog = (message: string, details: Readonly<Record<string, unknown>>) => void;

export interface DiskTierOptions {
  readonly directory: string;
  readonly limitBytes: number;
  readonly onFault: FaultLog;
}

export class DiskTier implements CacheTier {
  readonly #options: DiskTierOptions;
  /** Bytes of each file by path, in order of last use. */
  readonly #files = new Map<string, number>();
  readonly #open = new OpenFiles(64);
  readonly #filling = new Set<string>();
  readonly #fillQueue: (() => void)[] = [];
  readonly #counters = new TierCounters();
  #bytes = 0;
  #activeFills = 0;

  private constructor(options: DiskTierOptions) {
    this.#options = options;
  }

  /** Takes stock of the folder: keeps whole chunks, removes what a crash left half written. */
  static async open(options: DiskTierOptions): Promise<DiskTier> {
    const tier = new DiskTier(options);
    await mkdir(options.directory, { recursive: true, mode: 0o700 });
    const found = await Promise.all(
      (await readdir(options.directory, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => takeStock(join(entry.parentPath, entry.name))),
    );
    const kept = found.filter((file) => file !== undefined).toSorted((a, b) => a.usedAt - b.usedAt);
    for (const file of kept) tier.#remember(file.path, file.bytes);
    await tier.#makeRoom(0);
    return tier;
  }

  has(chunk: ChunkId): boolean {
    return this.#files.has(this.#path(chunk));
  }

  async read(chunk: ChunkId, range: ByteRange, into: Uint8Array): Promise<boolean> {
    const path = this.#path(chunk);
    const bytes = this.#files.get(path);
    if (bytes === undefined) return this.#counters.miss();
    this.#remember(path, bytes);
    try {
      using lease = await this.#open.lease(path, () => ChunkFile.open(path, rangeBytes(chunk.range)));
      await lease.file.read(range.start - chunk.range.start, into.subarray(0, rangeBytes(range)));
      return this.#counters.hit();
    } catch (error) {
      this.#fault('a chunk on disk cannot be used', chunk, path, error);
      await this.#remove(path);
      return this.#counters.miss();
    }
  }

  async fill(chunk: ChunkId, bytes: Uint8Array): Promise<void> {
    const path = this.#path(chunk);
    if (this.#files.has(path) || this.#filling.has(path)) return;
    const size = chunkFileBytes(bytes.length);
    if (size > this.#options.limitBytes || this.#fillQueue.length >= queuedFills) {
      this.#counters.fillsSkipped += 1;
      return;
    }
    this.#filling.add(path);
    try {
      await this.#fillTurn();
      await this.#makeRoom(size);
      await writeAndRename(path, bytes);
      this.#remember(path, size);
      this.#counters.fills += 1;
    } catch (error) {
      this.#fault('a chunk could not be written to disk', chunk, path, error);
    } finally {
      this.#filling.delete(path);
      this.#endFillTurn();
    }
  }

  async evict(key: string): Promise<void> {
    const folder = join(this.#options.directory, objectFolder(key));
    for (const path of this.#files.keys()) if (path.startsWith(`${folder}/`)) await this.#remove(path);
    await rm(folder, { recursive: true, force: true });
  }

  stats(): TierStats {
    return {
      name: 'disk',
      limitBytes: this.#options.limitBytes,
      bytes: this.#bytes,
      chunks: this.#files.size,
      objects: new Set([...this.#files.keys()].map((path) => dirname(dirname(path)))).size,
      ...this.#counters.counts,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open[Symbol.asyncDispose]();
  }

  #path(chunk: ChunkId): string {
    const { key, pin, length } = chunk.object;
    const revision = digest(`${pin}\n${length}`);
    const name = `${chunk.range.start}-${chunk.range.end}.chunk`;
    return join(this.#options.directory, objectFolder(key), revision, name);
  }

  #remember(path: string, bytes: number): void {
    this.#bytes += bytes - (this.#files.get(path) ?? 0);
    this.#files.delete(path);
    this.#files.set(path, bytes);
  }

  async #remove(path: string): Promise<void> {
    this.#bytes -= this.#files.get(path) ?? 0;
    this.#files.delete(path);
    await this.#open.close(path);
    await rm(path, { force: true });
  }

  async #makeRoom(bytes: number): Promise<void> {
    for (const path of this.#files.keys()) {
      if (this.#bytes + bytes <= this.#options.limitBytes) return;
      this.#counters.evictions += 1;
      await this.#remove(path);
    }
  }

  async #fillTurn(): Promise<void> {
    if (this.#activeFills < concurrentFills) {
      this.#activeFills += 1;
      return;
    }
    // The turn passes on without being counted down, so nobody can slip in between.
    await new Promise<void>((resolve) => this.#fillQueue.push(resolve));
  }

  #endFillTurn(): void {
    const next = this.#fillQueue.shift();
    if (next) next();
    else this.#activeFills -= 1;
  }

  #fault(message: string, chunk: ChunkId, path: string, error: unknown): void {
    this.#counters.faults += 1;
    this.#options.onFault(message, {
      object: chunk.object.key,
      chunk: chunk.index,
      path,
      torn: error instanceof ChunkFileFault,
      reason: messageOf(error),
    });
  }
}

async function writeAndRename(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeChunkFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function takeStock(path: string): Promise<{ path: string; bytes: number; usedAt: number } | undefined> {
  if (!path.endsWith('.chunk')) {
    await rm(path, { force: true });
    return undefined;
  }
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, usedAt: mtimeMs };
}

function objectFolder(key: string): string {
  return digest(key);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
