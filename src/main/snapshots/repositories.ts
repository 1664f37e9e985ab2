/**
 * The repositories of this server: which are allowed, their mirrors, and what is made of them. The parts:
 *
 *   mirrors      bare clones: found again, made, fetched        mirrors.ts, kept-mirror.ts, mirror-record.ts
 *   snapshots    made, followed while they grow                 generation.ts, growing.ts, spool.ts
 *   the others   bundles, LFS objects, refs                     bundles.ts, lfs-snapshots.ts, refs.ts
 *   jobs         what runs, how far it is, why it failed        jobs.ts, running-job.ts, sentences.ts
 *   leases       one server at a time                           lease.ts
 *   schedule     what happens without being asked for           schedule.ts
 */
import { parseRepository, type Names, type Repository } from '#main/http/names.ts';
import { ignore } from '#main/object-store/cancel.ts';
import { isHttpOrigin, type Config } from '#shared/config.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Job, Repositories as RepositoriesRow } from '#shared/repository-model.ts';
import { fetchUrlOf, isPattern, ruleFor, type RepositoryRule } from '#shared/repository-rules.ts';
import type { Bundles } from './bundles.ts';
import type { Generation } from './generation.ts';
import type { Jobs } from './jobs.ts';
import type { LfsSnapshots } from './lfs-snapshots.ts';
import type { Listing } from './listing.ts';
import type { Mirrors } from './mirrors.ts';
import type { Publisher } from './publisher.ts';
import { ensureRefs } from './refs.ts';
import type { RunningJob } from './running-job.ts';
import type { Schedule } from './schedule.ts';
import type { BundleFound, FoundRefs, GrowingSnapshot, RepositoryService, WantedRefs } from './service.ts';
import type { WorkFolder } from './work-folder.ts';

interface RepositoriesOptions {
  readonly config: Pick<Config, 'repositories' | 'store' | 'fetchIntervalMs' | 'snapshotIntervalMs'>;
  readonly names: Names;
}

export interface Parts {
  readonly work: WorkFolder;
  readonly jobs: Jobs;
  readonly mirrors: Mirrors;
  readonly publisher: Publisher;
  readonly generation: Generation;
  readonly lfs: LfsSnapshots;
  readonly bundles: Bundles;
  readonly listing: Listing;
  readonly schedule: Schedule;
}

type Startable = Parameters<RepositoryService['start']>[1];

/** How often a mirror is looked at, whether it has to be put in order. */
const dayMs = 24 * 3_600_000;

const never = new AbortController().signal;

export class Repositories implements RepositoryService, AsyncDisposable {
  readonly #options: RepositoriesOptions;
  readonly #parts: Parts;
  readonly #isReadOnly: boolean;
  /** Those that are being removed: nothing may start on them. */
  readonly #removing = new Set<string>();

  /** Begins to bring the mirrors up to date. */
  constructor(options: RepositoriesOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
    this.#isReadOnly = isHttpOrigin(options.config.store);
    const known = parts.mirrors.all.map(({ repository }) => repository);
    for (const repository of [...this.#exact, ...known]) this.touch(repository);
  }

  allows(repository: Repository): boolean {
    return ruleFor(this.#options.config.repositories, repository) !== undefined;
  }

  async list(): Promise<RepositoriesRow> {
    const { config } = this.#options;
    const { mirrors, jobs, listing } = this.#parts;
    const known = [...this.#exact, ...mirrors.all.map(({ repository }) => repository)];
    const byName = new Map(known.map((repository) => [repository.upstream, repository]));
    const listed = [...byName.values()].flatMap((repository) => {
      const rule = ruleFor(config.repositories, repository);
      const kept = mirrors.find(repository);
      return rule ? [{ repository, rule: rule.text, fetchUrl: fetchUrlOf(rule, repository), kept }] : [];
    });
    const repositories = await Promise.all(listed.map((each) => listing.row(each)));
    return {
      rules: config.repositories.map(({ text }) => text),
      repositories: repositories.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      jobs: jobs.all().map(({ view }) => view),
    };
  }

  head(repository: Repository): string | undefined {
    // Where nothing can be stored there are no bundles.
    return this.#isReadOnly ? undefined : this.#parts.mirrors.find(repository)?.head?.commit;
  }

  touch(repository: Repository): void {
    if (this.#isReadOnly || !this.allows(repository) || this.#removing.has(repository.upstream)) return;
    const { mirrors } = this.#parts;
    this.#plan(repository);
    if (!mirrors.of(repository).mirror) mirrors.ready(repository, never).catch(ignore);
  }

  async grow(repository: Repository, signal: AbortSignal): Promise<GrowingSnapshot | 'stored'> {
    this.#check(repository);
    if (this.#isReadOnly) {
      throw new SluiceError(
        'NOT_FOUND',
        `there is no snapshot of ${repository.upstream}, and ${this.#readOnly}`,
      );
    }
    this.#plan(repository);
    return this.#parts.generation.grow(repository, signal);
  }

  async bundle(
    repository: Repository,
    base: string,
    signal: AbortSignal,
  ): Promise<BundleFound | 'same' | 'unknown'> {
    this.#check(repository);
    const kept = this.#parts.mirrors.of(repository);
    this.touch(repository);
    // One that is still on its way is not waited for: a client does without a bundle.
    if (this.#isReadOnly || !(await kept.open(signal))) return 'unknown';
    await this.#parts.mirrors.freshen(kept, signal);
    return this.#parts.bundles.find(kept, base, signal);
  }

  async ensureRefs(repository: Repository, wanted: WantedRefs, signal: AbortSignal): Promise<FoundRefs> {
    this.#check(repository);
    this.#plan(repository);
    return ensureRefs(this.#parts.mirrors, repository, wanted, signal);
  }

  start(repository: Repository, kind: Startable): Job {
    this.#check(repository);
    this.#plan(repository);
    return this.#start(repository, kind).view;
  }

  job(id: number): Job | undefined {
    return this.#parts.jobs.find(id)?.view;
  }

  cancel(id: number): boolean {
    const job = this.#parts.jobs.find(id);
    if (!job || job.hasEnded) return false;
    job.cancel();
    return true;
  }

  log(id: number): readonly string[] {
    return this.#parts.jobs.find(id)?.lines ?? [];
  }

  async remove(repository: Repository, signal: AbortSignal): Promise<void> {
    this.#check(repository);
    this.#removing.add(repository.upstream);
    try {
      for (const name of planned(repository)) this.#parts.schedule.stop(name);
      await this.#parts.jobs.cancelAll(repository);
      await this.#remove(repository, signal);
    } finally {
      this.#removing.delete(repository.upstream);
      this.#parts.listing.changed(repository);
    }
  }

  async #remove(repository: Repository, signal: AbortSignal): Promise<void> {
    const { mirrors, publisher } = this.#parts;
    const { names } = this.#options;
    const bundles = mirrors.find(repository)?.bundles ?? [];
    await mirrors.remove(repository);
    if (this.#isReadOnly) return;
    const keys = [
      names.snapshot(repository),
      names.lfsSnapshot(repository),
      names.mirrorSnapshot(repository),
      ...bundles.map(({ base }) => names.bundle(repository, base)),
    ];
    for (const key of keys) await publisher.remove(key, signal);
  }

  /** Ends all jobs, and what would start others, and waits for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { schedule, jobs, work } = this.#parts;
    schedule[Symbol.dispose]();
    await jobs[Symbol.asyncDispose]();
    await work[Symbol.asyncDispose]();
  }

  /** Those that are named one by one. */
  get #exact(): readonly Repository[] {
    return this.#options.config.repositories.filter((rule) => !isPattern(rule)).map(repositoryOf);
  }

  get #readOnly(): string {
    return `none can be made: ${this.#options.config.store} is an HTTP origin, which is read-only`;
  }

  /** @throws SluiceError NOT_FOUND, BUSY */
  #check(repository: Repository): void {
    const { upstream } = repository;
    if (!this.allows(repository))
      throw new SluiceError('NOT_FOUND', `no rule allows ${upstream}: rules are given with --repository`);
    if (this.#removing.has(upstream)) throw new SluiceError('BUSY', `${upstream} is being removed`);
  }

  /** @throws SluiceError READ_ONLY */
  #start(repository: Repository, kind: Startable): RunningJob {
    const { mirrors, generation, lfs } = this.#parts;
    if (kind === 'clone') return mirrors.clone(repository);
    if (kind === 'fetch') return mirrors.fetch(repository);
    if (this.#isReadOnly)
      throw new SluiceError('READ_ONLY', `a snapshot of ${repository.upstream}: ${this.#readOnly}`);
    return kind === 'snapshot' ? generation.start(repository) : lfs.start(repository);
  }

  /** Fetches and makes snapshots from now on without being asked. */
  #plan(repository: Repository): void {
    const { config } = this.#options;
    const { schedule, mirrors, generation, lfs } = this.#parts;
    if (this.#isReadOnly) return;
    const [fetching, renewing, cleaning] = planned(repository);
    schedule.every(fetching, config.fetchIntervalMs, () => mirrors.fetch(repository).finished);
    const cleaningMs = config.fetchIntervalMs === 0 ? 0 : dayMs;
    schedule.every(cleaning, cleaningMs, () => mirrors.clean(repository).finished);
    schedule.every(renewing, config.snapshotIntervalMs, async () => {
      const job = generation.start(repository);
      await job.finished;
      await lfs.renew(repository, job.signal);
    });
  }
}

function planned({ upstream }: Repository): readonly [string, string, string] {
  return [`fetch ${upstream}`, `snapshot ${upstream}`, `clean ${upstream}`];
}

function repositoryOf({ host, path }: RepositoryRule): Repository {
  return parseRepository(`${host}/${path}`);
}
