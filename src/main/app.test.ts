/** A repository goes in at one end and comes out at the other: the whole server over HTTP, with real git. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer } from './app.fixture.ts';
import { extract, gitIn, newFolder, ruleOf, TestUpstream } from './snapshots/repositories.fixture.ts';

const path = '/git/git.example/team/project';
let folder: string;
let upstream: TestUpstream;
beforeEach(() => {
  folder = newFolder();
  upstream = new TestUpstream(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** It looks at its upstream each time that somebody asks, however fast this machine is. */
const start = () =>
  startTestServer(
    { repositories: [ruleOf(`https://git.example/team/project=${upstream.url}`)] },
    undefined,
    undefined,
    { intervals: { fetchMs: 0, lookMs: 0 } },
  );

describe('a server of repositories', () => {
  it('makes a snapshot for the first who asks, and keeps clients fresh from then on', async () => {
    const base = upstream.commit('a', '1');
    await using server = await start();
    expect((await fetch(`${server.url}${path}/snapshot.tar.zst`, { method: 'HEAD' })).status).toBe(404);
    const grown = await server.get(`${path}/snapshot.tar.zst`);
    expect([grown.status, grown.headers.get('etag'), grown.headers.get('content-length')]).toEqual([
      200,
      null,
      null,
    ]);
    const archive = Buffer.from(await grown.arrayBuffer());
    const tree = extract(folder, archive);
    expect(gitIn(tree, 'rev-parse', 'HEAD')).toBe(base);

    const stored = await server.get(`${path}/snapshot.tar.zst`, { range: 'bytes=0-99' });
    expect([stored.status, stored.headers.get('x-cachew-snapshot-commit')]).toEqual([206, base]);
    expect(Buffer.from(await stored.arrayBuffer())).toEqual(archive.subarray(0, 100));

    const head = upstream.commit('a', '2');
    const bundle = await server.get(`${path}/snapshot.bundle?base=${base}`);
    expect([bundle.status, bundle.headers.get('content-type')]).toEqual([200, 'application/x-git-bundle']);
    writeFileSync(join(folder, 'bundle'), Buffer.from(await bundle.arrayBuffer()));
    gitIn(tree, 'pull', '--quiet', '--ff-only', join(folder, 'bundle'), 'main');
    expect(gitIn(tree, 'rev-parse', 'HEAD')).toBe(head);

    expect((await server.get(`${path}/snapshot.bundle?base=${head}`)).status).toBe(204);
    const again = await server.get(`${path}/snapshot.tar.zst`, { range: 'bytes=0-0' });
    await again.arrayBuffer();
    expect(again.headers.get('x-cachew-bundle-url')).toBe(`${path}/snapshot.bundle?base=${base}`);
    const ensured = await fetch(`${server.url}${path}/ensure-refs`, {
      method: 'POST',
      body: JSON.stringify({ refs: { 'refs/heads/main': head }, commits: [base] }),
    });
    expect(await ensured.json()).toEqual({
      refs: { 'refs/heads/main': head },
      missing_commits: [],
      fetched: false,
    });
  });

  it('ends in the middle of its work, and leaves nothing of it', async () => {
    upstream.commit('noise', 'x'.repeat(1_000_000));
    const server = await start();
    const asked = server.get(`${path}/snapshot.tar.zst`).then((answer) => answer.arrayBuffer());
    const settled = Promise.allSettled([asked]);
    await server[Symbol.asyncDispose]();
    await settled;
    expect(upstream.git('status', '--porcelain')).toBe('');
  });

  it('does not start with a token file that it cannot use', async () => {
    const rule = ruleOf(`https://git.example/team/project=${upstream.url}`);
    const starting = startTestServer({ repositories: [rule], upstreamTokenFile: join(folder, 'none') });
    await expect(starting).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
