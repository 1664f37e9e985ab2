/** Tokens, roles and sessions over HTTP: docs/semantics.md, one test for each sentence, with the same words. */
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Tokens } from '#main/access/tokens.ts';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { contract } from '#shared/contract.ts';
import type { Role } from '#shared/vocabulary/live.ts';

let folder: string;
let server: TestServer;
const tokens: Record<Role, string> = { viewer: '', operator: '' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-access-'));
  const file = new Tokens(folder);
  for (const role of ['viewer', 'operator'] as const) tokens[role] = (await file.add(role)).token;
  server = await startTestServer({ requireToken: true, dataDir: folder });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  return fetch(server.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** Signs in as a page does. @returns the answer and the cookie to send */
async function signIn(token: string) {
  const answer = await ask('POST', '/session', { origin: server.url }, JSON.stringify({ token }));
  const cookie = answer.headers.get('set-cookie') ?? '';
  return { answer, cookie, send: { cookie: cookie.split(';')[0] ?? '' } };
}

async function openSocket(headers: Record<string, string>) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rpc`, { headers });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const client = createORPCClient<ContractRouterClient<typeof contract>>(link);
  return { socket, client, [Symbol.dispose]: () => socket.close() };
}

const looking = [
  '/api/v1/stats',
  '/api/v1/namespaces',
  '/api/v1/repositories',
  '/api/v1/jobs/1',
  '/api/v1/requests',
  '/metrics',
];
const changing = [
  ['POST', '/api/v1/object/test/key'],
  ['DELETE', '/api/v1/object/test/key'],
  ['POST', '/api/v1/object/test/key/invalidate'],
  ['POST', '/api/v1/snapshots/host/a/b'],
  ['POST', '/api/v1/repositories/host/a/b'],
  ['DELETE', '/api/v1/repositories/host/a/b'],
  ['DELETE', '/api/v1/jobs/1'],
] as const;

describe('what the server asks of itself', () => {
  it('An operator replays a request of any route, also where a token is wanted.', async () => {
    using console = await openSocket(bearer(tokens.operator));
    const request = { method: 'GET' as const, path: '/api/v1/stats', headers: [] };
    expect(await console.client.requests.replay({ request })).toMatchObject({ status: 200 });
  });
});

describe('Tokens', () => {
  it('With tokens required, objects, snapshots and what is below /git/ are still open, and so is health.', async () => {
    const stored = await ask('POST', '/api/v1/object/test/open', bearer(tokens.operator), 'content');
    expect(stored.status).toBe(200);
    expect(await (await ask('GET', '/api/v1/object/test/open')).text()).toBe('content');
    expect((await ask('HEAD', '/api/v1/object/test/open')).status).toBe(200);
    expect((await ask('GET', '/git/host/a/b/snapshot.tar.zst')).status).toBe(404);
    expect((await ask('POST', '/git/host/a/b/ensure-refs', {}, '{}')).status).toBe(404);
    for (const path of ['/_liveness', '/_readiness']) expect((await ask('GET', path)).status).toBe(200);
  });

  it('With tokens required, looking at anything else without one is 401 with WWW-Authenticate.', async () => {
    for (const path of looking) {
      const answer = await ask('GET', path);
      expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([
        path,
        401,
        'Bearer realm="sluice"',
      ]);
      expect([path, (await ask('GET', path, bearer(tokens.viewer))).status]).not.toEqual([path, 401]);
    }
    await expect(openSocket({})).rejects.toThrow('401');
  });

  it('Changing anything needs an operator: without a token it is 401, with that of a viewer 403.', async () => {
    for (const [method, path] of changing) {
      expect([path, (await ask(method, path)).status]).toEqual([path, 401]);
      const refused = await ask(method, path, bearer(tokens.viewer));
      expect([path, refused.status]).toEqual([path, 403]);
      expect(await refused.json()).toMatchObject({ message: expect.stringContaining('operator role') });
      expect([401, 403]).not.toContain((await ask(method, path, bearer(tokens.operator))).status);
    }
  });

  it('Who has a token may call the server by any name.', async () => {
    const headers = ['Host: cache.example', `Authorization: Bearer ${tokens.viewer}`];
    expect((await server.raw('GET /api/v1/stats', headers)).status).toBe(200);
    expect((await server.raw('GET /api/v1/stats', ['Host: cache.example'])).status).toBe(403);
  });

  it('A console has the role of its token.', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      using console = await openSocket(bearer(tokens[role]));
      expect((await console.client.hello()).role).toBe(role);
    }
    using viewer = await openSocket(bearer(tokens.viewer));
    await expect(viewer.client.servers.add({ name: 'x', url: server.url })).rejects.toThrow('operator role');
    await expect(openSocket({ ...bearer('slu_'.padEnd(47, 'x')) })).rejects.toThrow('401');
  });
});

describe('Sessions', () => {
  it('A token is exchanged for a cookie that no script can read and no other site sends.', async () => {
    const { answer, cookie, send } = await signIn(tokens.viewer);
    expect(await answer.json()).toEqual({ role: 'viewer', by: 'session' });
    expect(cookie).toMatch(
      /^sluice-[0-9a-f]{8}=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/,
    );
    expect(cookie).not.toContain('slu_');
    expect((await ask('GET', '/api/v1/stats', send)).status).toBe(200);
    expect((await ask('POST', '/session', send, '{}')).status).toBe(200);
    using console = await openSocket({ ...send, origin: server.url });
    expect((await console.client.hello()).role).toBe('viewer');
  });

  it('A cookie does not count for a page of another origin or a foreign Host.', async () => {
    const { send } = await signIn(tokens.operator);
    await expect(openSocket({ ...send, origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(openSocket({ ...send, host: 'evil.example' })).rejects.toThrow('403');
    const foreign = { origin: 'http://evil.example' };
    expect((await ask('POST', '/session', foreign, JSON.stringify({ token: tokens.viewer }))).status).toBe(
      403,
    );
  });

  it('Signing out ends the session and its connections.', async () => {
    const { send } = await signIn(tokens.viewer);
    using console = await openSocket({ ...send, origin: server.url });
    const closed = once(console.socket, 'close');
    const out = await ask('DELETE', '/session', { ...send, origin: server.url });
    expect(out.headers.get('set-cookie')).toMatch(/^sluice-[0-9a-f]{8}=; Path=\/; Max-Age=0;/);
    expect((await closed)[0]).toBe(4401);
    expect((await ask('GET', '/api/v1/stats', send)).status).toBe(401);
  });

  it('A token that is removed ends its sessions and connections.', async () => {
    const file = new Tokens(folder);
    const { record, token } = await file.add('viewer');
    const { send } = await signIn(token);
    using bySession = await openSocket({ ...send, origin: server.url });
    using byToken = await openSocket(bearer(token));
    const closed = Promise.all([once(bySession.socket, 'close'), once(byToken.socket, 'close')]);
    await file.remove(record.id);
    expect((await ask('GET', '/api/v1/stats', send)).status).toBe(401);
    expect((await ask('GET', '/api/v1/stats', bearer(token))).status).toBe(401);
    expect((await closed).map(([code]) => code as number)).toEqual([4401, 4401]);
  });

  it('A session outlives a restart of the server.', async () => {
    const { send } = await signIn(tokens.viewer);
    await server[Symbol.asyncDispose]();
    server = await startTestServer({ requireToken: true, dataDir: folder });
    expect((await ask('GET', '/api/v1/stats', send)).status).toBe(200);
  });

  // The last: this address is refused for a while afterwards.
  it('After ten wrong tokens an address is 429 with Retry-After, and sessions go on.', async () => {
    const { send } = await signIn(tokens.viewer);
    const wrong = bearer('slu_'.padEnd(47, 'x'));
    for (let time = 0; time < 10; time += 1) expect((await ask('GET', '/metrics', wrong)).status).toBe(401);
    // One is forgiven every six seconds, which a busy machine may have taken by now: then it is wrong once more.
    await vi.waitFor(async () => {
      let refused = await ask('GET', '/metrics', wrong);
      while (refused.status === 401) refused = await ask('GET', '/metrics', wrong);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await ask('GET', '/metrics', bearer(tokens.viewer))).status).toBe(429);
      expect((await ask('GET', '/metrics', send)).status).toBe(200);
    }, 30_000);
  });
});
