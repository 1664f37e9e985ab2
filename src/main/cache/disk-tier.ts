/**
 * Chunks on disk; they survive restarts. One folder for each object, in it one for each revision, in it one file for
 * each chunk: to forget an object is to remove its folder, and nothing else has to be remembered.
 *
 * A path is in at most one of three places: kept, being written, or being removed. So nobody writes what somebody else
 * removes, and what is removed while it is read or written is an ordinary miss or a skip.
 */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteRange } from '#shared/range.ts';
import { messageOf } from '#shared/errors.ts';
import { ChunkFile, chunkFileBytes, ChunkFileFault, writeChunkFile, type FileTime } from './chunk-file.ts';
import { ChunkPaths, objectFolderOf } from './chunk-paths.ts';
import { rangeBytes, type ChunkId } from './chunk.ts';
import { OpenFiles } from './open-files.ts';
import { TierCounters, type CacheTier, type TierStats, type WriteOutcome } from './tier.ts';

/** At 8 MiB each, 2 GiB are read without opening and verifying anything again. */
const openFiles = 256;
const silenceMs = 60_000;

/** Where a tier says what went wrong with a chunk: a fault is a miss, said aloud. */
type FaultLog = (message: string, details: Readonly<Record<string, unknown>>) => void;

export interface DiskTierOptions {
  readonly directory: string;
  readonly limitBytes: number;
  readonly onFault: FaultLog;
  /** Date.now unless given. */
  readonly now?: FileTime;
}

interface KeptFile {
  readonly bytes: number;
}

export class DiskTier implements CacheTier {
  readonly #options: DiskTierOptions;
  readonly #now: FileTime;
  readonly #paths: ChunkPaths;
  /** By path, in order of last use. */
  readonly #files = new Map<string, KeptFile>();
  readonly #writes = new Map<string, Promise<WriteOutcome>>();
  /** Files, and folders of objects. */
  readonly #removals = new Map<string, Promise<void>>();
  readonly #open = new OpenFiles(openFiles);
  readonly #counters = new TierCounters();
  #keptBytes = 0;
  #writingBytes = 0;
  #unsaidFailures = 0;
  #silentUntil = 0;

  private constructor(options: DiskTierOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#paths = new ChunkPaths(options.directory);
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
    for (const file of kept) tier.#keep(file.path, file);
    await tier.#makeRoom();
    return tier;
  }

  has(chunk: ChunkId): boolean {
    return this.#files.has(this.#paths.chunk(chunk));
  }

  /** Bytes that are kept of all revisions of the object named `key`. */
  bytesOf(key: string): number {
    const folder = this.#paths.object(key);
    const kept = [...this.#files].filter(([path]) => objectFolderOf(path) === folder);
    return kept.reduce((sum, [, { bytes }]) => sum + bytes, 0);
  }

  async read(chunk: ChunkId, range: ByteRange, into: Uint8Array): Promise<boolean> {
    const path = this.#paths.chunk(chunk);
    const kept = this.#files.get(path);
    if (!kept) return this.#counters.miss();
    this.#files.delete(path);
    this.#files.set(path, kept);
    try {
      using lease = await this.#open.lease(path, () =>
        ChunkFile.open(path, rangeBytes(chunk.range), this.#now),
      );
      await lease.file.read(range.start - chunk.range.start, into.subarray(0, rangeBytes(range)));
      return this.#counters.hit();
    } catch (error) {
      // Where it is not kept any more, somebody else has found the fault, or it was evicted before it was open.
      if (this.#files.get(path) === kept) {
        this.#counters.faults += 1;
        this.#say('a chunk on disk cannot be used', chunk, path, error);
        this.#forget(path);
        await this.#erase(path);
      }
      return this.#counters.miss();
    }
  }

  async write(chunk: ChunkId, bytes: Uint8Array): Promise<WriteOutcome> {
    const path = this.#paths.chunk(chunk);
    if (this.#files.has(path) || this.#writes.has(path)) return 'skipped';
    const size = chunkFileBytes(rangeBytes(chunk.range));
    const removing = this.#removals.has(path) || this.#removals.has(objectFolderOf(path));
    if (removing || this.#writingBytes + size > this.#options.limitBytes) return this.#counters.skip();
    const outcome = this.#carryOut(chunk, path, size, bytes);
    this.#writes.set(path, outcome);
    return outcome;
  }

  async evict(key: string): Promise<void> {
    const folder = this.#paths.object(key);
    // What was asked for since that one began was skipped, so there is nothing more to forget.
    const earlier = this.#removals.get(folder);
    if (earlier) return earlier;
    const inside = (path: string): boolean => objectFolderOf(path) === folder;
    for (const path of this.#files.keys()) if (inside(path)) this.#forget(path);
    const writes = [...this.#writes].filter(([path]) => inside(path)).map(([, outcome]) => outcome);
    return this.#erase(folder, Promise.all(writes));
  }

  stats(): TierStats {
    return {
      name: 'disk',
      limitBytes: this.#options.limitBytes,
      bytes: this.#keptBytes,
      chunks: this.#files.size,
      objects: new Set([...this.#files.keys()].map(objectFolderOf)).size,
      ...this.#counters.counts,
    };
  }

  /** Finishes what is being written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#writes.values());
    this.#open[Symbol.dispose]();
  }

  async #carryOut(chunk: ChunkId, path: string, size: number, bytes: Uint8Array): Promise<WriteOutcome> {
    this.#writingBytes += size;
    try {
      await this.#makeRoom();
      await writeChunkFile(path, bytes.subarray(0, rangeBytes(chunk.range)));
      // Its object was evicted meanwhile: that removes the file, too, once this has ended.
      if (this.#removals.has(objectFolderOf(path))) return this.#counters.skip();
      this.#keep(path, { bytes: size });
      this.#counters.fills += 1;
      return 'written';
    } catch (error) {
      this.#writeFailed(chunk, path, error);
      return 'failed';
    } finally {
      this.#writes.delete(path);
      this.#writingBytes -= size;
    }
  }

  #keep(path: string, file: KeptFile): void {
    this.#files.set(path, file);
    this.#keptBytes += file.bytes;
  }

  #forget(path: string): void {
    this.#keptBytes -= this.#files.get(path)?.bytes ?? 0;
    this.#files.delete(path);
    this.#open.close(path);
  }

  /** Evicts what was used longest ago, until there is room for everything that is kept or being written. */
  async #makeRoom(): Promise<void> {
    for (const path of this.#files.keys()) {
      if (this.#keptBytes + this.#writingBytes <= this.#options.limitBytes) return;
      this.#counters.evictions += 1;
      this.#forget(path);
      await this.#erase(path);
    }
  }

  /** Removes a file or a folder when `ready`. Until it has gone nothing is written there. */
  async #erase(path: string, ready: Promise<unknown> = Promise.resolve()): Promise<void> {
    const removal = ready
      .then(() => rm(path, { recursive: true, force: true }))
      .catch((error: unknown) => {
        this.#options.onFault('a chunk could not be removed from disk', { path, reason: messageOf(error) });
      })
      .finally(() => this.#removals.delete(path));
    this.#removals.set(path, removal);
    return removal;
  }

  /** A full disk fails every chunk: the first is said, the others are counted until a minute has passed. */
  #writeFailed(chunk: ChunkId, path: string, error: unknown): void {
    this.#counters.faults += 1;
    this.#unsaidFailures += 1;
    if (this.#now() < this.#silentUntil) return;
    this.#say('a chunk could not be written to disk', chunk, path, error, { failures: this.#unsaidFailures });
    this.#silentUntil = this.#now() + silenceMs;
    this.#unsaidFailures = 0;
  }

  #say(message: string, chunk: ChunkId, path: string, error: unknown, more: object = {}): void {
    this.#options.onFault(message, {
      object: chunk.object.key,
      chunk: chunk.index,
      path,
      torn: error instanceof ChunkFileFault,
      reason: messageOf(error),
      ...more,
    });
  }
}

async function takeStock(path: string): Promise<(KeptFile & { path: string; usedAt: number }) | undefined> {
  if (!path.endsWith('.chunk')) {
    await rm(path, { force: true });
    return undefined;
  }
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, usedAt: mtimeMs };
}
