import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseRepository } from '#main/http/names.ts';
import { openFileStore } from '#main/object-store/file.ts';
import { SluiceError } from '#shared/errors.ts';
import {
  collect,
  extract,
  gitIn,
  never,
  newFolder,
  openTestService,
  project,
  projectKey,
  TestUpstream,
  type TestService,
  type TestServiceOptions,
  withParts,
} from './repositories.fixture.ts';

let folder: string;
let upstream: TestUpstream;
beforeEach(() => {
  folder = newFolder();
  upstream = new TestUpstream(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: Partial<TestServiceOptions> = {}) => openTestService({ folder, upstream, ...options });

async function run(service: TestService, kind: 'clone' | 'fetch' | 'snapshot' | 'lfs-snapshot') {
  return service.ended(service.repositories.start(project, kind));
}

async function grow(service: TestService, signal = never) {
  const growing = await service.repositories.grow(project, signal);
  if (growing === 'stored') throw new Error('it is stored already');
  return growing;
}

/** What is in the folder for what is there for a while, but git's configuration. */
const inWork = ({ dataDir }: TestService) =>
  readdirSync(join(dataDir, 'work'), { recursive: true })
    .map((name) => basename(String(name)))
    .filter((name) => name !== 'gitconfig' && !name.startsWith(`${process.pid}-`));

describe('a snapshot', () => {
  it('is made by the first who wants it, for all who want it', async () => {
    const head = upstream.commit('noise', randomBytes(3_000_000));
    await using service = await open();
    const followers = await Promise.all([grow(service), grow(service), grow(service)]);
    expect(followers.map(({ commit }) => commit)).toEqual([head, head, head]);
    const [first, leaver, slow] = followers;
    const early = leaver.read(never);
    expect((await early.next()).done).toBe(false);
    await early.return();
    const archive = await collect(first.read(never, new Uint8Array(1000)));
    expect(await collect(slow.read(never))).toEqual(archive);
    const tree = extract(folder, archive);
    expect(gitIn(tree, 'status', '--porcelain')).toBe('');
    expect(gitIn(tree, 'rev-parse', 'HEAD')).toBe(head);
    expect(gitIn(tree, 'remote', 'get-url', 'origin')).toBe(project.upstream);
    const stored = await service.store.head(projectKey, never);
    expect(stored?.headers).toMatchObject({
      'content-type': ['application/zstd'],
      'x-cachew-snapshot-commit': [head],
    });
    expect(stored?.revision.length).toBe(archive.length);
    for (const job of (await service.repositories.list()).jobs) await service.ended(job);
    const { jobs } = await service.repositories.list();
    expect(jobs.map(({ kind, state }) => `${kind} ${state}`).toSorted()).toEqual([
      'clone done',
      'snapshot done',
    ]);
    expect(inWork(service)).toEqual([]);
    expect(await service.repositories.grow(project, never)).toBe('stored');
  });

  it('is made again when the default branch has another name, though the commit is the same', async () => {
    const head = upstream.commit('a', '1');
    await using service = await open();
    await run(service, 'snapshot');
    upstream.git('branch', '--move', 'main', 'zweig-äöü');
    expect(await run(service, 'snapshot')).toMatchObject({
      state: 'done',
      outcome: expect.stringMatching(/^published/),
    });
    expect(await run(service, 'snapshot')).toMatchObject({
      outcome: expect.stringMatching(/^HEAD has not moved/),
    });
    const clone = await service.restore();
    expect(gitIn(clone, 'symbolic-ref', '--short', 'HEAD')).toBe('zweig-äöü');
    expect(gitIn(clone, 'rev-parse', 'HEAD')).toBe(head);
  });

  it('is not made again while HEAD has not moved, and is when it has', async () => {
    upstream.commit('a', '1');
    await using service = await open();
    expect(await run(service, 'snapshot')).toMatchObject({
      state: 'done',
      outcome: expect.stringMatching(/^published commit/),
    });
    const before = await service.store.head(projectKey, never);
    expect(await run(service, 'snapshot')).toMatchObject({
      state: 'done',
      outcome: expect.stringMatching(/^HEAD has not moved/),
    });
    expect(await service.store.head(projectKey, never)).toEqual(before);
    const head = upstream.commit('a', '2');
    expect(await run(service, 'snapshot')).toMatchObject({
      state: 'done',
      outcome: expect.stringMatching(/^published commit/),
    });
    expect(gitIn(await service.restore(), 'rev-parse', 'HEAD')).toBe(head);
  });

  it('fails for everybody when its upload fails, and leaves nothing', async () => {
    upstream.commit('noise', randomBytes(2_000_000));
    await using whole = await openFileStore({ root: join(folder, 'store') });
    let fail: (error: Error) => void = () => undefined;
    const failure = new Promise<never>((_, reject) => (fail = reject));
    const store = withParts(whole, {
      put: async (_key, body) => {
        for await (const _piece of body) break;
        return failure;
      },
    });
    await using service = await open({ store });
    const [first, second] = await Promise.all([grow(service), grow(service)]);
    const reading = first.read(never);
    expect((await reading.next()).value?.length).toBeGreaterThan(0);
    const another = second.read(never);
    await another.next();
    fail(new SluiceError('STORE_UNAVAILABLE', 'the bucket is gone'));
    await expect(collect(reading)).rejects.toThrow('the bucket is gone');
    await expect(collect(another)).rejects.toThrow('the bucket is gone');
    const [job] = (await service.repositories.list()).jobs;
    const outcome = 'the store cannot be reached: try again when it can';
    expect(await service.ended(job!)).toMatchObject({ state: 'failed', outcome });
    expect(inWork(service)).toEqual([]);
  });

  it('ends at once when its job is cancelled, for everybody', async () => {
    upstream.commit('noise', randomBytes(2_000_000));
    await using whole = await openFileStore({ root: join(folder, 'store') });
    const store = withParts(whole, {
      put: (_key, _body, _metadata, _part, signal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    });
    await using service = await open({ store });
    const reading = (await grow(service)).read(never);
    const [job] = (await service.repositories.list()).jobs;
    expect(service.repositories.cancel(job!.id)).toBe(true);
    await expect(collect(reading)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await service.ended(job!)).toMatchObject({ state: 'cancelled', outcome: 'cancelled' });
    expect(service.repositories.cancel(job!.id)).toBe(false);
    expect(inWork(service)).toEqual([]);
  });

  it('of an empty repository is not found, in a sentence', async () => {
    await using service = await open();
    await expect(service.repositories.grow(project, never)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'https://git.example/team/project has no commit yet: there is nothing to make a snapshot of',
    });
    const head = upstream.commit('a', '1');
    expect((await grow(service)).commit).toBe(head);
  });

  it('is the same with SHA-256', async () => {
    rmSync(upstream.path, { recursive: true });
    upstream = new TestUpstream(folder, ['--object-format=sha256']);
    const head = upstream.commit('a', '1');
    await using service = await open();
    expect((await run(service, 'snapshot')).state).toBe('done');
    expect(gitIn(await service.restore(), 'rev-parse', 'HEAD')).toBe(head);
    const next = upstream.commit('a', '2');
    expect(await service.repositories.bundle(project, head, never)).toMatchObject({ head: next });
  });

  it("cannot be made when the upstream is gone, which is said in a sentence and in git's words", async () => {
    await using service = await open({ upstream: { url: `file://${folder}/nowhere` } });
    const failed = await run(service, 'snapshot');
    expect(failed).toMatchObject({ state: 'failed' });
    expect(failed.outcome).toBe(
      `the upstream (a folder) has no repository team/project, or shows it only with a token (--upstream-token-file)`,
    );
    expect(service.repositories.log(failed.id).join('\n')).toMatch(
      /does not appear to be a git repository|does not exist/,
    );
    await expect(service.repositories.grow(project, never)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is made of what the mirror has when the upstream has gone since', async () => {
    const head = upstream.commit('a', '1');
    await using service = await open();
    await run(service, 'clone');
    rmSync(upstream.path, { recursive: true });
    const job = await run(service, 'snapshot');
    expect(job).toMatchObject({ state: 'done' });
    expect(gitIn(await service.restore(), 'rev-parse', 'HEAD')).toBe(head);
    expect(service.repositories.log(job.id).join('\n')).toMatch(/carrying on with what is here/);
  });

  it('is made and renewed without being asked for, when that is configured', async () => {
    const first = upstream.commit('a', '1');
    // At once instead of soon.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    try {
      await using service = await open({ config: { fetchIntervalMs: 500, snapshotIntervalMs: 500 } });
      const commit = async () =>
        (await service.store.head(projectKey, never))?.headers['x-cachew-snapshot-commit']?.[0];
      await expect.poll(commit, { timeout: 25_000 }).toBe(first);
      const second = upstream.commit('a', '2');
      await expect.poll(commit, { timeout: 25_000 }).toBe(second);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('of a repository that no rule allows is not found, and nothing is started', async () => {
    await using service = await open();
    const other = parseRepository('git.example/team/other');
    const { repositories } = service;
    expect(repositories.allows(other)).toBe(false);
    repositories.touch(other);
    await expect(repositories.grow(other, never)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(repositories.bundle(other, 'a'.repeat(40), never)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(() => repositories.start(other, 'clone')).toThrow('no rule allows https://git.example/team/other');
    const { jobs } = await repositories.list();
    expect(jobs.filter(({ repository }) => repository === other.upstream)).toEqual([]);
  });
});
