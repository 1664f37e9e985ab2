/** What is below /git/ beside snapshots of the store: docs/semantics.md, one test for each sentence. */
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { hashedNames, objectKey, parseRepository } from '#main/http/names.ts';
import { commitA, commitB, ScriptedRepositories } from './repositories.fixture.ts';

const base = '/git/github.com/owner/repository';

let server: TestServer;
let repositories: ScriptedRepositories;

beforeAll(async () => {
  repositories = new ScriptedRepositories();
  server = await startTestServer({}, undefined, repositories);
});

afterAll(() => server[Symbol.asyncDispose]());

beforeEach(() => {
  repositories.calls.length = 0;
  repositories.heads.clear();
});

async function publish(name: string, commit = commitA): Promise<void> {
  const url = `${server.url}/api/v1/snapshots/${name}`;
  const headers = { 'x-cachew-snapshot-commit': commit };
  expect((await fetch(url, { method: 'POST', body: 'archive', headers })).status).toBe(200);
}

/** Gives a stored object another key: there is no request that stores under this one. */
async function renameStored(from: string, to: string): Promise<void> {
  for (const file of (await server.storedFiles()).filter((name) => name.includes(from))) {
    const renamed = file.replace(from, to);
    await mkdir(dirname(renamed), { recursive: true });
    await rename(file, renamed);
  }
}

describe('Freshen metadata', () => {
  it('A snapshot whose commit is not HEAD names the bundle from there on 200, 206 and HEAD.', async () => {
    await publish('github.com/owner/repository');
    const path = `${base}/snapshot.tar.zst`;
    const ask = async () => {
      const answers = [
        await server.get(path),
        await server.get(path, { range: 'bytes=0-1' }),
        await fetch(server.url + path, { method: 'HEAD' }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 206, 200]);
      return answers.map(({ headers }) => headers.get('x-cachew-bundle-url'));
    };
    expect(await ask()).toEqual([null, null, null]);
    repositories.heads.set('github.com/owner/repository', commitA);
    expect(await ask()).toEqual([null, null, null]);
    repositories.heads.set('github.com/owner/repository', commitB);
    const bundle = `${base}/snapshot.bundle?base=${commitA}`;
    expect(await ask()).toEqual([bundle, bundle, bundle]);
    const { headers } = await server.get(path, { 'if-none-match': '*' });
    expect(headers.has('x-cachew-bundle-url')).toBe(false);
    // Each answer is followed by a look at the mirror: the next test is to see none of these.
    await expect.poll(() => repositories.calls).toHaveLength(10);
  });

  it('Serving a snapshot from the store begins to restore a mirror that is not there.', async () => {
    await publish('github.com/owner/repository');
    await publish('github.com/other/repository');
    await (await server.get(`${base}/snapshot.tar.zst`)).text();
    await (await server.get('/git/github.com/other/repository/snapshot.tar.zst')).text();
    await expect.poll(() => repositories.calls).toEqual(['touch github.com/owner/repository']);
  });
});

describe('Bundles', () => {
  const path = `${base}/snapshot.bundle?base=${commitA}`;

  it('A bundle is served with ranges and preconditions, to HEAD too.', async () => {
    await server.put('bundle', 'the bundle', { etag: '"one"' });
    repositories.bundles = () => ({ key: objectKey('test', 'bundle'), head: commitB });
    const whole = await server.get(path);
    expect([whole.status, await whole.text()]).toEqual([200, 'the bundle']);
    const part = await server.get(path, { range: 'bytes=4-', 'if-match': '"one"' });
    expect([part.status, await part.text()]).toEqual([206, 'bundle']);
    expect((await server.get(path, { 'if-none-match': '"one"' })).status).toBe(304);
    expect((await server.get(path, { 'if-match': '"two"' })).status).toBe(412);
    const head = await fetch(server.url + path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
  });

  it('A bundle from HEAD is 204, and one from a commit that the mirror does not know is 404.', async () => {
    for (const [outcome, status] of [
      ['same', 204],
      ['unknown', 404],
    ] as const) {
      repositories.bundles = () => outcome;
      const answer = await server.get(path);
      expect([outcome, answer.status]).toEqual([outcome, status]);
      expect((await fetch(server.url + path, { method: 'HEAD' })).status).toBe(status);
    }
  });

  it('A base that is not one commit id of 40 or 64 lower-case hex digits is 400 and asks nobody.', async () => {
    const bad = [
      ['', '?base', '?base=', '?base=HEAD', '?base=--all', `?base=${'A'.repeat(40)}`, `?other=${commitA}`],
      [`?base=${commitA}0`, `?base=${commitA}%0a`, `?base=${commitA}%20`, `?base=${commitA.slice(1)}`],
      [`?base=${commitA}&base=${commitB}`, `?base[]=${commitA}`],
    ].flat();
    for (const query of bad) {
      expect([query, (await server.raw(`GET ${base}/snapshot.bundle${query}`)).status]).toEqual([query, 400]);
    }
    expect(repositories.calls).toEqual([]);
    repositories.bundles = () => 'same';
    expect((await server.get(`${base}/snapshot.bundle?base=${'0f'.repeat(32)}`)).status).toBe(204);
  });
});

describe('LFS snapshots', () => {
  it('An LFS snapshot is served like a snapshot, and is 404 when there is none.', async () => {
    const path = `${base}/lfs-snapshot.tar.zst`;
    const none = await server.get('/git/github.com/owner/none/lfs-snapshot.tar.zst');
    expect(none.status).toBe(404);
    expect(await none.text()).toContain('there is no LFS snapshot of https://github.com/owner/none');
    await publish('github.com/owner/repository');
    const repository = parseRepository('github.com/owner/repository');
    await renameStored(hashedNames.snapshot(repository), hashedNames.lfsSnapshot(repository));
    const part = await server.get(path, { range: 'bytes=0-3' });
    expect([part.status, await part.text()]).toEqual([206, 'arch']);
    expect(part.headers.get('content-type')).toBe('application/zstd');
  });
});

describe('Ensuring refs', () => {
  const path = `${base}/ensure-refs`;
  const ensure = (body: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(server.url + path, { method: 'POST', body, headers });

  it('Refs and commits are looked for at the upstream when the mirror does not have them.', async () => {
    repositories.found = { refs: { 'refs/heads/main': commitB }, missingCommits: [commitA], fetched: true };
    const wanted = { refs: { 'refs/heads/main': commitB, 'refs/tags/v1': '' }, commits: [commitA] };
    const answer = await ensure(JSON.stringify(wanted));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { refs: { 'refs/heads/main': commitB }, missing_commits: [commitA], fetched: true },
    ]);
    expect(repositories.wanted).toEqual(wanted);
    expect((await ensure('{"refs":null,"commits":null}')).status).toBe(200);
    expect(repositories.wanted).toEqual({ refs: {}, commits: [] });
    const foreign = await server.raw(`POST ${path}`, ['Host: cache.example', 'Content-Length: 2'], '{}');
    expect(foreign.status).toBe(200);
  });

  it('What is no ref, no commit id or no JSON is 400, names the field, and asks nobody.', async () => {
    const many = JSON.stringify({ commits: Array.from({ length: 501 }, () => commitA) });
    const rows = [
      ['{', 'the body is not JSON'],
      ['[]', 'the body: allowed is {"refs"'],
      ['{"refs":[]}', 'refs: allowed is an object of ref names'],
      ['{"refs":{"refs/heads/a..b":""}}', 'refs["refs/heads/a..b"]: allowed is a full ref name'],
      ['{"refs":{"--exec=x":""}}', 'refs["--exec=x"]: allowed is a full ref name'],
      ['{"refs":{"refs/heads/main":"HEAD"}}', 'refs["refs/heads/main"]: allowed is a commit id'],
      ['{"refs":{"refs/heads/main":1}}', 'refs["refs/heads/main"]: allowed is a commit id'],
      [`{"commits":["${commitA}","-x"]}`, 'commits[1]: allowed is a commit id'],
      [many, 'commits: allowed are at most 500'],
    ] as const;
    for (const [body, said] of rows) {
      const answer = await ensure(body);
      const { message } = (await answer.json()) as { readonly message: string };
      expect([answer.status, message.slice(0, said.length)]).toEqual([400, said]);
    }
    expect(repositories.calls).toEqual([]);
  });

  it('A body of more than 1 MiB is 413, and one that does not end asks nobody.', async () => {
    const large = await ensure(`{"commits":[${' '.repeat(1024 * 1024)}]}`);
    expect(large.status).toBe(413);
    using client = await server.connect();
    client.request(`POST ${path}`, ['Content-Length: 100'], '{"refs":');
    client.endSending();
    await client.ended();
    expect(repositories.calls).toEqual([]);
    expect((await ensure('{}')).status).toBe(200);
  });

  it('A web page of another site begins no work for git.', async () => {
    const rows = [
      [`POST ${path}`, 'Origin: http://evil.example'],
      [`POST ${path}`, 'Origin: null'],
      [`POST ${path}`, 'Sec-Fetch-Site: cross-site'],
      [`GET ${base}/snapshot.bundle?base=${commitA}`, 'Sec-Fetch-Site: cross-site'],
      ['GET /git/github.com/owner/cold/snapshot.tar.zst', 'Origin: http://evil.example'],
    ] as const;
    for (const [line, field] of rows) {
      const fields = line.startsWith('POST') ? [field, 'Content-Length: 2'] : [field];
      const { status } = await server.raw(line, fields, line.startsWith('POST') ? '{}' : '');
      expect([line, field, status]).toEqual([line, field, 403]);
    }
    expect(repositories.calls).toEqual([]);
  });
});

describe('Names', () => {
  it('A resource that git itself would ask for is 404.', async () => {
    for (const line of [
      `GET ${base}/info/refs?service=git-upload-pack`,
      `POST ${base}/git-upload-pack`,
      `GET ${base}/HEAD`,
      `GET ${base}/objects/info/packs`,
      `GET ${base}/snapshot.tar.zst/`,
      'GET /git/snapshot.bundle',
    ])
      expect([line, (await server.raw(line)).status]).toEqual([line, 404]);
  });

  it('A repository may be called like a resource.', async () => {
    await publish('github.com/owner/ensure-refs');
    expect((await server.get('/git/github.com/owner/ensure-refs/snapshot.tar.zst')).status).toBe(200);
  });
});
