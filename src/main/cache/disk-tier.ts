/**
 * Chunks on disk; they survive restarts. One folder for each object, in it one for each revision, in it one file for
 * each chunk: to forget an object is to remove its folder, and nothing else has to be remembered.
 *
 * A path is in at most one of three places: kept, being written, or being removed. So nobody writes what somebody else
 * removes, and what is removed while it is read or written is an ordinary miss or a skip.
 */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { EvictionReason, ForgetReason } from '#shared/vocabulary/cache.ts';
import type { ByteRange } from '#shared/range.ts';
import { messageOf } from '#shared/errors.ts';
import { ChunkFile, chunkFileBytes, ChunkFileFault, writeChunkFile, type FileTime } from './chunk-file.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { ChunkPaths, objectFolderOf, placeOfPath } from './chunk-paths.ts';
import { rangeBytes, type ChunkId } from './chunk.ts';
import { KeptFiles, type KeptFile } from './kept-files.ts';
import { OpenFiles } from './open-files.ts';
import { TierCounters, type CacheTier, type TierStats, type WriteOutcome } from './tier.ts';

/** At 8 MiB each, 2 GiB are read without opening and verifying anything again. */
const openFiles = 256;
const silenceMs = 60_000;

/** Where a tier says what went wrong with a chunk: a fault is a miss, said aloud. */
type FaultLog = (message: string, details: Readonly<Record<string, unknown>>) => void;

/** What has left the disk: a chunk, or all that was kept of an object. */
export interface DiskEviction {
  /** As `placeOf` gives it; of a whole object only its first part. */
  readonly place: string;
  readonly reason: EvictionReason;
  readonly start?: number | undefined;
  readonly chunks: number;
  readonly bytes: number;
}

export interface DiskTierOptions {
  readonly directory: string;
  readonly limitBytes: number;
  readonly onFault: FaultLog;
  /** Whether the chunks of a place (`placeOf`) stay when room is needed; at most half of the limit may. */
  readonly isKept?: ((place: string) => boolean) | undefined;
  readonly onEvicted?: ((eviction: DiskEviction) => void) | undefined;
  /** Date.now unless given. */
  readonly now?: FileTime;
}

export class DiskTier implements CacheTier {
  readonly #options: DiskTierOptions;
  readonly #now: FileTime;
  readonly #paths: ChunkPaths;
  readonly #files = new KeptFiles();
  readonly #writes = new Map<string, Promise<WriteOutcome>>();
  /** Files, and folders of objects. */
  readonly #removals = new Map<string, Promise<void>>();
  readonly #open = new OpenFiles(openFiles);
  readonly #counters = new TierCounters();
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
    for (const file of kept) tier.#files.add(file.path, file.bytes);
    await tier.#makeRoom();
    return tier;
  }

  has(chunk: ChunkId): boolean {
    return this.#files.has(this.#paths.chunk(chunk));
  }

  /** Bytes that are kept of all revisions of the object named `key`. */
  bytesOf(key: string): number {
    return this.#files.bytesInside(this.#paths.object(key));
  }

  /** What is kept of a revision: ranges of the object, in no order, as they were when they were written. */
  rangesOf(object: ObjectRevision): readonly ByteRange[] {
    const folder = this.#paths.revision(object) + sep;
    return [...this.#files.inside(this.#paths.object(object.key))]
      .filter((path) => path.startsWith(folder))
      .flatMap((path) => this.#files.get(path)?.range ?? []);
  }

  /** Of each object that something is kept of: the first part of its place, and its bytes. */
  *objects(): Generator<readonly [place: string, bytes: number]> {
    for (const folder of this.#files.folders)
      yield [folder.slice(this.#options.directory.length + 1), this.#files.bytesInside(folder)];
  }

  async read(chunk: ChunkId, range: ByteRange, into: Uint8Array): Promise<boolean> {
    const path = this.#paths.chunk(chunk);
    const kept = this.#files.get(path);
    if (!kept) return this.#counters.miss();
    this.#files.touch(path, kept);
    try {
      using lease = await this.#open.lease(path, () =>
        ChunkFile.open(path, rangeBytes(chunk.range), this.#now),
      );
      await lease.file.read(range.start - chunk.range.start, into.subarray(0, rangeBytes(range)));
      return this.#counters.hit();
    } catch (error) {
      await this.#dropFaulty(chunk, path, kept, error);
      return this.#counters.miss();
    }
  }

  /**
   * Reads all of a chunk anew, whatever was found right before: each piece fills `scratch`, whole blocks long, until
   * the next one is asked for. Gives nothing when the chunk is not kept. @throws ChunkFileFault, when the chunk has
   * been dropped because it is torn or altered, and the system's errors
   */
  async *pieces(chunk: ChunkId, scratch: Uint8Array): AsyncGenerator<Uint8Array> {
    const path = this.#paths.chunk(chunk);
    const kept = this.#files.get(path);
    if (!kept) return;
    const bytes = rangeBytes(chunk.range);
    const read = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        await this.#dropFaulty(chunk, path, kept, error);
        throw error;
      }
    };
    const file = await read(() => ChunkFile.open(path, bytes, this.#now));
    try {
      for (let at = 0; at < bytes; at += scratch.length) {
        const piece = scratch.subarray(0, Math.min(scratch.length, bytes - at));
        await read(() => file.read(at, piece));
        yield piece;
      }
    } finally {
      await file.close();
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

  async evict(key: string, reason: ForgetReason = 'invalidated'): Promise<void> {
    const folder = this.#paths.object(key);
    // What was asked for since that one began was skipped, so there is nothing more to forget.
    const earlier = this.#removals.get(folder);
    if (earlier) return earlier;
    const inside = [...this.#files.inside(folder)];
    const bytes = this.#files.bytesInside(folder);
    for (const path of inside) this.#forget(path);
    const place = folder.slice(this.#options.directory.length + 1);
    if (inside.length > 0) this.#options.onEvicted?.({ place, reason, chunks: inside.length, bytes });
    const writes = [...this.#writes]
      .filter(([path]) => objectFolderOf(path) === folder)
      .map(([, outcome]) => outcome);
    return this.#erase(folder, Promise.all(writes));
  }

  stats(): TierStats {
    return {
      name: 'disk',
      limitBytes: this.#options.limitBytes,
      bytes: this.#files.bytes,
      chunks: this.#files.size,
      objects: this.#files.folderCount,
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
      this.#files.add(path, size);
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

  #forget(path: string): void {
    this.#files.delete(path);
    this.#open.close(path);
  }

  /**
   * Evicts what was used longest ago, until there is room for everything that is kept or being written. Pinned chunks
   * are passed over, unless nothing else is left: the limit holds whatever is pinned.
   */
  async #makeRoom(): Promise<void> {
    for (const pass of ['unpinned', 'all'] as const) {
      for (const path of this.#files.paths) {
        if (this.#files.bytes + this.#writingBytes <= this.#options.limitBytes) return;
        if (pass === 'unpinned' && this.#options.isKept?.(placeOfPath(path)) === true) continue;
        this.#counters.evictions += 1;
        this.#tellOf(path, 'full');
        this.#forget(path);
        await this.#erase(path);
      }
    }
  }

  #tellOf(path: string, reason: EvictionReason): void {
    const { bytes = 0, range } = this.#files.get(path) ?? {};
    this.#options.onEvicted?.({ place: placeOfPath(path), reason, start: range?.start, chunks: 1, bytes });
  }

  /** Where it is not kept any more, somebody else has found the fault, or it was evicted before it was open. */
  async #dropFaulty(chunk: ChunkId, path: string, kept: KeptFile, error: unknown): Promise<void> {
    if (this.#files.get(path) !== kept) return;
    this.#counters.faults += 1;
    this.#say('a chunk on disk cannot be used', chunk, path, error);
    this.#tellOf(path, 'faulty');
    this.#forget(path);
    await this.#erase(path);
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

async function takeStock(path: string): Promise<{ path: string; bytes: number; usedAt: number } | undefined> {
  if (!path.endsWith('.chunk')) {
    await rm(path, { force: true });
    return undefined;
  }
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, usedAt: mtimeMs };
}
