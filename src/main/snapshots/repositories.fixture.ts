/** Real git repositories, and the service on a store of the test's choice, in a folder that goes with it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { Catalog } from '#main/cache/catalog.ts';
import { Budget } from '#main/flow/budget.ts';
import { hashedNames, parseRepository, type Repository } from '#main/http/names.ts';
import { openFileStore } from '#main/object-store/file.ts';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import { planMemory } from '#shared/memory-plan.ts';
import type { Job } from '#shared/repository-model.ts';
import { parseRepositoryRule, type RepositoryRule } from '#shared/repository-rules.ts';
import { KiB, MiB } from '#shared/units.ts';
import type { LeaseTimes } from './lease.ts';
import { openRepositories, type OpenOptions } from './open.ts';
import type { RepositoryService } from './service.ts';

export const never: AbortSignal = new AbortController().signal;
export const project: Repository = parseRepository('git.example/team/project');
export const projectKey: string = hashedNames.snapshot(project);

/** A repository that people push to. */
export class TestUpstream {
  readonly path: string;

  constructor(folder: string, options: readonly string[] = []) {
    this.path = join(folder, 'upstream');
    mkdirSync(this.path);
    this.git('init', '--quiet', '--initial-branch', 'main', ...options);
  }

  get url(): string {
    return pathToFileURL(this.path).href;
  }

  git(...args: readonly string[]): string {
    return gitIn(this.path, ...args);
  }

  /** @returns the commit */
  commit(file: string, content: string | Uint8Array): string {
    writeFileSync(join(this.path, file), content);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--message', `Write ${file}`);
    return this.git('rev-parse', 'HEAD');
  }
}

export function gitIn(cwd: string, ...args: readonly string[]): string {
  const who = { NAME: 'A', EMAIL: 'a@b' };
  const identity = Object.entries(who).flatMap(([name, value]) => [
    [`GIT_AUTHOR_${name}`, value],
    [`GIT_COMMITTER_${name}`, value],
  ]);
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    ...(Object.fromEntries(identity) as Record<string, string>),
  };
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env }).trim();
}

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'sluice-repositories-'));
}

export interface TestService extends AsyncDisposable {
  readonly repositories: RepositoryService;
  readonly store: ObjectStore;
  readonly dataDir: string;
  /** The snapshot in the store, extracted. */
  restore(): Promise<string>;
  /** The job, when it has ended. */
  ended(job: Job): Promise<Job>;
}

export interface TestServiceOptions {
  readonly folder: string;
  readonly upstream: Pick<TestUpstream, 'url'>;
  /** Its data folder, and its name. */
  readonly name?: string;
  readonly store?: ObjectStore;
  readonly lease?: LeaseTimes;
  readonly config?: Partial<OpenOptions['config']>;
  readonly fetchMs?: number;
}

export function ruleOf(text: string): RepositoryRule {
  const rule = parseRepositoryRule(text);
  if (!rule) throw new Error(`no rule: ${text}`);
  return rule;
}

/** Opens the service; with no store given, on a folder that all services of this `folder` share. */
export async function openTestService(options: TestServiceOptions): Promise<TestService> {
  // So long that none runs out while the machine holds its holder up.
  const { folder, upstream, name = 'data', lease = { ttlMs: 60_000, pollMs: 50 }, fetchMs = 0 } = options;
  const store = options.store ?? (await openFileStore({ root: join(folder, 'store') }));
  const dataDir = join(folder, name);
  mkdirSync(dataDir, { recursive: true });
  const budget = new Budget(
    planMemory({
      memoryBudgetBytes: 32 * MiB,
      chunkBytes: 256 * KiB,
      memoryCacheBytes: 0,
      maxConnections: 8,
    }),
  );
  const catalog = new Catalog({
    store,
    discover: async () => undefined,
    holds: () => false,
    forget: async () => undefined,
  });
  const repositories = await openRepositories({
    config: {
      repositories: [ruleOf(`https://git.example/team/project=${upstream.url}`)],
      dataDir,
      store: 'embedded',
      fetchIntervalMs: 0,
      snapshotIntervalMs: 0,
      ...options.config,
    },
    store,
    catalog,
    names: hashedNames,
    uploads: budget.uploads,
    residency: () => ({ memoryBytes: 0, diskBytes: 0 }),
    log: pino({ level: 'silent' }),
    times: { lease, intervals: { fetchMs, lookMs: 0 } },
  });
  return {
    repositories,
    store,
    dataDir,
    restore: async () => {
      const stored = await store.head(projectKey, never);
      if (!stored) throw new Error('there is no snapshot');
      const bytes = new Uint8Array(stored.revision.length);
      const answer = await store.openRange(stored.revision, { start: 0, end: bytes.length }, never);
      await answer.readInto(bytes, () => undefined);
      return extract(folder, bytes);
    },
    ended: async ({ id }) => {
      for (;;) {
        const job = repositories.job(id);
        if (!job) throw new Error(`there is no job ${id}`);
        if (job.endedAt !== undefined) return job;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    [Symbol.asyncDispose]: async () => {
      await repositories[Symbol.asyncDispose]();
      if (!options.store) await store[Symbol.asyncDispose]();
    },
  };
}

/** Extracts an archive. @returns the tree */
export function extract(folder: string, archive: Uint8Array): string {
  const tree = mkdtempSync(join(folder, 'restored-'));
  const file = join(folder, 'archive.tar.zst');
  writeFileSync(file, archive);
  execFileSync('sh', ['-c', 'zstd -q -d -c ../archive.tar.zst | tar -x'], { cwd: tree });
  rmSync(file);
  return tree;
}

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece.slice());
  return Buffer.concat(all);
}

/** `store` with some of its parts replaced. */
export function withParts(
  store: ObjectStore,
  parts: { readonly [Part in keyof ObjectStore]?: ObjectStore[Part] | undefined },
): ObjectStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (Object.hasOwn(parts, name)) return Reflect.get(parts, name) as unknown;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
