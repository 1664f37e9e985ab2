/**
 * What operators have running on the caches: one of a kind for each object at a time, each kind one after the other,
 * so that two prefetches do not bring twice as much at once. Those that have ended are kept for a while.
 */
import { orAborted } from '#main/object-store/cancel.ts';
import { Rate } from '#main/snapshots/rate.ts';
import type { CacheJob, CacheJobKind } from '#shared/cache-model.ts';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';

/** What the work on a job says of itself. */
export interface JobReport {
  phase(words: string): void;
  /** So many bytes more are done. */
  done(bytes: number): void;
  /** The total is known now, or known better. */
  total(bytes: number): void;
}

/** Resolves with what came of it: a sentence for people. */
export type CacheWork = (report: JobReport, signal: AbortSignal) => Promise<string>;

interface Running {
  job: CacheJob;
  readonly target: string;
  readonly rate: Rate;
  readonly life: AbortController;
  end: Promise<void>;
}

const maxEnded = 50;

export class CacheJobs implements AsyncDisposable {
  readonly #jobs = new Map<number, Running>();
  readonly #lines = new Map<CacheJobKind, Promise<void>>();
  #lastId = 0;

  /** The newest first. */
  get all(): readonly CacheJob[] {
    return [...this.#jobs.values()].map(viewOf).toReversed();
  }

  /** Starts a job, or finds the equal one that is under way. `detail` tells jobs on one object apart. */
  start(kind: CacheJobKind, object: string, detail: string, work: CacheWork): CacheJob {
    const target = `${kind}\n${object}\n${detail}`;
    const same = [...this.#jobs.values()].find((each) => each.target === target && !hasEnded(each.job));
    if (same) return viewOf(same);
    this.#lastId += 1;
    const job: CacheJob = {
      id: this.#lastId,
      kind,
      object,
      state: 'queued',
      phase: 'waiting for its turn',
      doneBytes: 0,
      totalBytes: 0,
      startedAt: Date.now(),
    };
    const life = new AbortController();
    const running: Running = { job, target, rate: new Rate(), life, end: Promise.resolve() };
    this.#jobs.set(job.id, running);
    running.end = this.#run(running, this.#lines.get(kind) ?? Promise.resolve(), work);
    this.#lines.set(kind, running.end);
    this.#tidy();
    return job;
  }

  /** False when it has ended already, or never was. */
  cancel(id: number): boolean {
    const running = this.#jobs.get(id);
    if (!running || hasEnded(running.job)) return false;
    running.life.abort(new SluiceError('ABORTED', 'cancelled'));
    return true;
  }

  /** Ends all of them, and waits until nothing is left under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#jobs.keys()) this.cancel(id);
    await Promise.all([...this.#jobs.values()].map(({ end }) => end));
  }

  async #run(running: Running, before: Promise<void>, work: CacheWork): Promise<void> {
    const { signal } = running.life;
    const set = (change: Partial<CacheJob>): void => {
      running.job = { ...running.job, ...change };
    };
    const end = (state: CacheJob['state'], outcome: string): void =>
      set({ state, outcome, endedAt: Date.now() });
    try {
      await orAborted(before, signal);
      set({ state: 'running', phase: 'starting' });
      const report: JobReport = {
        phase: (phase) => set({ phase }),
        done: (bytes) => {
          set({ doneBytes: running.job.doneBytes + bytes });
          running.rate.note(running.job.doneBytes, performance.now());
        },
        total: (totalBytes) => set({ totalBytes }),
      };
      end('done', await work(report, signal));
    } catch (error) {
      if (signal.aborted) end('cancelled', 'cancelled; what was done until then stays');
      else end('failed', isSluiceError(error) ? error.message : `something failed: ${messageOf(error)}`);
    }
  }

  #tidy(): void {
    for (const [id, { job }] of this.#jobs) {
      if (this.#jobs.size <= maxEnded) return;
      if (hasEnded(job)) this.#jobs.delete(id);
    }
  }
}

function hasEnded({ endedAt }: CacheJob): boolean {
  return endedAt !== undefined;
}

function viewOf({ job, rate }: Running): CacheJob {
  const { bytesPerSecond } = rate;
  return hasEnded(job) || bytesPerSecond === undefined ? job : { ...job, bytesPerSecond };
}
