/** Another server, looked at through this one: real servers, real sockets. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Tokens } from '#main/access/tokens.ts';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { contract } from '#shared/contract.ts';
import { RemoteServers } from './remote-servers.ts';

let folder: string;
let far: TestServer;
let near: TestServer;
let token: string;
let viewerHere: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-remote-'));
  const [farData, nearData] = await Promise.all([
    mkdtemp(join(folder, 'far-')),
    mkdtemp(join(folder, 'near-')),
  ]);
  ({ token } = await new Tokens(farData).add('viewer'));
  ({ token: viewerHere } = await new Tokens(nearData).add('viewer'));
  far = await startTestServer({ requireToken: true, dataDir: farData });
  near = await startTestServer({ dataDir: nearData });
});

afterAll(async () => {
  await near[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function open(server: TestServer, query = '', headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rpc${query}`, { headers });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const client = createORPCClient<ContractRouterClient<typeof contract>>(link);
  return { socket, client, [Symbol.dispose]: () => socket.close() };
}

describe('Other servers', () => {
  it('A console looks at another server through its own, with the role of that token.', async () => {
    using console = await open(near);
    const { servers } = console.client;
    const { server, role } = await servers.add({ name: 'far', url: `${far.url}/console/`, token });
    expect(role).toBe('viewer');
    expect(server).toEqual({ id: expect.any(String), name: 'far', url: `${far.url}/` });
    expect((await servers.list()).servers).toEqual([server]);
    expect(JSON.stringify(await servers.list())).not.toContain('slu_');

    using through = await open(near, `?server=${server.id}`);
    expect(await through.client.hello()).toMatchObject({ url: far.url, role: 'viewer' });
    const path = '/api/v1/object/test/none';
    await (await far.get(path)).arrayBuffer();
    const lastRequest = async () => (await through.client.live.frame({ cursor: -1 })).requests.at(-1);
    await expect.poll(lastRequest).toMatchObject({ target: 'test/none', status: 404 });
    await expect(through.client.servers.remove({ id: 'x' })).rejects.toThrow('operator role');

    const closed = once(through.socket, 'close');
    expect(await servers.remove({ id: server.id })).toEqual({ removed: true });
    await closed;
    expect((await servers.list()).servers).toEqual([]);
    using gone = await open(near, `?server=${server.id}`);
    const [code, reason] = (await once(gone.socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4502, 'this server is not remembered any more']);
  });

  it('Only operators look at other servers, and only they are told which there are.', async () => {
    await using guarded = await startTestServer({
      requireToken: true,
      dataDir: join(near.cacheFolder, '..'),
    });
    const headers = { authorization: `Bearer ${viewerHere}` };
    using console = await open(guarded, '', headers);
    expect((await console.client.servers.list()).servers).toEqual([]);
    await expect(open(guarded, '?server=x', headers)).rejects.toThrow('403');
  });

  it('A server that cannot be looked at is refused in a sentence, and nothing is remembered.', async () => {
    const other = createServer((_, answer) => answer.writeHead(200).end('hello'));
    other.on('upgrade', (_, socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as AddressInfo;
    using console = await open(near);
    const add = (url: string, secret?: string) =>
      console.client.servers.add({ name: 'x', url, ...(secret === undefined ? {} : { token: secret }) });
    await expect(add(far.url)).rejects.toThrow('does not take this token: this server wants a token');
    await expect(add(far.url, 'slu_'.padEnd(47, 'x'))).rejects.toThrow('this token is not known here');
    await expect(add(`http://127.0.0.1:${port}`)).rejects.toThrow('is no Sluice server: it answers 404');
    await expect(add('http://127.0.0.1:1')).rejects.toThrow('nothing listens there');
    for (const odd of ['ftp://host', 'host:7420', 'http://me:secret@host', 'http://host/?x=1'])
      await expect(add(odd)).rejects.toThrow('allowed is an http:// or https:// address');
    expect((await console.client.servers.list()).servers).toEqual([]);
    other.close();
  });

  it('keeps tokens to itself: sealed where the host can, in a file of its owner else', async () => {
    const data = await mkdtemp(join(folder, 'sealed-'));
    const box = {
      seal: (secret: string) => Buffer.from(secret).toString('hex'),
      open: (sealed: string) => Buffer.from(sealed, 'hex').toString(),
    };
    using remotes = new RemoteServers(data, box);
    const { server } = await remotes.add('far', far.url, token);
    const path = join(data, 'servers.json');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toContain('slu_');
    using again = new RemoteServers(data, box);
    (await again.connect(server.id)).close();
    using elsewhere = new RemoteServers(data);
    await expect(elsewhere.connect(server.id)).rejects.toThrow('cannot be decrypted here');
  });
});
