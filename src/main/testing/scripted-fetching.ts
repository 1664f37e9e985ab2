/**
 * The fetch level for tests of what lies above it, on a virtual clock: bytes that follow from their name and position
 * come in pieces, late, or not at all, as the script says.
 */
import type { Fetching } from '#main/cache/fills.ts';
import type { Fetch, FetchJob } from '#main/fetch/fetch.ts';
import type { Clock, Timer } from '#main/flow/clock.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { SluiceError, type ErrorCode } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { bytesOf } from './scripted-store.ts';

export interface FetchScript {
  /** Until the first byte. */
  readonly waitMs: number;
  readonly pieceBytes: number;
  readonly pieceMs: number;
  /** Fails for good after so many bytes. */
  readonly failsAfter?: number | undefined;
  readonly failsWith?: ErrorCode | undefined;
  /** The first request fails after so many bytes; a second one goes on. */
  readonly retriesAfter?: number | undefined;
  /** After a cancel something may be written for so long, behind what has been received. */
  readonly lingersMs: number;
}

export class ScriptedFetching implements Fetching {
  readonly jobs: FetchJob[] = [];
  active = 0;
  bytes = 0;
  script: (job: FetchJob) => FetchScript = () => ({
    waitMs: 5,
    pieceBytes: 64 * 1024,
    pieceMs: 1,
    lingersMs: 0,
  });
  /** What an object is made of. */
  contents: (revision: ObjectRevision, range: ByteRange) => Uint8Array = ({ key }, range) =>
    bytesOf(key, range);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(job: FetchJob): Fetch {
    job.discovered?.[Symbol.dispose]();
    this.jobs.push(job);
    this.active += 1;
    const run = new ScriptedFetch(job, this.script(job), this, this.#clock);
    return run;
  }
}

class ScriptedFetch implements Fetch {
  readonly #job: FetchJob;
  readonly #script: FetchScript;
  readonly #owner: ScriptedFetching;
  readonly #clock: Clock;
  #at = 0;
  #attempts = 0;
  #isOver = false;
  #timer: Timer;

  constructor(job: FetchJob, script: FetchScript, owner: ScriptedFetching, clock: Clock) {
    this.#job = job;
    this.#script = script;
    this.#owner = owner;
    this.#clock = clock;
    this.#timer = clock.after(script.waitMs, () => this.#attempt());
  }

  promote(): void {
    if (this.#isOver) throw new Error('a fetch that is over was promoted');
  }

  cancel(released: () => void): void {
    if (this.#isOver) throw new Error('a fetch that is over was cancelled');
    this.#end();
    const { lingersMs } = this.#script;
    if (lingersMs === 0) {
      released();
      return;
    }
    this.#clock.after(lingersMs, () => {
      this.#job.into.fill(255, this.#at);
      released();
    });
  }

  #attempt(): void {
    this.#attempts += 1;
    this.#timer = this.#clock.after(this.#script.pieceMs, () => this.#piece());
    this.#job.events.attempt(this.#attempts);
  }

  #piece(): void {
    const { into, range, revision, events } = this.#job;
    const { pieceBytes, pieceMs, failsAfter = Infinity, retriesAfter = Infinity } = this.#script;
    const stop = this.#attempts === 1 ? Math.min(failsAfter, retriesAfter) : failsAfter;
    const start = this.#at;
    const end = Math.min(start + pieceBytes, into.length, Math.max(start, stop));
    into.set(this.#owner.contents(revision, { start: range.start + start, end: range.start + end }), start);
    this.#at = end;
    this.#owner.bytes += end - start;
    this.#timer = this.#clock.after(pieceMs, () => this.#piece());
    if (end > start) events.received(end - start);
    if (!this.#isOver) this.#afterPiece();
  }

  #afterPiece(): void {
    const { into, events } = this.#job;
    const { failsAfter = Infinity, failsWith = 'STORE_UNAVAILABLE', retriesAfter = Infinity } = this.#script;
    if (this.#at === into.length) {
      this.#end();
      events.done();
    } else if (this.#at >= failsAfter) {
      this.#end();
      events.failed(new SluiceError(failsWith, 'scripted failure'));
    } else if (this.#attempts === 1 && this.#at >= retriesAfter) {
      this.#timer.cancel();
      this.#timer = this.#clock.after(this.#script.waitMs, () => this.#attempt());
      events.backOff(this.#script.waitMs, new Error('scripted failure'));
    }
  }

  #end(): void {
    this.#timer.cancel();
    this.#isOver = true;
    this.#owner.active -= 1;
  }
}
