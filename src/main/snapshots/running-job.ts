/** One job: what it does now, how far it is, what its programs say, and what came of it. */
import type { GitProgress, GitWatch } from '#main/git/git.ts';
import type { Repository } from '#main/http/names.ts';
import { orAborted } from '#main/object-store/cancel.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import type { Job, JobKind, JobState } from '#shared/repository-model.ts';
import { Rate } from './rate.ts';
import type { Turns } from './turns.ts';

const maxLines = 500;
const maxLineLength = 1000;

/** How far a phase is. */
export interface JobProgress {
  readonly done?: number | undefined;
  readonly total?: number | undefined;
  readonly unit?: Job['unit'];
  /** In all, for the rate. */
  readonly bytes?: number | undefined;
}

/** What a job is about. Of those that are equal one runs at a time. */
export interface JobTarget {
  readonly kind: JobKind;
  readonly repository: Repository;
  /** Tells jobs of one kind apart. */
  readonly detail?: string | undefined;
}

/** Why a job failed, for people, from what was thrown and what was written. */
export type Explain = (error: unknown, lines: readonly string[]) => SluiceError;

/** @returns the outcome, a sentence for people */
export type JobWork = (job: RunningJob) => Promise<string>;

export class RunningJob {
  readonly id: number;
  readonly target: JobTarget;
  readonly startedAt = Date.now();
  /** Settles when it has ended; rejects with why it failed, in words for people. Never unhandled. */
  readonly finished: Promise<void>;
  readonly #life = new AbortController();
  readonly #turns: Turns;
  readonly #followers = new Set<RunningJob>();
  #state: JobState = 'running';
  #phase = 'starting';
  #progress: JobProgress = {};
  #rate = new Rate();
  #lines: string[] = [];
  #endedAt: number | undefined;
  #outcome: string | undefined;

  constructor(
    id: number,
    target: JobTarget,
    { work, turns, explain }: { readonly work: JobWork; readonly turns: Turns; readonly explain: Explain },
  ) {
    this.id = id;
    this.target = target;
    this.#turns = turns;
    this.finished = this.#run(work, explain);
    this.finished.catch(() => undefined);
  }

  /** Aborts when somebody cancels the job. */
  get signal(): AbortSignal {
    return this.#life.signal;
  }

  get hasEnded(): boolean {
    return this.#endedAt !== undefined;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** For git: its progress is the job's, its lines go to the log. */
  get watch(): GitWatch {
    return {
      onProgress: (progress) => this.#fromGit(progress),
      onLine: (line) => this.line(line),
    };
  }

  get view(): Job {
    const { done, total, unit } = this.#progress;
    const bytesPerSecond = this.hasEnded ? undefined : this.#rate.bytesPerSecond;
    return {
      id: this.id,
      kind: this.target.kind,
      repository: this.target.repository.upstream,
      state: this.#state,
      phase: this.#phase,
      ...(done === undefined ? {} : { done }),
      ...(total === undefined ? {} : { total }),
      ...(unit === undefined ? {} : { unit }),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      startedAt: this.startedAt,
      ...(this.#endedAt === undefined ? {} : { endedAt: this.#endedAt }),
      ...(this.#outcome === undefined ? {} : { outcome: this.#outcome }),
    };
  }

  /** Says what it does now, and how far that is. */
  report(phase: string, progress: JobProgress = {}): void {
    if (phase !== this.#phase) this.#rate = new Rate();
    this.#phase = phase;
    this.#progress = progress;
    if (progress.bytes !== undefined) this.#rate.note(progress.bytes, performance.now());
    for (const follower of this.#followers) follower.report(phase, progress);
  }

  /** Adds to the log; of many lines the newest are kept. */
  line(text: string): void {
    this.#lines.push(text.slice(0, maxLineLength));
    if (this.#lines.length > maxLines) this.#lines.shift();
    for (const follower of this.#followers) follower.line(text);
  }

  /** Waits for its turn among all that are heavy. */
  async turn(): Promise<Disposable> {
    this.#state = 'queued';
    try {
      return await this.#turns.take(this.signal);
    } finally {
      this.#state = 'running';
    }
  }

  /** Waits for another job, and shows its progress as its own. @throws why that one failed; SluiceError ABORTED */
  async follow(other: RunningJob): Promise<void> {
    other.#followers.add(this);
    this.report(other.#phase, other.#progress);
    try {
      await orAborted(other.finished, this.signal);
    } finally {
      other.#followers.delete(this);
    }
  }

  cancel(): void {
    this.#life.abort(new SluiceError('ABORTED', 'cancelled'));
  }

  async #run(work: JobWork, explain: Explain): Promise<void> {
    try {
      // Not before whoever starts it has it in hand.
      await Promise.resolve();
      this.#end('done', await work(this));
    } catch (error) {
      const reason = this.signal.aborted
        ? new SluiceError('ABORTED', 'cancelled')
        : explain(error, this.#lines);
      if (reason !== error) this.line(messageOf(error));
      this.#end(this.signal.aborted ? 'cancelled' : 'failed', reason.message);
      throw reason;
    }
  }

  #end(state: JobState, outcome: string): void {
    this.#state = state;
    this.#outcome = outcome;
    this.#endedAt = Date.now();
  }

  #fromGit({ phase, done, total, bytes }: GitProgress): void {
    this.report(phase, { done, total, bytes, unit: done === undefined ? undefined : 'objects' });
  }
}
