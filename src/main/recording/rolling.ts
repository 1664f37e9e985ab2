/**
 * What is kept all the time: segments of about a minute, the oldest removed as soon as they are too old or all of them
 * together would be too large. Only the newest is open; each of the others can be read by itself.
 */
import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordingEvent, RecordingHeader } from '#shared/recording/records.ts';
import type { BlockEntry } from '#shared/recording/writer.ts';
import type { StoredBlock } from './copy.ts';
import { RecordingFile, type EncodedBlock } from './recording-file.ts';

const segmentMs = 60_000;
/** No segment is larger than this part of the limit, so that removing one makes room without losing much. */
const segmentShare = 8;

export interface RollingOptions {
  readonly directory: string;
  readonly limitMs: number;
  readonly limitBytes: number;
  readonly header: (id: string) => RecordingHeader;
  /** A new segment begins. */
  readonly onTurn: () => void;
}

interface Segment {
  readonly path: string;
  readonly bytes: number;
  readonly entries: readonly BlockEntry[];
  readonly events: readonly RecordingEvent[];
  readonly firstAt: number;
  readonly lastAt: number;
}

/** `1790000000000-4711-9f3c01aa-17.sluicerec`: start, process, session and number. */
export const segmentName = /^(\d{1,16})-(\d{1,10})-([0-9a-f]{8})-(\d{1,9})\.sluicerec$/;

export class Rolling {
  readonly #session = randomBytes(4).toString('hex');
  readonly #options: RollingOptions;
  readonly #closed: Segment[] = [];
  #current: RecordingFile | undefined;
  #number = 0;
  /** Blocks that were removed with their segments. */
  #pruned = 0;

  constructor(options: RollingOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#closed.reduce((sum, { bytes }) => sum + bytes, 0) + (this.#current?.bytes ?? 0);
  }

  get firstAt(): number | undefined {
    return this.#closed[0]?.firstAt ?? this.#current?.firstAt;
  }

  /** The number of the oldest block: each has one of its own. */
  get firstBlock(): number {
    return this.#pruned;
  }

  /** The blocks that are kept, oldest first, and the marks and alerts in them. */
  get contents(): { readonly entries: readonly BlockEntry[]; readonly events: readonly RecordingEvent[] } {
    const parts = [...this.#closed, ...(this.#current ? [this.#current] : [])];
    return {
      entries: parts.flatMap(({ entries }) => entries),
      events: parts.flatMap(({ events }) => events),
    };
  }

  /** Blocks from number `from` on, `maxBytes` of them or one; none when it is not kept. @throws the system's error */
  async read(from: number, maxBytes: number): Promise<{ blocks: Uint8Array[]; next?: number }> {
    const blocks: Uint8Array[] = [];
    let number = this.#pruned;
    let bytes = 0;
    if (from < number) return { blocks };
    for (const part of [...this.#closed, ...(this.#current ? [this.#current] : [])]) {
      const wanted = part.entries.slice(Math.max(0, from - number));
      number += part.entries.length;
      if (wanted.length === 0) continue;
      // As it is read: the newest is still being written.
      await using file = await open(part.path, 'r');
      for (const entry of wanted) {
        if (blocks.length > 0 && bytes + entry.bytes > maxBytes)
          return { blocks, next: from + blocks.length };
        const data = Buffer.allocUnsafe(entry.bytes);
        const { bytesRead } = await file.read(data, 0, entry.bytes, entry.offset);
        if (bytesRead < entry.bytes) return { blocks };
        blocks.push(data);
        bytes += entry.bytes;
      }
    }
    return { blocks };
  }

  /** Bytes of what `blocks` would hand on, at most. */
  bytesBetween(from: number, to: number): number {
    const closed = this.#closed.filter(({ firstAt, lastAt }) => lastAt >= from && firstAt <= to);
    return closed.reduce((sum, { bytes }) => sum + bytes, 0) + (this.#current?.bytes ?? 0);
  }

  /** @throws the system's error */
  async append(block: EncodedBlock): Promise<void> {
    const { limitBytes } = this.#options;
    const current = this.#current;
    const isFull = (current?.bytes ?? 0) + block.data.length > limitBytes / segmentShare;
    const isOld = block.firstAt - (current?.firstAt ?? block.firstAt) >= segmentMs;
    if (!current || isFull || isOld) await this.#turn(block.firstAt);
    await this.#prune(block.lastAt, block.data.length);
    await this.#current?.append(block);
  }

  async sync(): Promise<void> {
    await this.#current?.sync();
  }

  /** Hands every block on that lies in `[from, to]`, from the beginning of its segment on, oldest first. */
  async *blocks(from: number, to: number): AsyncGenerator<StoredBlock> {
    for (const segment of this.#closed) {
      if (segment.lastAt < from || segment.firstAt > to) continue;
      await using file = await open(segment.path, 'r');
      for (const entry of segment.entries) {
        if (entry.firstAt > to) break;
        const data = Buffer.allocUnsafe(entry.bytes);
        const { bytesRead } = await file.read(data, 0, entry.bytes, entry.offset);
        if (bytesRead === entry.bytes) yield { entry, data };
      }
    }
    const current = this.#current;
    if (!current || (current.lastAt ?? 0) < from) return;
    for (const entry of current.entries) {
      if (entry.firstAt > to) break;
      yield { entry, data: await current.read(entry) };
    }
  }

  /** Closes the newest segment: what is there stays, for the next start. */
  async close(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.close();
  }

  async #turn(at: number): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    if (current) await this.#shelve(current, at);
    this.#number += 1;
    const { directory, header, onTurn } = this.#options;
    const name = `${Math.floor(at)}-${process.pid}-${this.#session}-${this.#number}.sluicerec`;
    this.#current = await RecordingFile.create(join(directory, name), header('rolling'));
    onTurn();
  }

  async #shelve(file: RecordingFile, at: number): Promise<void> {
    try {
      await file.close();
    } finally {
      // Without its index it is as good as with it.
      const { path, bytes, entries, events, firstAt = at, lastAt = at } = file;
      this.#closed.push({ path, bytes, entries, events, firstAt, lastAt });
    }
  }

  async #prune(now: number, bytesToCome: number): Promise<void> {
    const { limitMs, limitBytes } = this.#options;
    // An index comes to a few dozen bytes for each block.
    const reserve = 64 * ((this.#current?.entries.length ?? 0) + 2);
    for (let oldest = this.#closed[0]; oldest; oldest = this.#closed[0]) {
      const isOld = oldest.lastAt < now - limitMs;
      if (!isOld && this.bytes + bytesToCome + reserve <= limitBytes) return;
      await rm(oldest.path, { force: true });
      this.#closed.shift();
      this.#pruned += oldest.entries.length;
    }
  }
}
