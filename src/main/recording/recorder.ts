/**
 * The recorder: takes frames whether anybody looks or not, five a second while there are transfers and two otherwise,
 * and writes them in blocks of about half a second to what is kept all the time, and to the recording that somebody has
 * started. The end of the process loses what is not yet in a block, less than a second; a power cut what is not synced,
 * ten.
 *
 * It never holds the server back: compressing and writing happen off the main thread, and while the disk is too slow
 * frames are left out and counted. A disk that takes nothing is said, and tried again with the next block.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Alert } from '#shared/alert-model.ts';
import type { Frame } from '#shared/model.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import {
  maxReadBytes,
  rollingId,
  type MarkInput,
  type RecorderState,
  type RecordingContents,
  type RecordingSummary,
  type SaveInput,
  type StartInput,
} from '#shared/recording/model.ts';
import {
  type Mark,
  type RecordingHeader,
  type RecordingOrigin,
  type RecordingRecord,
} from '#shared/recording/records.ts';
import { MiB } from '#shared/units.ts';
import { BlockBuilder } from './block-builder.ts';
import { copyInto } from './copy.ts';
import { DownloadRecords, type DownloadSource } from './download-records.ts';
import type { FrameSource, FrameWatcher } from './frame-source.ts';
import { OwnerRecords, type OwnerSource } from './owner-records.ts';
import { RecentMarks } from './recent-marks.ts';
import { RecordingFile, type EncodedBlock } from './recording-file.ts';
import { Rolling } from './rolling.ts';
import { rollingContents } from './rolling-contents.ts';
import { newRecordingId, type SavedRecordings } from './saved.ts';

/** Text that waits for the disk, at most; beyond, frames are left out. */
const maxWaitingLetters = 8 * MiB;
const syncMs = 10_000;
const busyMs = 200;
const idleMs = 500;
/** Requests come faster than frames carry them: the next frame comes soon. */
const hurriedMs = 100;

export interface RecorderOptions {
  /** For segments; it exists. */
  readonly directory: string;
  /** 0 keeps nothing but what somebody starts. */
  readonly limitMs: number;
  readonly limitBytes: number;
  readonly saved: SavedRecordings;
  readonly frames: FrameSource;
  readonly downloads: DownloadSource;
  readonly owners: OwnerSource;
  readonly server: () => RecordingHeader['server'];
  /** Each frame that is taken, before it is written. */
  readonly watch?: FrameWatcher | undefined;
  readonly onTrouble: (message: string, details: object) => void;
}

interface Manual {
  readonly id: string;
  readonly name: string;
  readonly startedAt: number;
  readonly file: RecordingFile;
}

export class Recorder implements AsyncDisposable {
  readonly #options: RecorderOptions;
  readonly #rolling: Rolling;
  readonly #downloads: DownloadRecords;
  readonly #owners: OwnerRecords;
  #block = new BlockBuilder();
  #waitingLetters = 0;
  /** Everything that touches files, one after the other. */
  #work: Promise<unknown> = Promise.resolve();
  #manual: Manual | undefined;
  readonly #marks = new RecentMarks();
  #cursor = -1;
  #dropped = 0;
  #droppedSaid = 0;
  #syncedAt = 0;
  #beganAt = 0;
  #savedBytes = 0;
  #trouble: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#downloads = new DownloadRecords(options.downloads);
    this.#owners = new OwnerRecords(options.owners);
    const { directory, limitMs, limitBytes } = options;
    this.#rolling = new Rolling({
      directory,
      limitMs,
      limitBytes,
      header: (id) => this.#header(id, 'rolling', { name: '', note: '' }),
      // What records build on has to be in each segment.
      onTurn: () => this.#beginAgain(),
    });
  }

  /** Takes frames from now on. */
  async start(): Promise<void> {
    this.#savedBytes = await this.#options.saved.bytes();
    this.#cursor = this.#options.frames.at(-1).cursor;
    this.#tick();
  }

  get #isRolling(): boolean {
    return this.#options.limitMs > 0 && this.#options.limitBytes > 0;
  }

  get state(): RecorderState {
    const { limitMs, limitBytes, saved } = this.#options;
    const { firstAt, bytes } = this.#rolling;
    const manual = this.#manual;
    return {
      rolling: {
        isOn: this.#isRolling,
        ...(firstAt === undefined ? {} : { firstAt }),
        bytes,
        limitBytes,
        limitMs,
        droppedFrames: this.#dropped,
        ...(this.#trouble === undefined ? {} : { trouble: this.#trouble }),
      },
      ...(manual && {
        manual: {
          id: manual.id,
          name: manual.name,
          startedAt: manual.startedAt,
          bytes: manual.file.bytes,
        },
      }),
      savedBytes: this.#savedBytes,
      savedLimitBytes: saved.limitBytes,
    };
  }

  /** Notes an instant. @throws SluiceError INVALID_INPUT when nothing is being recorded */
  mark({ at, note }: MarkInput): Mark {
    if (!this.#isRolling && !this.#manual)
      throw new SluiceError('INVALID_INPUT', 'nothing is being recorded: start a recording first');
    const now = Date.now();
    const mark = { id: randomUUID(), at: at ?? now, note };
    this.#add({ kind: 'mark', at: now, mark });
    this.#marks.add(mark);
    return mark;
  }

  /** Marks that are in what is kept all the time or in what somebody has started; none for who has seen this version. */
  recentMarks(seen?: number): ReturnType<RecentMarks['since']> {
    const starts = [this.#rolling.firstAt, this.#manual?.startedAt].filter((at) => at !== undefined);
    return this.#marks.since(starts.length > 0 ? Math.min(...starts) : undefined, seen);
  }

  /** An alert that has fired or is over becomes part of what is recorded. */
  alert(alert: Alert): void {
    if (this.#isRolling || this.#manual) this.#add({ kind: 'alert', at: Date.now(), alert });
  }

  /** Saves the last while. @throws SluiceError INVALID_INPUT when there is nothing, TOO_LARGE without room */
  async save({ lastMs, name, note }: SaveInput): Promise<RecordingSummary> {
    const now = Date.now();
    return this.saveBetween(lastMs === undefined ? 0 : now - lastMs, now, 'saved', { name, note });
  }

  /** The same for a time between two instants; what is there begins with the segment that has the first. */
  async saveBetween(
    from: number,
    to: number,
    origin: RecordingOrigin,
    told: StartInput,
  ): Promise<RecordingSummary> {
    this.#take();
    this.#flush();
    return this.#inTurn(async () => {
      const { saved } = this.#options;
      if (this.#rolling.firstAt === undefined)
        throw new SluiceError('INVALID_INPUT', 'nothing is kept that could be saved: --record-minutes is 0');
      await saved.requireRoom(this.#rolling.bytesBetween(from, to));
      const id = newRecordingId(origin, Date.now());
      const path = saved.incomingPath(id);
      try {
        const file = await RecordingFile.create(path, this.#header(id, origin, told));
        await copyInto(file, this.#rolling.blocks(from, to));
        const summary = await saved.publish(id, path);
        this.#savedBytes = await saved.bytes();
        return summary;
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
    });
  }

  /** What is kept all the time, up to now. @throws SluiceError NOT_FOUND when nothing is */
  async contents(): Promise<RecordingContents> {
    this.#flush();
    return this.#inTurn(async () => {
      const header = this.#header(rollingId, 'rolling', { name: '', note: '' });
      const contents = rollingContents(this.#rolling, header);
      if (contents) return contents;
      throw new SluiceError(
        'NOT_FOUND',
        this.#isRolling ? 'nothing has been recorded yet' : 'nothing is recorded: --record-minutes is 0',
      );
    });
  }

  /** Blocks of it from number `from` on, a bounded number of bytes; none when it is not kept any more. */
  async read(from: number): Promise<{ blocks: string[]; next?: number }> {
    const { blocks, ...rest } = await this.#inTurn(() => this.#rolling.read(from, maxReadBytes));
    return { blocks: blocks.map((block) => Buffer.from(block).toString('base64')), ...rest };
  }

  /** Starts a recording. @throws SluiceError INVALID_INPUT when one goes on already, TOO_LARGE without room */
  async startManual(told: StartInput): Promise<RecorderState> {
    this.#flush();
    await this.#inTurn(async () => {
      if (this.#manual) throw new SluiceError('INVALID_INPUT', 'a recording goes on already: stop it first');
      const { saved } = this.#options;
      await saved.requireRoom(MiB);
      const startedAt = Date.now();
      const id = newRecordingId('manual', startedAt);
      const header = this.#header(id, 'manual', told);
      const path = join(this.#options.directory, `${process.pid}-${id}.manual`);
      this.#manual = { id, name: told.name, startedAt, file: await RecordingFile.create(path, header) };
      this.#beginAgain();
    });
    return this.state;
  }

  /** Ends it, and keeps it. @throws SluiceError NOT_FOUND when there is none */
  async stopManual(): Promise<RecordingSummary> {
    this.#take();
    this.#flush();
    return this.#inTurn(() => this.#endManual());
  }

  /** False when it was gone already. */
  async remove(id: string): Promise<boolean> {
    const removed = await this.#options.saved.remove(id);
    this.#savedBytes = await this.#options.saved.bytes();
    return removed;
  }

  /** Writes what there is, ends what somebody has started, and leaves the rest for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#flush();
    await this.#inTurn(async () => {
      if (this.#manual) await this.#endManual().catch((error: unknown) => this.#fail(error));
      await this.#rolling.close().catch((error: unknown) => this.#fail(error));
    });
  }

  #tick(): void {
    if (this.#isOver) return;
    const frame = this.#take();
    if (this.#block.isFull(frame.at)) this.#flush();
    const calm = frame.lanes.length > 0 ? busyMs : idleMs;
    const next = frame.totals.requests > frame.cursor ? hurriedMs : calm;
    this.#timer = setTimeout(() => this.#tick(), next);
    this.#timer.unref();
  }

  /** This instant becomes part of what is recorded. */
  #take(): Frame {
    const { frames, watch } = this.#options;
    const frame = frames.at(this.#cursor);
    this.#cursor = frame.cursor;
    watch?.(frame);
    const { at } = frame;
    if (this.#isRolling || this.#manual) {
      if (this.#waitingLetters + this.#block.letters > maxWaitingLetters) this.#dropped += 1;
      else {
        this.#saySkipped(at);
        this.#add({ kind: 'frame', at, frame });
        for (const record of this.#downloads.due(at)) this.#add(record);
        for (const record of this.#owners.due(at)) this.#add(record);
      }
    }
    return frame;
  }

  #beginAgain(): void {
    this.#beganAt = Date.now();
    this.#downloads.beginAgain();
    this.#owners.beginAgain();
  }

  #saySkipped(at: number): void {
    if (this.#dropped === this.#droppedSaid) return;
    this.#add({ kind: 'gap', at, droppedFrames: this.#dropped - this.#droppedSaid });
    this.#droppedSaid = this.#dropped;
  }

  #add(record: RecordingRecord): void {
    this.#block.add(record);
  }

  #flush(): void {
    if (this.#block.isEmpty) return;
    const { letters } = this.#block;
    const encode = this.#block.take();
    this.#waitingLetters += letters;
    void this.#inTurn(async () => {
      try {
        await this.#write(await encode());
        this.#trouble = undefined;
      } catch (error) {
        this.#fail(error);
      } finally {
        this.#waitingLetters -= letters;
      }
    });
  }

  async #write(block: EncodedBlock): Promise<void> {
    if (this.#isRolling) await this.#rolling.append(block);
    const manual = this.#manual;
    if (manual) {
      if (!this.#isRolling) this.#beginAgainInTime();
      await manual.file.append(block);
      if (this.#savedBytes + manual.file.bytes > this.#options.saved.limitBytes) await this.#endManual();
    }
    const now = performance.now();
    if (now - this.#syncedAt < syncMs) return;
    this.#syncedAt = now;
    // Nobody waits for it: what comes meanwhile would be lost with the process.
    void this.#sync();
  }

  async #sync(): Promise<void> {
    try {
      await this.#rolling.sync();
      await this.#manual?.file.sync();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whoever reads it back finds all of a download within a minute, as in what is kept all the time. */
  #beginAgainInTime(): void {
    if (Date.now() - this.#beganAt >= 60_000) this.#beginAgain();
  }

  async #endManual(): Promise<RecordingSummary> {
    const manual = this.#manual;
    if (!manual) throw new SluiceError('NOT_FOUND', 'no recording goes on');
    this.#manual = undefined;
    await manual.file.close();
    const summary = await this.#options.saved.publish(manual.id, manual.file.path);
    this.#savedBytes = await this.#options.saved.bytes();
    return summary;
  }

  #fail(error: unknown): void {
    const sentence = `the recording cannot be written (${messageOf(error)})`;
    if (sentence !== this.#trouble) this.#options.onTrouble(sentence, { err: error });
    this.#trouble = sentence;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#work.then(work);
    this.#work = mine.catch(() => undefined);
    return mine;
  }

  #header(id: string, origin: RecordingOrigin, { name, note }: StartInput): RecordingHeader {
    return { id, name, note, origin, createdAt: Date.now(), server: this.#options.server() };
  }
}
