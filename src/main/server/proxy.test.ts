/** Behind a real nginx, as docs/operating.md sets it up: one test for each sentence of docs/semantics.md. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Tokens } from '#main/access/tokens.ts';
import { startSluice } from '#main/app.ts';
import type { FlagValues } from '#main/config/load.ts';
import { openSettings } from '#main/config/settings-source.ts';
import { startNginx } from '#main/testing/nginx.ts';
import type { contract } from '#shared/contract.ts';
import { RawClient } from './raw-client.fixture.ts';

const guide = fileURLToPath(new URL('../../../docs/operating.md', import.meta.url));
const log = pino({ level: 'silent' });

let folder: string;
let token: string;
let documented: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-proxy-'));
  await mkdir(join(folder, 'console/assets'), { recursive: true });
  await writeFile(join(folder, 'console/index.html'), '<!doctype html><title>Sluice</title>');
  await writeFile(join(folder, 'console/assets/app.js'), 'void 0;');
  await mkdir(join(folder, 'data'));
  ({ token } = await new Tokens(join(folder, 'data')).add('viewer'));
  const [, block] = /```nginx\n(.*?)```/s.exec(await readFile(guide, 'utf8')) ?? [];
  documented = block ?? '';
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(flags: FlagValues) {
  const dataDir = join(folder, 'data');
  const store = `file://${folder}/store`;
  const own: FlagValues = {
    port: '0',
    demo: false,
    dataDir,
    store,
    memoryBudgetBytes: '64MiB',
    diskCacheBytes: '0',
  };
  const settings = openSettings({ flags: { ...own, ...flags }, env: {} });
  const app = await startSluice({ settings, host: 'headless', consoleDir: join(folder, 'console'), log });
  return { app, address: new URL(app.url).host, [Symbol.asyncDispose]: () => app[Symbol.asyncDispose]() };
}

/** nginx with the block of the guide, in front of the server at `address`. */
function proxy(address: string, change: (block: string) => string = (block) => block) {
  return startNginx(change(documented.replace('127.0.0.1:7420', address)));
}

const keepPath = (block: string): string => block.replace(/(proxy_pass http:\/\/[^/;]+)\/;/, '$1;');

function signIn(base: string, origin: string) {
  return fetch(`${base}/session`, { method: 'POST', headers: { origin }, body: JSON.stringify({ token }) });
}

async function helloThrough(base: string, headers: Record<string, string>) {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/rpc`, { headers });
  try {
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
    return await createORPCClient<ContractRouterClient<typeof contract>>(link).hello();
  } finally {
    socket.close();
  }
}

/** Walks through all that a browser does, and @returns what the server then says on its socket. */
async function worksAtItsPath(flags: FlagValues, change: (block: string) => string) {
  await using server = await start({ requireToken: true, ...flags });
  await using nginx = await proxy(server.address, change);
  const base = `${nginx.url}/tools/sluice`;
  for (const path of ['/', '/console']) {
    const redirect = await fetch(base + path, { redirect: 'manual' });
    expect([path, redirect.status]).toEqual([path, 302]);
    expect(new URL(redirect.headers.get('location') ?? '', base).href).toBe(`${base}/console/`);
  }
  expect((await fetch(`${base}/console/`)).status).toBe(200);
  expect((await fetch(`${base}/console/assets/app.js`)).status).toBe(200);
  const answer = await signIn(base, nginx.url);
  expect(answer.status).toBe(200);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toContain('; Path=/tools/sluice/;');
  const send = { cookie: cookie.split(';')[0] ?? '', origin: nginx.url };
  await expect(helloThrough(base, { ...send, origin: 'http://evil.example' })).rejects.toThrow('403');
  return await helloThrough(base, send);
}

describe('Behind a proxy', () => {
  it('Pages, redirects, cookies and the socket work at a path that a proxy has us at.', async () => {
    // With the path taken away by the proxy, and with it still there.
    const expected = { name: 'sluice', role: 'viewer' };
    expect(await worksAtItsPath({}, (block) => block)).toMatchObject(expected);
    expect(await worksAtItsPath({ basePath: '/tools/sluice' }, keepPath)).toMatchObject(expected);
  });

  it('A proxy that says nothing of itself is refused with what mends it, and --public-url does.', async () => {
    const silent = (block: string) => block.replaceAll(/proxy_set_header (Host|X-).*\n/g, '');
    await using server = await start({ requireToken: true });
    await using nginx = await proxy(server.address, silent);
    const refused = await signIn(`${nginx.url}/tools/sluice`, nginx.url);
    expect(refused.status).toBe(403);
    const { message } = (await refused.json()) as { readonly message: string };
    expect(message).toContain(`which is at http://${server.address}`);
    expect(message).toContain(`--public-url ${nginx.url}`);

    const publicUrl = `${nginx.url}/tools/sluice`;
    await using told = await start({ publicUrl, requireToken: true });
    expect(told.app.consoleUrl).toBe(`${publicUrl}/console/`);
    const headers = { origin: nginx.url, host: told.address };
    const letIn = await fetch(`${told.app.url}/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ token }),
    });
    expect(letIn.headers.get('set-cookie')).toContain('; Path=/tools/sluice/;');
  });

  it('A name that this server does not have is 403 with the setting that gives it the name.', async () => {
    await using server = await start({});
    await using nginx = await proxy(server.address);
    const look = async () => {
      using client = await RawClient.connect(nginx.url);
      const fields = ['Host: tools.example', 'Accept: text/html', 'Connection: close'];
      return await client.request('GET /tools/sluice/console/', fields).response();
    };
    const refused = await look();
    expect(refused.status).toBe(403);
    expect(refused.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(refused.body.toString()).toContain('or start it with --allow-host tools.example');
    await using named = await start({ allowHosts: 'tools.example' });
    await using again = await proxy(named.address);
    using client = await RawClient.connect(again.url);
    const fields = ['Host: tools.example', 'Connection: close'];
    expect((await client.request('GET /tools/sluice/console/', fields).response()).status).toBe(200);
  });

  it('What a proxy forwards is believed only when it is trusted.', async () => {
    const fields = [
      'Origin: https://sluice.example',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: sluice.example',
    ];
    const body = JSON.stringify({ token });
    const post = async (flags: FlagValues) => {
      await using server = await start({ requireToken: true, allowHosts: 'sluice.example', ...flags });
      using client = await RawClient.connect(server.app.url);
      const line = 'POST /session';
      const all = [...fields, 'X-Forwarded-Prefix: /a/b/', `Content-Length: ${body.length}`];
      return await client.request(line, all, body).response();
    };
    const trusted = await post({});
    expect(trusted.status).toBe(200);
    expect(trusted.headers['set-cookie']).toMatch(/; Path=\/a\/b\/;.*; Secure$/);
    expect((await post({ trustedProxies: '192.0.2.1' })).status).toBe(403);
    expect((await post({ allowHosts: 'other.example' })).status).toBe(403);
  });
});
