/**
 * All jobs: one of a kind at a time for each repository, a few heavy ones in all. Those that have ended are kept for
 * a while, so that people see what came of them.
 */
import type { Logger } from 'pino';
import type { Repository } from '#main/http/names.ts';
import { RunningJob, type Explain, type JobTarget, type JobWork } from './running-job.ts';
import { Turns } from './turns.ts';

/** Heavy ones at a time: each takes all cores for a part of its life. */
const heavyJobs = 2;
const maxEnded = 200;
const keptMs = 24 * 3_600_000;

export interface JobsOptions {
  readonly log: Pick<Logger, 'warn' | 'info'>;
  /** Why a job on this repository failed, in words for people. */
  readonly explain: (repository: Repository) => Explain;
}

export class Jobs implements AsyncDisposable {
  readonly #options: JobsOptions;
  readonly #turns = new Turns(heavyJobs);
  /** The oldest first. */
  readonly #jobs = new Map<number, RunningJob>();
  #lastId = 0;
  #isClosed = false;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** Starts a job, or finds the equal one that is under way. */
  start(target: JobTarget, work: JobWork): RunningJob {
    const running = this.running(target);
    if (running) return running;
    this.#lastId += 1;
    const explain = this.#options.explain(target.repository);
    const job = new RunningJob(this.#lastId, target, { work, turns: this.#turns, explain });
    if (this.#isClosed) job.cancel();
    this.#jobs.set(job.id, job);
    void this.#attend(job);
    return job;
  }

  running({ kind, repository, detail }: JobTarget): RunningJob | undefined {
    const isIt = ({ target }: RunningJob): boolean =>
      target.kind === kind && target.repository.upstream === repository.upstream && target.detail === detail;
    return this.#under().find(isIt);
  }

  find(id: number): RunningJob | undefined {
    return this.#jobs.get(id);
  }

  /** The newest first. */
  all(): readonly RunningJob[] {
    return [...this.#jobs.values()].toReversed();
  }

  /** Ends all jobs on a repository and waits for them. */
  async cancelAll(repository: Repository): Promise<void> {
    await this.#cancel(
      this.#under().filter(({ target }) => target.repository.upstream === repository.upstream),
    );
  }

  /** Ends all jobs and waits for them; those that are started later end at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#cancel(this.#under());
  }

  #under(): readonly RunningJob[] {
    return [...this.#jobs.values()].filter((job) => !job.hasEnded);
  }

  async #cancel(jobs: readonly RunningJob[]): Promise<void> {
    for (const job of jobs) job.cancel();
    await Promise.allSettled(jobs.map((job) => job.finished));
  }

  async #attend(job: RunningJob): Promise<void> {
    const facts = { job: job.id, kind: job.target.kind, repository: job.target.repository.upstream };
    try {
      await job.finished;
      this.#options.log.info(facts, 'a job is done');
    } catch (error) {
      if (!job.signal.aborted) this.#options.log.warn({ ...facts, err: error }, 'a job failed');
    }
    this.#tidy(Date.now());
  }

  #tidy(now: number): void {
    const ended = this.all().filter((job) => job.hasEnded);
    const isOld = ({ view }: RunningJob): boolean => now - (view.endedAt ?? now) > keptMs;
    for (const [place, job] of ended.entries())
      if (place >= maxEnded || isOld(job)) this.#jobs.delete(job.id);
  }
}
