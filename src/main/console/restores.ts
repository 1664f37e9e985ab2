/**
 * Restores to folders of this machine, as jobs beside those of the server's own. The server does not know of them: a
 * restore is a client's work. Their ids are negative, so that the two never meet.
 */
import type { Repository } from '#main/http/names.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';
import type { Job } from '#shared/repository-model.ts';

/** How far a restore is. */
type RestoreReport = Pick<Job, 'phase' | 'done' | 'total' | 'unit' | 'bytesPerSecond'>;

export interface RestoreWatch {
  readonly signal: AbortSignal;
  readonly onReport: (report: RestoreReport) => void;
  /** What git and tar write, secrets taken out. */
  readonly onLine: (line: string) => void;
}

/** Restores `repository` into `directory`, which must not exist or be empty. Resolves with what came of it: a sentence. */
export type Restore = (repository: Repository, directory: string, watch: RestoreWatch) => Promise<string>;

interface Running {
  job: Job;
  readonly lines: string[];
  readonly stopping: AbortController;
  readonly end: Promise<void>;
}

/** Lines of a log that are kept, and jobs: the newest. */
const maxLines = 2000;
const maxJobs = 50;

export class Restores implements AsyncDisposable {
  readonly #restore: Restore;
  readonly #now: () => number;
  readonly #running = new Map<number, Running>();
  #lastId = 0;

  constructor(restore: Restore, now: () => number = Date.now) {
    this.#restore = restore;
    this.#now = now;
  }

  /** The newest first. */
  get jobs(): readonly Job[] {
    return [...this.#running.values()].map(({ job }) => job).toReversed();
  }

  start(repository: Repository, directory: string): Job {
    this.#lastId -= 1;
    const id = this.#lastId;
    const job: Job = {
      id,
      kind: 'restore',
      repository: repository.upstream,
      state: 'running',
      phase: `restoring into ${directory}`,
      startedAt: this.#now(),
    };
    const stopping = new AbortController();
    const running = { job, lines: [], stopping, end: Promise.resolve() };
    this.#running.set(id, running);
    running.end = this.#run(running, repository, directory);
    this.#forgetOld();
    return running.job;
  }

  /** False when it has ended already, or never was. */
  cancel(id: number): boolean {
    const running = this.#running.get(id);
    if (running?.job.state !== 'running') return false;
    running.stopping.abort();
    return true;
  }

  log(id: number): readonly string[] | undefined {
    return this.#running.get(id)?.lines;
  }

  /** Ends all that are under way, and waits until nothing is left of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#running.values()];
    for (const { stopping } of all) stopping.abort();
    await Promise.all(all.map(({ end }) => end));
  }

  async #run(running: Running, repository: Repository, directory: string): Promise<void> {
    const { lines, stopping } = running;
    const watch: RestoreWatch = {
      signal: stopping.signal,
      onReport: (report) => {
        const { id, kind, repository, state, startedAt } = running.job;
        running.job = { id, kind, repository, state, startedAt, ...report };
      },
      onLine: (line) => {
        lines.push(line);
        if (lines.length > maxLines) lines.splice(0, lines.length - maxLines);
      },
    };
    const end = (state: Job['state'], outcome: string): void => {
      running.job = { ...running.job, state, outcome, endedAt: this.#now() };
    };
    try {
      end('done', await this.#restore(repository, directory, watch));
    } catch (error) {
      const isCancelled = stopping.signal.aborted || isSluiceError(error, 'ABORTED');
      if (isCancelled) end('cancelled', `cancelled; ${directory} is as it was`);
      else end('failed', messageOf(error));
    }
  }

  #forgetOld(): void {
    for (const [id, { job }] of this.#running) {
      if (this.#running.size <= maxJobs) return;
      if (job.state !== 'running') this.#running.delete(id);
    }
  }
}
