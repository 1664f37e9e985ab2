/** A repository service that says what a test tells it to, and notes what it is asked. */
import type { Repository } from '#main/http/names.ts';
import type { RepositoryService } from '#main/snapshots/service.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Job, Repositories, RepositoryRow } from '#shared/repository-model.ts';
import { fetchUrlOf, parseRepositoryRule, ruleFor, type RepositoryRule } from '#shared/repository-rules.ts';

export class ScriptedService implements RepositoryService {
  /** What was asked, in order. */
  readonly calls: string[] = [];
  readonly jobs: Job[] = [];
  readonly logs = new Map<number, readonly string[]>();
  repositories: RepositoryRow[] = [];
  /** What the next reading fails with. */
  failure: Error | undefined;
  readonly #rules: readonly RepositoryRule[];

  constructor(rules: readonly string[]) {
    this.#rules = rules.map(parseRepositoryRule).filter((rule) => rule !== undefined);
  }

  allows(repository: Repository): boolean {
    return ruleFor(this.#rules, repository) !== undefined;
  }

  async list(): Promise<Repositories> {
    this.calls.push('list');
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    return {
      rules: this.#rules.map(({ text }) => text),
      repositories: [...this.repositories],
      jobs: [...this.jobs],
    };
  }

  start(repository: Repository, kind: Job['kind']): Job {
    this.calls.push(`start ${kind} ${repository.upstream}`);
    const job: Job = {
      id: this.jobs.length + 1,
      kind,
      repository: repository.upstream,
      state: 'running',
      phase: 'receiving objects',
      startedAt: Date.now(),
    };
    this.jobs.unshift(job);
    if (kind === 'clone' && !this.repositories.some(({ name }) => name === repository.upstream)) {
      this.repositories.push(this.#absent(repository));
    }
    return job;
  }

  job(id: number): Job | undefined {
    return this.jobs.find((job) => job.id === id);
  }

  cancel(id: number): boolean {
    this.calls.push(`cancel ${id}`);
    const index = this.jobs.findIndex((job) => job.id === id && job.state === 'running');
    const job = this.jobs[index];
    if (!job) return false;
    this.jobs[index] = { ...job, state: 'cancelled', endedAt: Date.now() };
    return true;
  }

  log(id: number): readonly string[] {
    return this.logs.get(id) ?? [];
  }

  async remove(repository: Repository): Promise<void> {
    this.calls.push(`remove ${repository.upstream}`);
    this.repositories = this.repositories.filter(({ name }) => name !== repository.upstream);
  }

  head = (): undefined => undefined;
  touch = (): void => undefined;
  grow = notScripted;
  bundle = notScripted;
  ensureRefs = notScripted;

  #absent(repository: Repository): RepositoryRow {
    const rule = ruleFor(this.#rules, repository);
    return {
      name: repository.upstream,
      fetchUrl: rule ? fetchUrlOf(rule, repository) : repository.upstream,
      rule: rule?.text ?? '',
      mirror: { state: 'cloning' },
      residency: { memoryBytes: 0, diskBytes: 0 },
      bundles: [],
    };
  }
}

async function notScripted(): Promise<never> {
  throw new SluiceError('INVARIANT', 'the console does not ask for this');
}
