/** Repositories that do what a test says, for what no real upstream does at the right moment. */
import { EventEmitter, once } from 'node:events';
import type { Repository } from '#main/http/names.ts';
import type {
  BundleFound,
  FoundRefs,
  GrowingSnapshot,
  RepositoryService,
  WantedRefs,
} from '#main/snapshots/service.ts';
import { SluiceError } from '#shared/errors.ts';
import { hasEnded, type Job, type Repositories } from '#shared/repository-model.ts';

export const commitA = 'a'.repeat(40);
export const commitB = 'b'.repeat(40);

/** A growing snapshot whose bytes and end come when the test says so. */
export class ScriptedGrowth implements GrowingSnapshot {
  readonly commit = commitA;
  /** How many follow it now. */
  readers = 0;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #bytes = Buffer.alloc(0);
  #end: Error | 'complete' | undefined;

  grow(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    this.#changes.emit('change');
  }

  end(how: Error | 'complete'): void {
    this.#end = how;
    this.#changes.emit('change');
  }

  async *read(
    signal: AbortSignal,
    into = new Uint8Array(65_536),
  ): AsyncGenerator<Uint8Array, void, undefined> {
    this.readers += 1;
    try {
      for (let at = 0; ;) {
        const piece = this.#bytes.subarray(at, at + into.length);
        at += piece.length;
        into.set(piece);
        if (piece.length > 0) yield into.subarray(0, piece.length);
        else if (this.#end === 'complete') return;
        else if (this.#end) throw this.#end;
        else await once(this.#changes, 'change', { signal });
      }
    } finally {
      this.readers -= 1;
    }
  }
}

export class ScriptedRepositories implements RepositoryService {
  /** What was asked, in order: `grow github.com/owner/cold`. */
  readonly calls: string[] = [];
  /** By `host/path`. */
  readonly heads = new Map<string, string>();
  readonly jobs = new Map<number, Job>();
  growth: () => Promise<GrowingSnapshot | 'stored'> = () => Promise.reject(new Error('nothing was scripted'));
  bundles: (base: string) => BundleFound | 'same' | 'unknown' = () => 'unknown';
  wanted: WantedRefs | undefined;
  found: FoundRefs = { refs: {}, missingCommits: [], fetched: false };
  listed: Repositories = { rules: ['https://github.com/owner/*'], repositories: [], jobs: [] };

  allows({ upstream }: Repository): boolean {
    return upstream.startsWith('https://github.com/owner/');
  }

  async list(): Promise<Repositories> {
    return this.listed;
  }

  head({ host, path }: Repository): string | undefined {
    return this.heads.get(`${host}/${path}`);
  }

  touch(repository: Repository): void {
    this.#note('touch', repository);
  }

  grow(repository: Repository): Promise<GrowingSnapshot | 'stored'> {
    this.#note('grow', repository);
    return this.growth();
  }

  async bundle(repository: Repository, base: string): Promise<BundleFound | 'same' | 'unknown'> {
    this.#note('bundle', repository);
    return this.bundles(base);
  }

  async ensureRefs(repository: Repository, wanted: WantedRefs): Promise<FoundRefs> {
    this.#note('ensureRefs', repository);
    this.wanted = wanted;
    return this.found;
  }

  start(repository: Repository, kind: Job['kind']): Job {
    this.#note(kind, repository);
    const id = this.jobs.size + 1;
    return this.set({ id, kind, repository: repository.upstream, state: 'queued', phase: '', startedAt: 1 });
  }

  job(id: number): Job | undefined {
    return this.jobs.get(id);
  }

  /** Makes `job` what it is now. */
  set(job: Job): Job {
    this.jobs.set(job.id, job);
    return job;
  }

  cancel(id: number): boolean {
    const job = this.jobs.get(id);
    if (!job || hasEnded(job)) return false;
    this.set({ ...job, state: 'cancelled', endedAt: 2 });
    return true;
  }

  log(id: number): readonly string[] {
    return [`the log of ${id}`, 'its second line'];
  }

  async remove(repository: Repository): Promise<void> {
    if (!this.allows(repository)) throw new SluiceError('NOT_FOUND', `${repository.upstream} is not here`);
    this.#note('remove', repository);
  }

  #note(what: string, { host, path }: Repository): void {
    this.calls.push(`${what} ${host}/${path}`);
  }
}
