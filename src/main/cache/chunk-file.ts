/**
 * The file of one chunk on disk: its bytes, then a CRC-32 for each block of 64 KiB, then a footer that says how long
 * the data is and carries a CRC-32 of the table. A torn or altered file is noticed before a byte of it is served.
 *
 * A block is verified once for each state of the file (docs/adr/0009). Every change of a file moves its ctime, and
 * none can be put back: so the state is looked up after each read, and bytes that were read under a state in which
 * their block was found right are right.
 */
import { randomBytes } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { blockBytes } from './chunk.ts';

const footerBytes = 16;
const magic = 0x534c4331; // "SLC1"
/** What is summed between two turns of the event loop: 1 MiB. */
const blocksPerTurn = 16;
/** Longer than the steps in which any file system counts its times. */
const settlingMs = 2000;
/** Media decay without a word to the file system. */
const trustMs = 10 * 60_000;

/** What a torn or altered file says for itself. */
export class ChunkFileFault extends Error {}

/** The time that files are stamped with, in milliseconds: Date.now, but for tests. */
export type FileTime = () => number;

function blockCount(dataBytes: number): number {
  return Math.ceil(dataBytes / blockBytes);
}

/** Bytes on disk for a chunk of `dataBytes`. */
export function chunkFileBytes(dataBytes: number): number {
  return dataBytes + blockCount(dataBytes) * 4 + footerBytes;
}

/** Writes the file of a chunk, and the folders above it: it appears under `path` whole, or not at all. */
export async function writeChunkFile(path: string, data: Uint8Array): Promise<void> {
  const trailer = await trailerOf(data);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    {
      await using file = await open(temporary, 'wx', 0o600);
      await writeWhole(file, data, 0);
      await writeWhole(file, trailer, data.length);
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function trailerOf(data: Uint8Array): Promise<Buffer> {
  const count = blockCount(data.length);
  const trailer = Buffer.alloc(count * 4 + footerBytes);
  for (let block = 0; block < count; block += 1) {
    trailer.writeUInt32LE(crc32(data.subarray(block * blockBytes, (block + 1) * blockBytes)), block * 4);
    if (block % blocksPerTurn === blocksPerTurn - 1) await turn();
  }
  trailer.writeUInt32LE(magic, count * 4);
  trailer.writeUInt32LE(blockBytes, count * 4 + 4);
  trailer.writeUInt32LE(data.length, count * 4 + 8);
  trailer.writeUInt32LE(crc32(trailer.subarray(0, count * 4 + 12)), count * 4 + 12);
  return trailer;
}

/** A disk that is nearly full takes a part of a write without a complaint; the next one says why. */
async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** What the file system says of a file, and the blocks that were found right while it said so. */
interface FileState {
  readonly changedAt: number;
  readonly modifiedAt: number;
  readonly size: number;
  /** When each block was last found right, as FileTime; 0 for never. */
  readonly verifiedAt: Float64Array;
}

/** An open chunk file whose trailer was verified. */
export class ChunkFile {
  readonly #file: FileHandle;
  readonly #checksums: Buffer;
  readonly #dataBytes: number;
  readonly #now: FileTime;
  #state: FileState | undefined;

  private constructor(file: FileHandle, checksums: Buffer, dataBytes: number, now: FileTime) {
    this.#file = file;
    this.#checksums = checksums;
    this.#dataBytes = dataBytes;
    this.#now = now;
  }

  /** @throws ChunkFileFault when the file is not a whole chunk of `dataBytes`; file-system errors as they come */
  static async open(path: string, dataBytes: number, now: FileTime): Promise<ChunkFile> {
    const file = await open(path, 'r');
    try {
      return new ChunkFile(file, await readTrailer(file, dataBytes), dataBytes, now);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Fills `into` from `offset`, which is a multiple of the block size; `into` ends at a block's or the data's end.
   * @throws ChunkFileFault when a block is short or its checksum differs
   */
  async read(offset: number, into: Uint8Array): Promise<void> {
    if (offset % blockBytes !== 0 || offset + into.length > this.#dataBytes) {
      throw new ChunkFileFault(`read of ${into.length} bytes at ${offset} does not fit the blocks`);
    }
    const startedAt = this.#now();
    const { bytesRead } = await this.#file.read(into, 0, into.length, offset);
    if (bytesRead !== into.length) throw new ChunkFileFault(`short read at ${offset}`);
    await this.#verify(offset, into, startedAt);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Verifies what was read from `offset`, as far as it is not known to be right. */
  async #verify(offset: number, bytes: Uint8Array, startedAt: number): Promise<void> {
    const state = this.#stateNow();
    this.#state = state;
    // A change within the same tick as the last one would look like none; so a young state vouches for nothing.
    const settled = startedAt - state.changedAt > settlingMs;
    let verified = 0;
    for (let start = 0; start < bytes.length; start += blockBytes) {
      const block = (offset + start) / blockBytes;
      if (Math.abs(startedAt - (state.verifiedAt[block] ?? 0)) < trustMs) continue;
      if (crc32(bytes.subarray(start, start + blockBytes)) !== this.#checksums.readUInt32LE(block * 4)) {
        throw new ChunkFileFault(`checksum differs in the block at ${offset + start}`);
      }
      if (settled) state.verifiedAt[block] = startedAt;
      verified += 1;
      if (verified % blocksPerTurn === 0) await turn();
    }
  }

  /** The same as before, unless the file has changed. Asked of an open file, this takes a microsecond: no I/O. */
  #stateNow(): FileState {
    const { ctimeMs: changedAt, mtimeMs: modifiedAt, size } = fstatSync(this.#file.fd);
    const known = this.#state;
    if (known?.changedAt === changedAt && known.modifiedAt === modifiedAt && known.size === size)
      return known;
    return { changedAt, modifiedAt, size, verifiedAt: new Float64Array(blockCount(this.#dataBytes)) };
  }
}

async function readTrailer(file: FileHandle, dataBytes: number): Promise<Buffer> {
  const count = blockCount(dataBytes);
  const trailer = Buffer.alloc(count * 4 + footerBytes);
  const { size } = await file.stat();
  if (size !== chunkFileBytes(dataBytes))
    throw new ChunkFileFault(`${size} bytes instead of ${chunkFileBytes(dataBytes)}`);
  await file.read(trailer, 0, trailer.length, dataBytes);
  const intact =
    trailer.readUInt32LE(count * 4) === magic &&
    trailer.readUInt32LE(count * 4 + 4) === blockBytes &&
    trailer.readUInt32LE(count * 4 + 8) === dataBytes &&
    trailer.readUInt32LE(count * 4 + 12) === crc32(trailer.subarray(0, count * 4 + 12));
  if (!intact) throw new ChunkFileFault('trailer is torn');
  return trailer;
}
