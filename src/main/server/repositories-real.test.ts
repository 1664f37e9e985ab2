/** The routes of a repository with real git behind them: from a push to what a client has in its folder. */
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { extract, gitIn, newFolder, ruleOf, TestUpstream } from '#main/snapshots/repositories.fixture.ts';
import type { Job, Repositories } from '#shared/repository-model.ts';

const base = '/git/git.example/team/project';
const member = '/api/v1/repositories/git.example/team/project';

let folder: string;
let upstream: TestUpstream;
let server: TestServer;

beforeEach(async () => {
  folder = newFolder();
  upstream = new TestUpstream(folder);
  const rule = ruleOf(`https://git.example/team/project=${upstream.url}`);
  server = await startTestServer({ repositories: [rule] });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a job to its end. */
async function run(action: string): Promise<Job> {
  const body = JSON.stringify({ action });
  const started = (await (await fetch(server.url + member, { method: 'POST', body })).json()) as Job;
  const text = await (await server.get(`/api/v1/jobs/${started.id}/follow`)).text();
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Job;
}

async function bytesOf(answer: Response): Promise<Buffer> {
  return Buffer.from(await answer.arrayBuffer());
}

describe('a repository', () => {
  it('is served from its first snapshot to the bundle that brings it up to date', async () => {
    const first = upstream.commit('noise', randomBytes(2_000_000));
    const cold = await Promise.all([1, 2, 3].map(() => server.get(`${base}/snapshot.tar.zst`)));
    const [growing, ...others] = await Promise.all(cold.map(bytesOf));
    for (const other of others) expect(other.equals(growing ?? Buffer.alloc(0))).toBe(true);
    expect(cold.map(({ status, headers }) => [status, headers.get('x-cachew-snapshot-commit')])).toEqual(
      cold.map(() => [200, first]),
    );
    const tree = extract(folder, growing ?? Buffer.alloc(0));
    expect(gitIn(tree, 'status', '--porcelain')).toBe('');

    const warm = await server.get(`${base}/snapshot.tar.zst`, { range: 'bytes=0-99' });
    expect([warm.status, warm.headers.get('x-cachew-bundle-url')]).toEqual([206, null]);
    expect((await bytesOf(warm)).equals((growing ?? Buffer.alloc(0)).subarray(0, 100))).toBe(true);

    const second = upstream.commit('more', 'text');
    expect(await run('fetch')).toMatchObject({ kind: 'fetch', state: 'done' });
    const stale = await fetch(`${server.url}${base}/snapshot.tar.zst`, { method: 'HEAD' });
    const bundleUrl = stale.headers.get('x-cachew-bundle-url') ?? '';
    expect(bundleUrl).toBe(`${base}/snapshot.bundle?base=${first}`);
    const bundle = await server.get(bundleUrl);
    expect(bundle.status).toBe(200);
    writeFileSync(join(folder, 'bundle'), await bytesOf(bundle));
    gitIn(tree, 'pull', '--quiet', '--ff-only', join(folder, 'bundle'), 'main');
    expect(gitIn(tree, 'rev-parse', 'HEAD')).toBe(second);
    expect((await server.get(`${base}/snapshot.bundle?base=${second}`)).status).toBe(204);
    expect((await server.get(`${base}/snapshot.bundle?base=${'0'.repeat(40)}`)).status).toBe(404);
  });

  it('finds refs at the upstream that its mirror does not have yet', async () => {
    upstream.commit('file', 'one');
    expect(await run('clone')).toMatchObject({ kind: 'clone', state: 'done' });
    const pushed = upstream.commit('file', 'two');
    upstream.git('tag', 'v1');
    const body = JSON.stringify({ refs: { 'refs/tags/v1': '' }, commits: [pushed, '1'.repeat(40)] });
    const answer = await fetch(`${server.url}${base}/ensure-refs`, { method: 'POST', body });
    expect(await answer.json()).toEqual({
      refs: { 'refs/tags/v1': pushed },
      missing_commits: ['1'.repeat(40)],
      fetched: true,
    });
  });

  it('is listed and removed', async () => {
    upstream.commit('file', 'one');
    expect(await run('snapshot')).toMatchObject({ kind: 'snapshot', state: 'done' });
    const list = async () => (await (await server.get('/api/v1/repositories')).json()) as Repositories;
    expect((await list()).repositories).toMatchObject([
      { mirror: { state: 'ready' }, snapshot: { behind: 0 } },
    ]);
    expect((await fetch(server.url + member, { method: 'DELETE' })).status).toBe(200);
    const [removed] = (await list()).repositories;
    expect([removed?.mirror.state, removed?.snapshot]).toEqual(['absent', undefined]);
  });

  it('whose upstream is gone is an error with a sentence', async () => {
    rmSync(upstream.path, { recursive: true });
    // The first one may have its mirror already: servers clone what they know by name when they start.
    await server[Symbol.asyncDispose]();
    server = await startTestServer({
      repositories: [ruleOf(`https://git.example/team/project=${upstream.url}`)],
    });
    const answer = await server.get(`${base}/snapshot.tar.zst`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: 'NOT_FOUND', message: expect.stringContaining('has no repository team/project') as unknown },
    ]);
    expect(await run('clone')).toMatchObject({ state: 'failed' });
  });
});
