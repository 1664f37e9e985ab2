/** One download as it is remembered: its counters, and a record of each piece that was fetched. */
import type { DownloadState } from '#shared/download-model.ts';
import {
  fetchLanes,
  hedgeOutcomes,
  laterTiers,
  maxFailedAttempts,
  pieceStates,
  type PieceState,
} from '#shared/vocabulary/downloads.ts';
import { isSluiceError } from '#shared/errors.ts';
import { ChunkRecords, maxRecords } from './chunk-records.ts';
import type { PieceWatch, WatchedPiece, WatchedRevision } from './chunk-watch.ts';

/** An attempt that came to nothing. Times are on the engine's clock. */
export interface FailedTry {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly endedAt: number;
  readonly reason: string;
}

/** Without a fetch and a reader for so long, a download is over. */
const idleMs = 30_000;
/** What one takes beside its rows, and a failed attempt, in bytes: estimates from above. */
const ownBytes = 2048;
const tryBytes = 128;
/** Rates are over this time, in so many buckets. */
const bucketMs = 250;
const buckets = 8;
/** Answers of which the median is told. */
const sampled = 64;

/** What all downloads of a log share. */
export interface LogClock {
  /** Milliseconds on the engine's clock. */
  readonly now: () => number;
  /** A number for a change, larger than all before. */
  readonly nextVersion: () => number;
}

export class RecordedDownload {
  readonly id: number;
  readonly records = new ChunkRecords();
  /** Of the rows that had any. */
  readonly failedTries = new Map<number, FailedTry[]>();
  readonly startedAt: number;
  lastAt: number;
  fetchedBytes = 0;
  done = 0;
  failed = 0;
  active = 0;
  retries = 0;
  hedges = 0;
  readonly #clock: LogClock;
  readonly #buckets = new Float64Array(buckets);
  #bucket = 0;
  #revision: WatchedRevision;
  #isEnded = false;
  #triesBytes = 0;

  constructor(id: number, revision: WatchedRevision, clock: LogClock) {
    this.id = id;
    this.#revision = revision;
    this.#clock = clock;
    this.startedAt = this.lastAt = clock.now();
  }

  /** As it was when something was fetched last. */
  get revision(): WatchedRevision {
    return this.#revision;
  }

  get readers(): number {
    return this.#revision.readers.size;
  }

  /** What it takes in memory, at most. */
  get byteLength(): number {
    return ownBytes + this.records.byteLength + this.#triesBytes;
  }

  /** Once it has ended it stays so: what is fetched later is another download. */
  get state(): DownloadState {
    if (this.active > 0) return 'fetching';
    if (!this.#isEnded && this.readers === 0 && this.#clock.now() - this.lastAt >= idleMs) {
      this.#isEnded = true;
      this.#letGo();
    }
    return this.#isEnded ? 'ended' : 'idle';
  }

  /** It is remembered no longer, although pieces of it may still be in memory: they are told to nobody. */
  forget(): void {
    this.#letGo();
    this.records.clear();
    this.failedTries.clear();
    this.#triesBytes = 0;
  }

  /** What the engine keeps of a revision is not kept from here. */
  #letGo(): void {
    const { object, known } = this.#revision;
    this.#revision = { object, known, readers: { size: 0 } };
  }

  /** Over the last two seconds. */
  get bytesPerSecond(): number {
    this.#turn();
    return this.#buckets.reduce((sum, bytes) => sum + bytes, 0) / ((bucketMs * buckets) / 1000);
  }

  /** Median of the newest answers, from asking to the head; `undefined` while there is none. */
  get firstByteMs(): number | undefined {
    const { records } = this;
    const times: number[] = [];
    for (let row = records.added - 1; row >= Math.max(records.first, records.added - sampled); row -= 1) {
      // The answer of a first look was there before it was asked for.
      if (records.get(row, 'lane') === fetchLanes.indexOf('first look')) continue;
      const milliseconds = records.get(row, 'answeredAt') - records.get(row, 'askedAt');
      if (milliseconds >= 0) times.push(milliseconds);
    }
    return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
  }

  /** A piece of it is fetched. */
  add(revision: WatchedRevision, piece: WatchedPiece, before: PieceWatch | undefined): PieceWatch {
    this.#revision = revision;
    const row = this.records.add();
    this.#forgetTries(row - maxRecords);
    const { records } = this;
    records.set(row, 'index', piece.index);
    records.set(row, 'start', piece.start);
    records.set(row, 'end', piece.end);
    records.set(row, 'lane', fetchLanes.indexOf(piece.lane));
    records.set(row, 'attempts', 0);
    records.set(row, 'hedge', hedgeOutcomes.indexOf('none'));
    records.set(row, 'tier', laterTiers.indexOf('none'));
    records.set(row, 'receivedBytes', 0);
    records.set(row, 'queuedAt', this.#clock.now());
    this.active += 1;
    this.enter(row, 'queued');
    return new RecordedPiece(this, { clock: this.#clock, row, before });
  }

  /** A chunk of it came from disk. */
  fromDisk(index: number): void {
    const row = this.records.newestOf(index);
    if (row === undefined) return;
    this.records.set(row, 'tier', laterTiers.indexOf('disk'));
    this.touch(row);
  }

  enter(row: number, state: PieceState): void {
    this.records.set(row, 'state', pieceStates.indexOf(state));
    this.touch(row);
  }

  /** Something about the row is new. */
  touch(row: number): void {
    this.records.set(row, 'version', this.#clock.nextVersion());
  }

  arrived(bytes: number): void {
    this.fetchedBytes += bytes;
    this.lastAt = this.#clock.now();
    this.#turn();
    const at = this.#bucket % buckets;
    this.#buckets[at] = (this.#buckets[at] ?? 0) + bytes;
  }

  /** A piece is on its way no longer. */
  ended(outcome: 'done' | 'failed' | 'cancelled'): void {
    this.active -= 1;
    this.lastAt = this.#clock.now();
    if (outcome !== 'cancelled') this[outcome] += 1;
  }

  noteFailedTry(row: number, cause: unknown): void {
    if (!this.records.has(row)) return;
    const tries = this.failedTries.get(row) ?? [];
    this.failedTries.set(row, tries);
    if (tries.length >= maxFailedAttempts) return;
    this.#triesBytes += tryBytes;
    tries.push({
      askedAt: this.records.get(row, 'askedAt'),
      answeredAt: this.records.get(row, 'answeredAt'),
      endedAt: this.#clock.now(),
      reason: isSluiceError(cause) ? cause.code : 'UNKNOWN',
    });
  }

  #forgetTries(row: number): void {
    const tries = this.failedTries.get(row);
    if (!tries) return;
    this.failedTries.delete(row);
    this.#triesBytes -= tries.length * tryBytes;
  }

  /** Buckets that nothing came into are emptied. */
  #turn(): void {
    const bucket = Math.floor(this.#clock.now() / bucketMs);
    const passed = Math.min(bucket - this.#bucket, buckets);
    for (let step = 1; step <= passed; step += 1) this.#buckets[(this.#bucket + step) % buckets] = 0;
    this.#bucket = Math.max(bucket, this.#bucket);
  }
}

interface PieceOptions {
  readonly clock: LogClock;
  readonly row: number;
  readonly before: PieceWatch | undefined;
}

/** The hand of the engine on one row. What is told after the end changes nothing that was counted. */
class RecordedPiece implements PieceWatch {
  readonly #download: RecordedDownload;
  readonly #clock: LogClock;
  readonly #row: number;
  readonly #before: PieceWatch | undefined;
  #phase: 'on its way' | 'whole' | 'over' = 'on its way';

  constructor(download: RecordedDownload, { clock, row, before }: PieceOptions) {
    this.#download = download;
    this.#before = before;
    this.#clock = clock;
    this.#row = row;
  }

  attempt(number: number): void {
    const { records } = this.#download;
    if (number > 1) this.#download.retries += 1;
    records.set(this.#row, 'attempts', number);
    records.set(this.#row, 'askedAt', this.#clock.now());
    records.set(this.#row, 'answeredAt', Number.NaN);
    this.#download.enter(this.#row, 'waiting');
  }

  hedged(): void {
    this.#download.hedges += 1;
    this.#download.records.set(this.#row, 'hedge', hedgeOutcomes.indexOf('hedged'));
    this.#download.touch(this.#row);
  }

  answered(by: 'request' | 'hedge'): void {
    const { records } = this.#download;
    records.set(this.#row, 'answeredAt', this.#clock.now());
    if (by === 'hedge') records.set(this.#row, 'hedge', hedgeOutcomes.indexOf('won'));
    this.#download.enter(this.#row, 'receiving');
  }

  received(bytes: number): void {
    const { records } = this.#download;
    this.#download.arrived(bytes);
    if (Number.isNaN(records.get(this.#row, 'answeredAt'))) this.answered('request');
    records.set(this.#row, 'receivedBytes', records.get(this.#row, 'receivedBytes') + bytes);
    this.#download.touch(this.#row);
  }

  backedOff(cause: unknown): void {
    this.#download.noteFailedTry(this.#row, cause);
    this.#download.enter(this.#row, 'retry');
  }

  complete(): void {
    const { records } = this.#download;
    records.set(this.#row, 'completeAt', this.#clock.now());
    records.set(this.#row, 'heldMs', 0);
    records.set(this.#row, 'heldSince', this.#clock.now());
    this.#end('done', 'held');
    this.#phase = 'whole';
  }

  failed(cause: unknown): void {
    this.#download.noteFailedTry(this.#row, cause);
    this.#end('failed', 'failed');
  }

  reread(): void {
    this.#before?.reread();
    if (this.#phase !== 'whole') return;
    const { records } = this.#download;
    records.set(this.#row, 'tier', laterTiers.indexOf('memory'));
    if (Number.isNaN(records.get(this.#row, 'heldSince')))
      records.set(this.#row, 'heldSince', this.#clock.now());
    records.set(this.#row, 'releasedAt', Number.NaN);
    this.#download.enter(this.#row, 'held');
  }

  released(): void {
    this.#before?.released();
    if (this.#phase !== 'whole') return;
    this.#letGo();
    this.#download.records.set(this.#row, 'releasedAt', this.#clock.now());
    this.#download.enter(this.#row, 'cached');
  }

  left(cause: 'evicted' | 'aborted' | 'failed'): void {
    this.#before?.left(cause);
    if (this.#phase === 'on its way') {
      this.#end(cause === 'failed' ? 'failed' : 'cancelled', cause === 'failed' ? 'failed' : 'cancelled');
    } else if (this.#phase === 'whole') {
      this.#letGo();
      this.#download.records.set(this.#row, 'goneAt', this.#clock.now());
      this.#download.enter(this.#row, cause === 'failed' ? 'failed' : 'evicted');
    }
    this.#phase = 'over';
  }

  /** The time for which it has been held is over. */
  #letGo(): void {
    const { records } = this.#download;
    const since = records.get(this.#row, 'heldSince');
    if (Number.isNaN(since)) return;
    records.set(this.#row, 'heldMs', records.get(this.#row, 'heldMs') + this.#clock.now() - since);
    records.set(this.#row, 'heldSince', Number.NaN);
  }

  #end(outcome: 'done' | 'failed' | 'cancelled', state: PieceState): void {
    if (this.#phase !== 'on its way') return;
    this.#phase = 'over';
    this.#download.ended(outcome);
    this.#download.enter(this.#row, state);
  }
}
