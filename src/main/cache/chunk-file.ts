/**
 * The file of one chunk on disk: its bytes, then a CRC-32 for each block of 64 KiB, then a footer that says how long
 * the data is and carries a CRC-32 of the table. A reader verifies each block that it reads, so that a torn or
 * altered file is noticed before a byte of it is served.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { blockBytes } from './chunk.ts';

const footerBytes = 16;
const magic = 0x534c4331; // "SLC1"

/** What a torn or altered file says for itself. */
export class ChunkFileFault extends Error {}

function blockCount(dataBytes: number): number {
  return Math.ceil(dataBytes / blockBytes);
}

/** Bytes on disk for a chunk of `dataBytes`. */
export function chunkFileBytes(dataBytes: number): number {
  return dataBytes + blockCount(dataBytes) * 4 + footerBytes;
}

/** Writes the file of a chunk. It is whole only when this has resolved; write to a temporary name and rename. */
export async function writeChunkFile(path: string, data: Uint8Array): Promise<void> {
  const count = blockCount(data.length);
  const trailer = Buffer.alloc(count * 4 + footerBytes);
  for (let block = 0; block < count; block += 1) {
    trailer.writeUInt32LE(crc32(data.subarray(block * blockBytes, (block + 1) * blockBytes)), block * 4);
  }
  trailer.writeUInt32LE(magic, count * 4);
  trailer.writeUInt32LE(blockBytes, count * 4 + 4);
  trailer.writeUInt32LE(data.length, count * 4 + 8);
  trailer.writeUInt32LE(crc32(trailer.subarray(0, count * 4 + 12)), count * 4 + 12);
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writev([data, trailer]);
  } finally {
    await file.close();
  }
}

/** An open chunk file whose trailer was verified. */
export class ChunkFile {
  readonly #file: FileHandle;
  readonly #checksums: Buffer;
  readonly #dataBytes: number;

  private constructor(file: FileHandle, checksums: Buffer, dataBytes: number) {
    this.#file = file;
    this.#checksums = checksums;
    this.#dataBytes = dataBytes;
  }

  /** @throws ChunkFileFault when the file is not a whole chunk of `dataBytes`; file-system errors as they come */
  static async open(path: string, dataBytes: number): Promise<ChunkFile> {
    const file = await open(path, 'r');
    try {
      return new ChunkFile(file, await readTrailer(file, dataBytes), dataBytes);
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
    const { bytesRead } = await this.#file.read(into, 0, into.length, offset);
    if (bytesRead !== into.length) throw new ChunkFileFault(`short read at ${offset}`);
    for (let start = 0; start < into.length; start += blockBytes) {
      const expected = this.#checksums.readUInt32LE(((offset + start) / blockBytes) * 4);
      if (crc32(into.subarray(start, start + blockBytes)) !== expected) {
        throw new ChunkFileFault(`checksum differs in the block at ${offset + start}`);
      }
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
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
