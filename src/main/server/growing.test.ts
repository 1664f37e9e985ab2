/** Snapshots that are made when they are asked for: docs/semantics.md, one test for each sentence. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { SluiceError } from '#shared/errors.ts';
import { KiB, MiB } from '#shared/units.ts';
import { commitA, ScriptedGrowth, ScriptedRepositories } from './repositories.fixture.ts';

const path = '/git/github.com/owner/cold/snapshot.tar.zst';

let server: TestServer;
let repositories: ScriptedRepositories;
let growth: ScriptedGrowth;

beforeAll(async () => {
  repositories = new ScriptedRepositories();
  server = await startTestServer({ memoryBudgetBytes: 32 * MiB }, undefined, repositories);
});

afterAll(() => server[Symbol.asyncDispose]());

beforeEach(() => {
  repositories.calls.length = 0;
  growth = new ScriptedGrowth();
  repositories.growth = async () => growth;
});

const transfers = async () => (await server.metrics()).get('sluice_transfers');
const bounceBytes = async () => (await server.metrics()).get('sluice_ledger_bytes{state="bounce"}') ?? 0;
const failure = new SluiceError('PROCESS_FAILED', 'git could not be run');

describe('Cold snapshots', () => {
  it('The first GET of an allowed repository without a snapshot is answered with the snapshot as it grows.', async () => {
    growth.grow(Buffer.from('first '));
    const answer = await server.get(path, { range: 'bytes=0-1' });
    const body = answer.text();
    growth.grow(Buffer.from('second'));
    growth.end('complete');
    expect(await body).toBe('first second');
    expect(answer.status).toBe(200);
    const { headers } = answer;
    expect(headers.get('content-type')).toBe('application/zstd');
    expect(headers.get('x-cachew-snapshot-commit')).toBe(commitA);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('transfer-encoding')).toBe('chunked');
    for (const name of ['etag', 'accept-ranges', 'last-modified', 'content-length', 'x-cachew-bundle-url'])
      expect([name, headers.has(name)]).toEqual([name, false]);
    expect(repositories.calls).toEqual(['grow github.com/owner/cold']);
  });

  it('A snapshot that cannot be made is an error, and never a short success.', async () => {
    repositories.growth = () => Promise.reject(failure);
    const refused = await server.get(path);
    expect([refused.status, await refused.json()]).toEqual([
      500,
      { error: 'PROCESS_FAILED', message: 'git could not be run' },
    ]);

    repositories.growth = async () => growth;
    growth.end(failure);
    expect((await server.get(path)).status).toBe(500);
  });

  it('A snapshot that breaks while it grows breaks the connection of everybody who follows it.', async () => {
    growth.grow(Buffer.alloc(100_000, 'x'));
    const followers = await Promise.all(
      ['1.1', '1.0'].map(async (version) => {
        const client = await server.connect();
        client.send(`GET ${path} HTTP/${version}\r\nHost: localhost\r\n\r\n`);
        expect((await client.head()).status).toBe(200);
        await client.body(50_000);
        return client;
      }),
    );
    growth.end(failure);
    const ends = await Promise.all(followers.map((client) => client.howItEnds()));
    // Over HTTP/1.0 the end of the connection is the end of the body, unless it is a reset.
    expect(ends).toEqual(['reset', 'reset']);
    for (const client of followers) client[Symbol.dispose]();
    await expect.poll(transfers).toBe(0);
  });

  it('A snapshot that another server has stored meanwhile is served from the store.', async () => {
    const publish = async () => {
      const url = `${server.url}/api/v1/snapshots/github.com/owner/elsewhere`;
      await fetch(url, { method: 'POST', body: 'stored', headers: { 'x-cachew-snapshot-commit': commitA } });
      return 'stored' as const;
    };
    repositories.growth = publish;
    const answer = await server.get('/git/github.com/owner/elsewhere/snapshot.tar.zst', {
      range: 'bytes=0-1',
    });
    expect([answer.status, await answer.text()]).toEqual([206, 'st']);
    repositories.growth = async () => 'stored';
    expect((await server.get(path)).status).toBe(404);
  });

  it('A cancelled job is 503 for who waited for its snapshot.', async () => {
    repositories.growth = () => Promise.reject(new SluiceError('ABORTED', 'cancelled by its owner'));
    const answer = await server.get(path);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('HEAD never generates a snapshot, and neither does a request that no new one can satisfy.', async () => {
    expect((await fetch(server.url + path, { method: 'HEAD' })).status).toBe(404);
    expect((await server.get(path, { 'if-match': '"gone"' })).status).toBe(412);
    expect((await server.get(path, { 'if-match': '*' })).status).toBe(412);
    expect((await server.raw(`GET ${path}`, ['Origin: http://evil.example'])).status).toBe(403);
    expect((await server.raw(`GET ${path}`, ['Sec-Fetch-Site: cross-site'])).status).toBe(403);
    expect(repositories.calls).toEqual([]);
  });

  it('What is not allowed is 404 and starts nothing.', async () => {
    const other = '/git/github.com/other/cold';
    const rows = [
      ['GET', `${other}/snapshot.tar.zst`],
      ['GET', `${other}/snapshot.bundle?base=${commitA}`],
      ['GET', `${other}/lfs-snapshot.tar.zst`],
      ['POST', `${other}/ensure-refs`],
      ['POST', '/api/v1/repositories/github.com/other/cold'],
    ] as const;
    for (const [method, path] of rows) {
      const { status } = await server.raw(`${method} ${path}`, ['Content-Length: 2'], '{}');
      expect([method, path, status]).toEqual([method, path, 404]);
    }
    expect(repositories.calls).toEqual([]);
    const { body } = await server.raw(`GET ${other}/snapshot.tar.zst`);
    expect(body.toString()).toContain('allow it with --repository https://github.com/other/cold');
  });

  it('A follower holds one piece of the budget, however slow it is, and delays nobody.', async () => {
    growth.grow(Buffer.alloc(32 * MiB, 'x'));
    growth.end('complete');
    await expect.poll(transfers).toBe(0);
    const before = await bounceBytes();
    const stalled = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = await server.connect();
        await client.request(`GET ${path}`).head();
        return client;
      }),
    );
    const swift = await (await server.get(path)).arrayBuffer();
    expect(swift.byteLength).toBe(32 * MiB);
    // What the swift one had comes back a moment after its end.
    await expect.poll(() => growth.readers).toBe(4);
    await expect.poll(bounceBytes).toBe(before + 4 * 64 * KiB);
    for (const client of stalled) client.reset();
    await expect.poll(() => growth.readers).toBe(0);
    await expect.poll(bounceBytes).toBe(before);
    await expect.poll(transfers).toBe(0);
  });

  it('A follower that leaves before the first byte costs nothing.', async () => {
    using client = await server.connect();
    client.request(`GET ${path}`);
    await expect.poll(() => growth.readers).toBe(1);
    client.reset();
    await expect.poll(() => growth.readers).toBe(0);
    await expect.poll(transfers).toBe(0);
  });

  it('More followers than there are places are refused before any header.', async () => {
    const places = (await server.metrics()).get('sluice_transfers_max') ?? 0;
    const answers = Array.from({ length: places + 2 }, async () => {
      const client = await server.connect();
      client.request(`GET ${path}`);
      return client;
    });
    const clients = await Promise.all(answers);
    await expect.poll(() => growth.readers).toBe(places);
    // Nothing has grown, so who is answered is refused.
    const { status } = await Promise.race(clients.map((client) => client.response()));
    expect(status).toBe(503);
    for (const client of clients) client.reset();
    await expect.poll(transfers).toBe(0);
  });
});
