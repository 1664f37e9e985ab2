/**
 * A recording as it is written: blocks one after the other, an index when it is closed. Each block goes to the system
 * at once, so the end of the process loses none; `sync` is for a power cut.
 */
import { open, type FileHandle } from 'node:fs/promises';
import type { RecordingEvent, RecordingHeader } from '#shared/recording/records.ts';
import { encodeHeader, encodeIndex, type BlockEntry } from '#shared/recording/writer.ts';
import { nodeCodec } from './node-codec.ts';

/** A block, encoded once, that may go to several files. */
export interface EncodedBlock extends Omit<BlockEntry, 'offset' | 'bytes'> {
  readonly data: Uint8Array;
  readonly events: readonly RecordingEvent[];
}

export class RecordingFile {
  readonly path: string;
  readonly entries: BlockEntry[] = [];
  readonly #file: FileHandle;
  readonly #events: RecordingEvent[] = [];
  #bytes: number;
  #isSynced = true;

  private constructor(path: string, file: FileHandle, bytes: number) {
    this.path = path;
    this.#file = file;
    this.#bytes = bytes;
  }

  /** A new file, with its header. @throws the system's error */
  static async create(path: string, header: RecordingHeader): Promise<RecordingFile> {
    const file = await open(path, 'wx+', 0o600);
    try {
      const bytes = encodeHeader(header);
      await file.write(bytes, 0, bytes.length, 0);
      return new RecordingFile(path, file, bytes.length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Marks and alerts in it. */
  get events(): readonly RecordingEvent[] {
    return this.#events;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get firstAt(): number | undefined {
    return this.entries[0]?.firstAt;
  }

  get lastAt(): number | undefined {
    return this.entries.at(-1)?.lastAt;
  }

  /** @throws the system's error; what was written of the block then is overwritten by the next */
  async append({ data, events, firstAt, lastAt, records, hasEvents }: EncodedBlock): Promise<void> {
    await this.#writeAll(data);
    this.entries.push({ offset: this.#bytes, bytes: data.length, firstAt, lastAt, records, hasEvents });
    this.#events.push(...events);
    this.#bytes += data.length;
  }

  /** Writing goes on meanwhile. @throws the system's error */
  async sync(): Promise<void> {
    if (this.#isSynced) return;
    this.#isSynced = true;
    try {
      await this.#file.datasync();
    } catch (error) {
      this.#isSynced = false;
      throw error;
    }
  }

  /** The bytes of one of its blocks. */
  async read({ offset, bytes }: BlockEntry): Promise<Uint8Array> {
    const data = Buffer.allocUnsafe(bytes);
    const { bytesRead } = await this.#file.read(data, 0, bytes, offset);
    return data.subarray(0, bytesRead);
  }

  /** Writes the index, syncs and closes. */
  async close(): Promise<void> {
    try {
      const index = await encodeIndex(this.entries, this.#events, this.#bytes, nodeCodec);
      await this.#writeAll(index);
      this.#bytes += index.length;
      await this.#file.datasync();
    } finally {
      await this.#file.close();
    }
  }

  /** Closes it as it is: for whoever gives it up. */
  async abandon(): Promise<void> {
    await this.#file.close();
  }

  async #writeAll(data: Uint8Array): Promise<void> {
    this.#isSynced = false;
    let written = 0;
    while (written < data.length) {
      const { bytesWritten } = await this.#file.write(
        data,
        written,
        data.length - written,
        this.#bytes + written,
      );
      written += bytesWritten;
    }
  }
}
