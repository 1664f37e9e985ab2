import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lfsVersion } from '#main/git/lfs.ts';
import { parseRepository } from '#main/http/names.ts';
import {
  gitIn,
  never,
  newFolder,
  openTestService,
  project,
  projectKey,
  ruleOf,
  TestUpstream,
  type TestService,
  type TestServiceOptions,
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

/** What is in the folder for what is there for a while, but git's configuration. */
const inWork = ({ dataDir }: TestService) =>
  readdirSync(join(dataDir, 'work'), { recursive: true })
    .map((name) => basename(String(name)))
    .filter((name) => name !== 'gitconfig' && !name.startsWith(`${process.pid}-`));

describe('a mirror', () => {
  it('survives a restart, and is known before anybody asks git', async () => {
    const head = upstream.commit('a', '1');
    {
      await using service = await open();
      await run(service, 'clone');
    }
    upstream.commit('a', '2');
    await using service = await open();
    expect(service.repositories.head(project)).toBe(head);
    expect(await run(service, 'clone')).toMatchObject({ outcome: 'the mirror is there' });
    const [row] = (await service.repositories.list()).repositories;
    expect(row).toMatchObject({
      name: project.upstream,
      fetchUrl: upstream.url,
      mirror: { state: 'ready', head, branch: 'main' },
      bundles: [],
    });
    expect(row?.snapshot).toBeUndefined();
  });

  it('that is broken is cloned again', async () => {
    upstream.commit('a', '1');
    {
      await using service = await open();
      await run(service, 'clone');
      const [name = ''] = readdirSync(join(service.dataDir, 'mirrors'));
      rmSync(join(service.dataDir, 'mirrors', name, 'mirror.git', 'objects'), { recursive: true });
    }
    const head = upstream.commit('a', '2');
    await using service = await open();
    expect(await run(service, 'clone')).toMatchObject({
      outcome: `cloned: HEAD is ${head.slice(0, 10)} on main`,
    });
  });

  it('and the rest are rid of what a crash has left', async () => {
    upstream.commit('a', '1');
    const dataDir = join(folder, 'data');
    {
      await using service = await open();
      await run(service, 'clone');
    }
    const [name = ''] = readdirSync(join(dataDir, 'mirrors'));
    const left = [
      join(dataDir, 'work', `${process.pid}-abcdef`, 'sluice-archive-abcdef'),
      join(dataDir, 'mirrors', 'e'.repeat(64), 'mirror.git.incoming-abcdef'),
      join(dataDir, 'mirrors', name, 'mirror.git.incoming-abcdef'),
    ];
    for (const path of left) mkdirSync(path, { recursive: true });
    writeFileSync(join(dataDir, 'work', `${process.pid}-abcdef`, 'x.spool'), 'half');
    await using service = await open();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect(inWork(service)).toEqual([]);
    expect(readdirSync(join(dataDir, 'mirrors'))).toEqual([name]);
    expect(readdirSync(join(dataDir, 'mirrors', name)).toSorted()).toEqual(['mirror.git', 'mirror.json']);
  });

  it('of a pattern is made when somebody uses the repository', async () => {
    const head = upstream.commit('a', '1');
    const repositories = [ruleOf(`https://git.example/*=file://${folder}/*`)];
    const used = parseRepository('git.example/upstream');
    await using service = await open({ config: { repositories } });
    expect((await service.repositories.list()).repositories).toEqual([]);
    service.repositories.touch(used);
    const [job] = (await service.repositories.list()).jobs;
    await service.ended(job!);
    expect(service.repositories.head(used)).toBe(head);
  });

  it('of a name that a pattern allows and nobody has leaves nothing behind', async () => {
    const repositories = [ruleOf(`https://git.example/*=file://${folder}/*`)];
    const unknown = parseRepository('git.example/nobody/has/this');
    await using service = await open({ config: { repositories } });
    const ended = await service.ended(service.repositories.start(unknown, 'clone'));
    expect(ended).toMatchObject({ state: 'failed' });
    expect(readdirSync(join(folder, 'data', 'mirrors'))).toEqual([]);
  });

  it('is fetched not more often than allowed, by all who wait together', async () => {
    upstream.commit('a', '1');
    await using service = await open({ fetchMs: 1_000_000 });
    const { repositories } = service;
    await run(service, 'clone');
    expect((await run(service, 'fetch')).state).toBe('done');
    const job = repositories.start(project, 'fetch');
    expect(repositories.start(project, 'fetch').id).toBe(job.id);
    await expect.poll(() => repositories.job(job.id)?.phase).toMatch(/^waiting, since/);
    repositories.cancel(job.id);
    expect((await service.ended(job)).state).toBe('cancelled');
  });

  it('goes with everything that was made of it', async () => {
    const base = upstream.commit('a', '1');
    await using service = await open();
    await run(service, 'snapshot');
    upstream.commit('a', '2');
    const found = await service.repositories.bundle(project, base, never);
    const { key } = found as { readonly key: string };
    expect(await service.store.head(key, never)).toBeDefined();
    await service.repositories.remove(project, never);
    expect(await service.store.head(key, never)).toBeUndefined();
    expect(await service.store.head(projectKey, never)).toBeUndefined();
    expect(readdirSync(join(service.dataDir, 'mirrors'))).toEqual([]);
    const [row] = (await service.repositories.list()).repositories;
    expect(row).toMatchObject({ mirror: { state: 'absent' }, bundles: [] });
    expect((await run(service, 'snapshot')).state).toBe('done');
  });
});

describe('a bundle', () => {
  it('leads to HEAD as the upstream has it, is kept, and is made anew when HEAD has moved', async () => {
    const base = upstream.commit('a', '1');
    await using service = await open();
    await run(service, 'snapshot');
    const { repositories } = service;
    expect(await repositories.bundle(project, base, never)).toBe('same');
    const second = upstream.commit('a', '2');
    const found = await repositories.bundle(project, base, never);
    expect(found).toMatchObject({ head: second });
    const { key } = found as { readonly key: string };
    const stored = await service.store.head(key, never);
    expect(stored?.headers['content-type']).toEqual(['application/x-git-bundle']);
    expect(stored?.expiresAt).toBeInstanceOf(Date);
    expect(await repositories.bundle(project, base, never)).toEqual(found);
    expect((await service.store.head(key, never))?.etag).toBe(stored?.etag);
    const third = upstream.commit('a', '3');
    expect(await repositories.bundle(project, base, never)).toEqual({ key, head: third });
    const [row] = (await repositories.list()).repositories;
    expect(row).toMatchObject({ snapshot: { commit: base, behind: 2 }, bundles: [{ base, head: third }] });
    expect(await repositories.bundle(project, 'f'.repeat(40), never)).toBe('unknown');
    const tree = await service.restore();
    const bytes = new Uint8Array((await service.store.head(key, never))!.revision.length);
    const { revision } = (await service.store.head(key, never))!;
    const answer = await service.store.openRange(revision, { start: 0, end: bytes.length }, never);
    await answer.readInto(bytes, () => undefined);
    writeFileSync(join(folder, 'bundle'), bytes);
    gitIn(tree, 'pull', '--quiet', '--ff-only', join(folder, 'bundle'), 'main');
    expect(readFileSync(join(tree, 'a'), 'utf8')).toBe('3');
  });

  it('is still to be had after a force push has removed the base', async () => {
    upstream.commit('a', '1');
    const base = upstream.commit('a', '2');
    await using service = await open();
    await run(service, 'snapshot');
    upstream.git('reset', '--quiet', '--hard', 'HEAD~1');
    const forced = upstream.commit('b', 'forced');
    expect(await service.repositories.bundle(project, base, never)).toMatchObject({ head: forced });
    expect(service.repositories.head(project)).toBe(forced);
  });
});

describe('ensureRefs', () => {
  it('asks the upstream when something is missing, and only then', async () => {
    const first = upstream.commit('a', '1');
    await using service = await open();
    await run(service, 'clone');
    const main = 'refs/heads/main';
    const ensure = (refs: Readonly<Record<string, string>>, commits: readonly string[]) =>
      service.repositories.ensureRefs(project, { refs, commits }, never);
    expect(await ensure({ [main]: '' }, [first])).toEqual({
      refs: { [main]: first },
      missingCommits: [],
      fetched: false,
    });
    const second = upstream.commit('a', '2');
    expect(await ensure({ [main]: second }, [second])).toEqual({
      refs: { [main]: second },
      missingCommits: [],
      fetched: true,
    });
    const nowhere = 'f'.repeat(40);
    expect(await ensure({ 'refs/heads/none': '' }, [nowhere, second])).toEqual({
      refs: {},
      missingCommits: [nowhere],
      fetched: true,
    });
  });
});

describe('an LFS snapshot', () => {
  it('says that HEAD has no LFS objects', async () => {
    upstream.commit('a', '1');
    await using service = await open();
    const { outcome } = await run(service, 'lfs-snapshot');
    const isInstalled = (await lfsVersion(never)) !== undefined;
    expect(outcome).toMatch(
      isInstalled ? /^HEAD has no LFS objects$/ : /^git-lfs is not installed on this server/,
    );
  });
});

describe('with an HTTP origin as store', () => {
  it('nothing is made, which is said, and refs are found all the same', async () => {
    const head = upstream.commit('a', '1');
    await using service = await open({ config: { store: 'http://origin.example' } });
    const { repositories } = service;
    await expect(repositories.grow(project, never)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message:
        'there is no snapshot of https://git.example/team/project, and none can be made: ' +
        'http://origin.example is an HTTP origin, which is read-only',
    });
    expect(() => repositories.start(project, 'snapshot')).toThrow('read-only');
    expect(await repositories.bundle(project, head, never)).toBe('unknown');
    const main = 'refs/heads/main';
    const found = await repositories.ensureRefs(project, { refs: { [main]: '' }, commits: [] }, never);
    expect(found.refs).toEqual({ [main]: head });
    await repositories.remove(project, never);
    expect(readdirSync(join(service.dataDir, 'mirrors'))).toEqual([]);
  });
});
