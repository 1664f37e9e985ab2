/** A fetcher in virtual time over a scripted origin, and fetches whose every event is recorded. */
import { setImmediate as turn } from 'node:timers/promises';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { ScriptedOrigin } from '#main/testing/scripted-origin.ts';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { VirtualClock } from '#main/testing/virtual-clock.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import type { Discovered, Fetch, Urgency } from './fetch.ts';
import { Fetcher } from './fetcher.ts';
import type { FetchTuning } from './tuning.ts';

export const revision: ObjectRevision = { key: 'object', pin: 'pin-1', length: 64 * 1024 * 1024 };

export const unavailable = (retryAfterMs?: number): SluiceError =>
  new SluiceError('STORE_UNAVAILABLE', 'scripted', { retryAfterMs });

export interface WorldOptions {
  readonly tuning?: FetchTuning;
  readonly letsGo?: 'at once' | 'when settled';
  readonly random?: () => number;
}

export interface FetchOptions {
  readonly range?: ByteRange;
  readonly urgency?: Urgency;
  readonly discovered?: Discovered;
  /** Called at each event, after it was recorded. */
  readonly onEvent?: (event: string) => void;
}

/** A fetch and what it has told. */
export interface Recorded {
  readonly fetch: Fetch;
  readonly into: Uint8Array;
  readonly events: string[];
  readonly firstByteMs: number | undefined;
  readonly outcome: 'done' | 'failed' | undefined;
  readonly error: unknown;
  /** The sum of what `received` said. */
  readonly receivedBytes: number;
  /** What has been received is what the object has there. */
  readonly isRight: boolean;
}

export class World {
  readonly clock = new VirtualClock();
  readonly origin: ScriptedOrigin;
  readonly fetcher: Fetcher;

  constructor({ tuning, letsGo, random = () => 0.5 }: WorldOptions = {}) {
    this.origin = new ScriptedOrigin(this.clock, letsGo);
    this.fetcher = new Fetcher({ store: this.origin, clock: this.clock, random, tuning });
  }

  fetch(options: FetchOptions = {}): Recorded {
    return recordFetch(this, options);
  }

  /** Lets promises settle, then does the next thing that is due; false when nothing is. */
  async step(): Promise<boolean> {
    await settle();
    return this.clock.step();
  }

  /** Until nothing is due any more, or so much time has passed. */
  async run(milliseconds = Number.POSITIVE_INFINITY): Promise<void> {
    const untilMs = this.clock.now() + milliseconds;
    while (this.clock.now() < untilMs && (await this.step()));
    await settle();
  }

  /** Nothing in flight, nothing waiting, no permit out, no timer. */
  get isQuiet(): boolean {
    const { activeRequests, permits, fetches } = this.fetcher.stats;
    const { small, demand, ahead } = permits.waiting;
    const sum = activeRequests + permits.inUse + fetches.length + small + demand + ahead;
    return sum + this.origin.active + this.clock.pending === 0;
  }
}

/** All promises that can settle now have. */
export async function settle(): Promise<void> {
  await turn();
}

function recordFetch(world: World, options: FetchOptions): Recorded {
  const { range = { start: 0, end: 1024 * 1024 }, urgency = 'demand', discovered, onEvent } = options;
  const into = new Uint8Array(range.end - range.start);
  const beganMs = world.clock.now();
  const record = {
    into,
    events: [] as string[],
    firstByteMs: undefined as number | undefined,
    outcome: undefined as Recorded['outcome'],
    error: undefined as unknown,
    receivedBytes: 0,
    get isRight(): boolean {
      const expected = bytesOf(revision.key, range).subarray(0, record.receivedBytes);
      return Buffer.compare(into.subarray(0, record.receivedBytes), expected) === 0;
    },
  };
  const tell = (event: string): void => {
    record.events.push(event);
    onEvent?.(event);
  };
  const fetch = world.fetcher.start({
    revision,
    range,
    into,
    urgency,
    discovered,
    events: {
      attempt: (number) => tell(`attempt ${number}`),
      received: (bytes) => {
        record.firstByteMs ??= world.clock.now() - beganMs;
        record.receivedBytes += bytes;
        tell(`received ${bytes}`);
      },
      backOff: (milliseconds, cause) =>
        tell(`back off ${Math.round(milliseconds)} ${isSluiceError(cause) ? cause.code : 'unknown'}`),
      done: () => {
        record.outcome = 'done';
        tell('done');
      },
      failed: (error) => {
        record.outcome = 'failed';
        record.error = error;
        tell(`failed ${isSluiceError(error) ? error.code : 'unknown'}`);
      },
    },
  });
  return Object.assign(record, { fetch });
}
