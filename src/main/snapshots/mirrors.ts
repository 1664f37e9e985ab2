/**
 * All mirrors: found again after a restart, made when somebody needs one, asked to fetch not more often than every
 * few seconds. Whatever takes long is a job; of a mirror's clones and fetches one runs at a time, for all who wait.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { incomingPattern } from '#main/git/mirror.ts';
import type { Git } from '#main/git/git.ts';
import { parseRepository, type Repository } from '#main/http/names.ts';
import { ignore, orAborted } from '#main/object-store/cancel.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Jobs } from './jobs.ts';
import { KeptMirror, takeStock } from './kept-mirror.ts';
import type { RunningJob } from './running-job.ts';

/** From one fetch to the next. */
const fetchIntervalMs = 3000;
/** From one look at the upstream's HEAD to the next. */
const lookIntervalMs = 1000;
/** How long a clone that failed is not tried again for every request. */
const failureMs = 10_000;

export interface MirrorsOptions {
  readonly dataDir: string;
  /** No other process works there: what looks left over is. */
  readonly isAlone: boolean;
  readonly git: Git;
  readonly jobs: Jobs;
  /** Where a repository is fetched from; `undefined` when it is not allowed. */
  readonly fetchUrl: (repository: Repository) => string | undefined;
  /** Brings a mirror back from the store, if one is there. */
  readonly restore: (kept: KeptMirror, job: RunningJob) => Promise<boolean>;
  /** For tests. */
  readonly intervals?: { readonly fetchMs: number; readonly lookMs: number } | undefined;
}

export class Mirrors {
  readonly #options: MirrorsOptions;
  readonly #folder: string;
  readonly #kept = new Map<string, KeptMirror>();

  private constructor(options: MirrorsOptions) {
    this.#options = options;
    this.#folder = join(options.dataDir, 'mirrors');
  }

  /** Removes what a crash has left, and knows again what there was. @throws the system's error */
  static async open(options: MirrorsOptions): Promise<Mirrors> {
    const mirrors = new Mirrors(options);
    await mkdir(mirrors.#folder, { recursive: true, mode: 0o700 });
    const isLeft = (name: string): boolean => options.isAlone && incomingPattern.test(name);
    for (const record of await takeStock(mirrors.#folder, isLeft)) {
      const repository = parseRepository(record.upstream.replace(/^https:\/\//, ''));
      const fetchUrl = options.fetchUrl(repository);
      // One that is not allowed now may be allowed again.
      if (fetchUrl === undefined) continue;
      const place = { mirrors: mirrors.#folder, fetchUrl, git: options.git };
      mirrors.#kept.set(repository.upstream, new KeptMirror(repository, place, record));
    }
    return mirrors;
  }

  /** Those that were there at start, or that somebody has asked for. */
  get all(): readonly KeptMirror[] {
    return [...this.#kept.values()];
  }

  find(repository: Repository): KeptMirror | undefined {
    return this.#kept.get(repository.upstream);
  }

  /** The mirror of an allowed repository, there or not. @throws SluiceError NOT_FOUND */
  of(repository: Repository): KeptMirror {
    const known = this.find(repository);
    if (known) return known;
    const fetchUrl = this.#options.fetchUrl(repository);
    if (fetchUrl === undefined)
      throw new SluiceError('NOT_FOUND', `${repository.upstream} is not allowed here`);
    const kept = new KeptMirror(repository, { mirrors: this.#folder, fetchUrl, git: this.#options.git });
    this.#kept.set(repository.upstream, kept);
    return kept;
  }

  /**
   * The mirror, made now if it is not there; `job` waits for that, and shows it as its own.
   * @throws why it cannot be made; for a few seconds also to those who come later
   */
  async ready(repository: Repository, signal: AbortSignal, job?: RunningJob): Promise<KeptMirror> {
    const kept = this.of(repository);
    if (await kept.open(signal)) return kept;
    const { failure } = kept;
    if (failure && performance.now() - failure.at < failureMs) throw failure.error;
    const cloning = this.clone(repository);
    await (job ? job.follow(cloning) : orAborted(cloning.finished, signal));
    return kept;
  }

  /** Makes the mirror unless it is there. */
  clone(repository: Repository): RunningJob {
    const kept = this.of(repository);
    const job = this.#options.jobs.start({ kind: 'clone', repository }, async (running) => {
      if (await kept.open(running.signal)) return 'the mirror is there';
      using _turn = await running.turn();
      const restore = () => this.#options.restore(kept, running);
      const how = await kept.clone(restore, running.signal, running.watch);
      if (how === 'restored')
        await kept.fetch(running.signal, running.watch).catch((error: unknown) => carryOn(running, error));
      return `${how === 'restored' ? 'restored from the store' : 'cloned'}: ${headInWords(kept)}`;
    });
    job.finished.catch((error: unknown) => {
      if (job.signal.aborted) return;
      kept.failure = { error, at: performance.now() };
      setTimeout(() => this.#forgetFailed(kept), failureMs).unref();
    });
    return job;
  }

  /** Asks the upstream for everything that is new. */
  fetch(repository: Repository): RunningJob {
    return this.#options.jobs.start({ kind: 'fetch', repository }, async (job) => {
      const kept = this.of(repository);
      if (!(await kept.open(job.signal))) {
        await this.ready(repository, job.signal, job);
        return headInWords(kept);
      }
      const before = kept.head?.commit;
      await this.#untilAllowed(kept, job);
      await kept.fetch(job.signal, job.watch);
      return kept.head?.commit === before ? `nothing new: ${headInWords(kept)}` : headInWords(kept);
    });
  }

  /**
   * Sees to it that the mirror is where the upstream was at this call or, as far as HEAD is concerned, a few seconds
   * before. An upstream that does not answer changes nothing. @throws SluiceError ABORTED
   */
  async freshen(kept: KeptMirror, signal: AbortSignal): Promise<void> {
    if (performance.now() - kept.lookedAt < this.#intervals.lookMs) return;
    kept.lookedAt = performance.now();
    try {
      const upstream = await kept.mirror?.upstreamHead(signal);
      if (upstream === kept.head?.commit) return;
      await orAborted(this.fetch(kept.repository).finished, signal);
    } catch (error) {
      // The job has said why; what the mirror knows is still good.
      if (signal.aborted) throw error;
    }
  }

  /** Puts the mirror in order, when that is due. */
  clean(repository: Repository): RunningJob {
    return this.#options.jobs.start({ kind: 'fetch', repository, detail: 'cleaning' }, async (job) => {
      using _turn = await job.turn();
      await this.find(repository)?.clean(job.signal, job.watch);
      return 'the mirror is in order';
    });
  }

  /** Removes the mirror; nothing may be at work in it. @throws the system's error */
  async remove(repository: Repository): Promise<void> {
    await this.find(repository)?.remove();
    this.#kept.delete(repository.upstream);
  }

  /** What was asked for and is not there is not remembered for ever. */
  #forgetFailed(kept: KeptMirror): void {
    const { upstream } = kept.repository;
    if (kept.row.state === 'absent' && this.#kept.get(upstream) === kept) this.#kept.delete(upstream);
  }

  async #untilAllowed(kept: KeptMirror, job: RunningJob): Promise<void> {
    const waitMs = kept.fetchedAgainAt + this.#intervals.fetchMs - performance.now();
    if (waitMs <= 0) return;
    job.report('waiting, since the upstream was asked a moment ago');
    await delay(waitMs, undefined, { signal: job.signal }).catch(ignore);
    job.signal.throwIfAborted();
  }

  get #intervals(): { readonly fetchMs: number; readonly lookMs: number } {
    return this.#options.intervals ?? { fetchMs: fetchIntervalMs, lookMs: lookIntervalMs };
  }
}

/** What failed is said, and nothing depends on it. */
export function carryOn(job: RunningJob, error: unknown): void {
  job.signal.throwIfAborted();
  job.line(`carrying on with what is here: ${error instanceof Error ? error.message : String(error)}`);
}

function headInWords({ head }: KeptMirror): string {
  if (!head) return 'the repository has no commit yet';
  return `HEAD is ${head.commit.slice(0, 10)}${head.branch === undefined ? '' : ` on ${head.branch}`}`;
}
