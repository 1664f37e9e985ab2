/** Recordings that are kept until somebody removes them, in one folder, together at most so large. */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '#main/object-store/file-durable.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import {
  maxListed,
  maxReadBytes,
  recordingIdSchema,
  type RecordingContents,
  type RecordingSummary,
} from '#shared/recording/model.ts';
import { openRecording, type OpenedRecording } from '#shared/recording/reader.ts';
import type { RecordingHeader, RecordingOrigin } from '#shared/recording/records.ts';
import type { BlockEntry } from '#shared/recording/writer.ts';
import { formatBytes } from '#shared/units.ts';
import { fileSource, nodeCodec } from './node-codec.ts';
import { rewritten, type Changes } from './rewrite.ts';

const suffix = '.sluicerec';
const incoming = '.incoming';

interface Known {
  readonly bytes: number;
  readonly changedAt: number;
  readonly opened: OpenedRecording;
}

/** `20260131T140211Z-alert-9f3c01aa`. */
export function newRecordingId(origin: RecordingOrigin, now: number): string {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${time}-${origin}-${randomBytes(4).toString('hex')}`;
}

export class SavedRecordings {
  readonly directory: string;
  readonly limitBytes: number;
  readonly #known = new Map<string, Known>();
  /** What changes files, one after the other: nothing is written anew that is being removed. */
  #work: Promise<unknown> = Promise.resolve();

  private constructor(directory: string, limitBytes: number) {
    this.directory = directory;
    this.limitBytes = limitBytes;
  }

  /** Makes the folder, and takes away what was never finished. @throws the system's error */
  static async open(directory: string, limitBytes: number): Promise<SavedRecordings> {
    await makeFolder(directory);
    for (const name of await readdir(directory))
      if (name.endsWith(incoming)) await rm(join(directory, name), { force: true });
    return new SavedRecordings(directory, limitBytes);
  }

  /** The newest first, and how many more there are. */
  async list(): Promise<{ readonly recordings: RecordingSummary[]; readonly hidden: number }> {
    const ids = (await this.#ids()).toReversed();
    const recordings: RecordingSummary[] = [];
    for (const id of ids.slice(0, maxListed)) {
      const known = await this.#open(id).catch(() => undefined);
      if (known) recordings.push(summaryOf(id, known));
    }
    return { recordings, hidden: Math.max(0, ids.length - maxListed) };
  }

  /** Bytes of all of them. */
  async bytes(): Promise<number> {
    let sum = 0;
    for (const id of await this.#ids())
      sum += await stat(this.#path(id)).then(
        ({ size }) => size,
        () => 0,
      );
    return sum;
  }

  /** @throws SluiceError TOO_LARGE when there is no room for so much, with what to do */
  async requireRoom(bytes: number): Promise<void> {
    const used = await this.bytes();
    if (used + bytes <= this.limitBytes) return;
    throw new SluiceError(
      'TOO_LARGE',
      `saved recordings take ${formatBytes(used)} of ${formatBytes(this.limitBytes)}, and this one needs ${formatBytes(bytes)}: remove some, or raise --saved-recordings`,
    );
  }

  /** Where a recording is written until `publish`. */
  incomingPath(id: string): string {
    return join(this.directory, `${id}${incoming}`);
  }

  /** A file that is closed becomes a recording in the list: wholly or not at all. */
  async publish(id: string, path: string): Promise<RecordingSummary> {
    await rename(path, this.#path(id));
    await syncFolder(this.directory);
    return summaryOf(id, await this.#open(id));
  }

  /** @throws SluiceError NOT_FOUND */
  async summary(id: string): Promise<RecordingSummary> {
    return summaryOf(id, await this.#open(id));
  }

  /** @throws SluiceError NOT_FOUND */
  async contents(id: string): Promise<RecordingContents> {
    const known = await this.#open(id);
    const { blocks, events, damaged, unfinishedBytes } = known.opened;
    return {
      header: known.opened.header ?? unknownHeader(id),
      summary: summaryOf(id, known),
      firstBlock: 0,
      blocks: blockColumns(blocks),
      events: [...events],
      damaged,
      unfinishedBytes,
    };
  }

  /** Blocks from number `from` on, a bounded number of bytes. @throws SluiceError NOT_FOUND */
  async read(id: string, from: number): Promise<{ blocks: string[]; next?: number }> {
    const { blocks } = (await this.#open(id)).opened;
    await using file = await open(this.#path(id), 'r');
    const source = await fileSource(file);
    const page: string[] = [];
    let bytes = 0;
    let at = from;
    for (let entry = blocks[at]; entry; entry = blocks[at]) {
      if (page.length > 0 && bytes + entry.bytes > maxReadBytes) return { blocks: page, next: at };
      const data = await source.read(entry.offset, entry.offset + entry.bytes);
      page.push(Buffer.from(data).toString('base64'));
      bytes += entry.bytes;
      at += 1;
    }
    return { blocks: page };
  }

  /** Where the file is, for whoever sends or copies it. @throws SluiceError NOT_FOUND */
  async file(id: string): Promise<{ readonly path: string; readonly bytes: number }> {
    const { bytes } = await this.#open(id);
    return { path: this.#path(id), bytes };
  }

  /**
   * Changes what a recording says about itself. The new file takes the place of the old one when it is whole.
   * @throws SluiceError NOT_FOUND, and INVALID_INPUT for one that is damaged: only what is whole of it would be left
   */
  async change(id: string, changes: Changes): Promise<RecordingSummary> {
    return this.#inTurn(async () => {
      const { opened } = await this.#open(id);
      if (!opened.isClosed || opened.damaged > 0)
        throw new SluiceError('INVALID_INPUT', 'this recording is damaged, and is kept as it is');
      const path = this.incomingPath(id);
      try {
        await rewritten({ from: this.#path(id), opened, to: path, changes });
        this.#known.delete(id);
        return await this.publish(id, path);
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    });
  }

  /** False when it was gone already. */
  async remove(id: string): Promise<boolean> {
    return this.#inTurn(() => this.#remove(id));
  }

  async #remove(id: string): Promise<boolean> {
    const existed = (await this.#ids()).includes(id);
    if (existed) await rm(this.#path(id), { force: true });
    this.#known.delete(id);
    return existed;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => undefined);
    return mine;
  }

  /** In the order of their times. */
  async #ids(): Promise<readonly string[]> {
    const names = await readdir(this.directory);
    return names
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .filter((id) => recordingIdSchema.safeParse(id).success)
      .toSorted();
  }

  /** The id is checked: it becomes a path. */
  #path(id: string): string {
    if (!recordingIdSchema.safeParse(id).success) throw notThere(id);
    return join(this.directory, `${id}${suffix}`);
  }

  async #open(id: string): Promise<Known> {
    const path = this.#path(id);
    try {
      const { size: bytes, mtimeMs: changedAt } = await stat(path);
      const known = this.#known.get(id);
      if (known?.bytes === bytes && known.changedAt === changedAt) return known;
      await using file = await open(path, 'r');
      const found = { bytes, changedAt, opened: await openRecording(await fileSource(file), nodeCodec) };
      this.#known.set(id, found);
      return found;
    } catch (error) {
      if (isSluiceError(error)) throw error;
      throw notThere(id, error);
    }
  }
}

/** As calls tell of them. */
export function blockColumns(
  blocks: readonly Omit<BlockEntry, 'offset' | 'hasEvents'>[],
): RecordingContents['blocks'] {
  return {
    firstAt: blocks.map(({ firstAt }) => firstAt),
    lastAt: blocks.map(({ lastAt }) => lastAt),
    bytes: blocks.map(({ bytes }) => bytes),
    records: blocks.map(({ records }) => records),
  };
}

function notThere(id: string, cause?: unknown): SluiceError {
  return new SluiceError('NOT_FOUND', `there is no recording ${JSON.stringify(id.slice(0, 100))}`, { cause });
}

function summaryOf(id: string, { bytes, opened }: Known): RecordingSummary {
  const { blocks, events, isClosed, damaged, unfinishedBytes } = opened;
  const { name, note, origin, createdAt } = opened.header ?? unknownHeader(id);
  return {
    id,
    name,
    note,
    origin,
    createdAt,
    firstAt: blocks[0]?.firstAt ?? 0,
    lastAt: blocks.at(-1)?.lastAt ?? 0,
    bytes,
    marks: events.filter(({ kind }) => kind === 'mark').length,
    // Each is in there when it fires, and again when it is over.
    alerts: new Set(events.flatMap((event) => (event.kind === 'alert' ? [event.alert.id] : []))).size,
    isWhole: isClosed && damaged === 0 && unfinishedBytes === 0,
  };
}

/** For a file whose header is damaged. */
function unknownHeader(id: string): RecordingHeader {
  const server = { version: '', url: '', store: '', host: '', startedAt: 0 };
  return { id, name: '', note: '', origin: 'saved', createdAt: 0, server };
}
