/**
 * Of several servers with one store, one makes a thing at a time; the others wait, and use what it made. A store that
 * has no leases, or cannot give one now, keeps nobody from working: what is made is whole anyway, and the last one
 * stays.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ignore } from '#main/object-store/cancel.ts';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';
import type { RunningJob } from './running-job.ts';

export interface LeaseTimes {
  /** How long others wait for a server that has died. */
  readonly ttlMs: number;
  /** How often those who wait look. */
  readonly pollMs: number;
}

const defaultLeaseTimes: LeaseTimes = { ttlMs: 60_000, pollMs: 2000 };

export interface Making {
  readonly key: string;
  /** What there is to say when there is nothing to do any more, else `undefined`. Asked before and under the lease. */
  readonly settled: () => Promise<string | undefined>;
  readonly make: () => Promise<string>;
}

export class Leases {
  readonly #store: Pick<ObjectStore, 'lease'>;
  readonly #times: LeaseTimes;

  constructor(store: Pick<ObjectStore, 'lease'>, times: LeaseTimes = defaultLeaseTimes) {
    this.#store = store;
    this.#times = times;
  }

  /** Makes a thing when it is this job's turn and no other server is about it. @returns what came of it */
  async make({ key, settled, make }: Making, job: RunningJob): Promise<string> {
    for (;;) {
      const done = (await settled()) ?? (await this.#try({ key, settled, make }, job));
      if (done !== undefined) return done;
      job.report('waiting for another server');
      await delay(this.#times.pollMs, undefined, { signal: job.signal }).catch(ignore);
      job.signal.throwIfAborted();
    }
  }

  /** `undefined`: another server has the lease. Waiting for it must not take the turn of others. */
  async #try({ key, settled, make }: Making, job: RunningJob): Promise<string | undefined> {
    using _turn = await job.turn();
    const lease = await this.#take(key, job);
    if (!lease) return undefined;
    await using _lease = lease;
    return (await settled()) ?? (await make());
  }

  async #take(key: string, job: RunningJob): Promise<AsyncDisposable | undefined> {
    const none = { [Symbol.asyncDispose]: async () => undefined };
    if (!this.#store.lease) return none;
    try {
      return await this.#store.lease(key, this.#times.ttlMs, job.signal);
    } catch (error) {
      if (isSluiceError(error, 'ABORTED')) throw error;
      job.line(`without a lease, since the store gives none: ${messageOf(error)}`);
      return none;
    }
  }
}
