import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectionPool, maxIdleConnections } from './connection-pool.ts';
import { scratchBytes } from './scratch.ts';
import { partial, startScriptedServer } from './scripted-server.ts';
import type { ScriptedServer } from './scripted-server.ts';
import { selfSigned } from './self-signed.ts';
import type { Certificate } from './self-signed.ts';

const request = 'GET / HTTP/1.1\r\n\r\n';
const body = randomBytes(600_000);

let certificate: Certificate;
beforeAll(() => {
  certificate = selfSigned();
});

describe.each([
  ['TCP', false],
  ['TLS', true],
])('connections over %s', (_, secure) => {
  let server: ScriptedServer;
  let pool: ConnectionPool;
  beforeEach(async () => {
    server = await startScriptedServer(
      (socket) => socket.write(partial(body)),
      secure ? certificate : undefined,
    );
    pool = new ConnectionPool({ trust: { ca: certificate.cert } });
  });
  afterEach(async () => {
    pool.destroy();
    await server[Symbol.asyncDispose]();
  });

  const exchange = (signal?: AbortSignal, host = '127.0.0.1') =>
    pool.exchange({ secure, host, port: server.port }, request, signal);

  async function read(signal?: AbortSignal, onBytes: (bytes: number) => void = () => undefined) {
    const answer = await exchange(signal);
    const into = new Uint8Array(answer.body.memoryBytes ?? -1);
    await answer.body.readInto(into, onBytes);
    return into;
  }

  it('bring a body into memory, telling what has come', async () => {
    let told = 0;
    expect(Buffer.compare(await read(undefined, (bytes) => (told += bytes)), body)).toBe(0);
    expect(told).toBe(body.length);
  });

  it('tell every value of a field', async () => {
    server.script = (socket) => socket.write(partial(body, 'X-One: 1', 'x-one: 2', 'ETag: a', 'ETag: b'));
    const { head, body: answer } = await exchange();
    expect(head.fields).toMatchObject({ 'x-one': ['1', '2'], etag: ['a', 'b'] });
    expect(head.headers).toMatchObject({ 'x-one': '1, 2', etag: 'a' });
    answer.destroy();
  });

  it('are found by name, at the first address that answers', async () => {
    const { body: answer } = await exchange(undefined, 'localhost');
    expect(Buffer.compare(Buffer.concat(await answer.toArray()), body)).toBe(0);
  });

  it('are used again, and no more of them are kept than allowed', async () => {
    // Idle ones must not end by themselves while we are held up.
    pool = new ConnectionPool({ trust: { ca: certificate.cert }, idleMilliseconds: 600_000 });
    await read();
    await read();
    expect(server.accepted).toBe(1);
    await Promise.all(Array.from({ length: maxIdleConnections + 3 }, () => read()));
    await expect.poll(() => server.open).toBe(maxIdleConnections);
    const before = server.accepted;
    await Promise.all(Array.from({ length: maxIdleConnections }, () => read()));
    expect(server.accepted).toBe(before);
  });

  it('take their small buffers from the memory budget, give them back, and manage when there are none', async () => {
    const spare = Array.from({ length: 4 }, () => new Uint8Array(scratchBytes));
    const take = () => {
      const memory = spare.pop();
      return memory && { memory, [Symbol.dispose]: () => void spare.push(memory) };
    };
    pool = new ConnectionPool({ trust: { ca: certificate.cert }, memory: { take } });
    const answers = await Promise.all(Array.from({ length: 7 }, () => exchange()));
    expect(spare).toHaveLength(0);
    expect(pool.heldBytes).toBeGreaterThanOrEqual(7 * scratchBytes);
    for (const { body: answer } of answers) answer.destroy();
    await expect.poll(() => pool.heldBytes).toBe(0);
    expect(spare).toHaveLength(4);
  });

  it('keep the buffer of a body that has come whole until it is read', async () => {
    const [short, other] = [body.subarray(0, 5000), body.subarray(5000, 10_000)];
    server.script = (socket) => socket.end(partial(short, 'Connection: close'));
    const { body: answer } = await exchange();
    server.script = (socket) => socket.end(partial(other, 'Connection: close'));
    for (let round = 0; round < 3; round += 1) expect(Buffer.compare(await read(), other)).toBe(0);
    const into = new Uint8Array(short.length);
    await answer.readInto(into, () => undefined);
    expect(Buffer.compare(into, short)).toBe(0);
  });

  it('answer a HEAD without a body, whatever length it speaks of', async () => {
    server.script = (socket, _number, head) =>
      socket.write(
        head.startsWith('HEAD') ? 'HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n' : partial(body),
      );
    const origin = { secure, host: '127.0.0.1', port: server.port };
    const { head, body: answer } = await pool.exchange(origin, 'HEAD / HTTP/1.1\r\n\r\n', undefined);
    expect(head.headers['content-length']).toBe('600000');
    expect(await answer.toArray()).toEqual([]);
    expect(Buffer.compare(await read(), body)).toBe(0);
    expect(server.accepted).toBe(1);
  });

  it('end when nobody has used them for a while', async () => {
    pool = new ConnectionPool({ trust: { ca: certificate.cert }, idleMilliseconds: 20 });
    await read();
    await expect.poll(() => server.open).toBe(0);
  });

  const unusual: [string, (socket: Socket) => unknown][] = [
    ['the other side says close', (socket) => socket.write(partial(body, 'Connection: x, Close'))],
    ['the other side ends it', (socket) => socket.end(partial(body))],
    ['bytes follow the answer', (socket) => socket.write(Buffer.concat([partial(body), Buffer.from('x')]))],
    [
      'bytes come unasked',
      (socket) => socket.write(partial(body), () => setTimeout(() => socket.write('x'), 5)),
    ],
    [
      'the other side speaks HTTP/1.0',
      (socket) => socket.write(partial(body).toString('latin1').replace('1.1', '1.0'), 'latin1'),
    ],
  ];
  it.each(unusual)('are not used again when %s', async (_, script) => {
    server.script = script;
    expect(Buffer.compare(await read(), body)).toBe(0);
    await expect.poll(() => server.open).toBe(0);
    server.script = (socket) => socket.write(partial(body));
    expect(Buffer.compare(await read(), body)).toBe(0);
    expect(server.accepted).toBe(2);
  });

  it('are not used again after a body that was left', async () => {
    (await exchange()).body.destroy();
    await expect.poll(() => server.open).toBe(0);
  });

  const spoiled: [string, (socket: Socket) => unknown, object][] = [
    ['no HTTP', (socket) => socket.write('SSH-2.0\r\n\r\n'), { code: 'STORE_MISBEHAVED' }],
    [
      'a head without end',
      (socket) => socket.write(`HTTP/1.1 206 OK\r\nX: ${'x'.repeat(20_000)}`),
      { code: 'STORE_MISBEHAVED' },
    ],
    ['nothing', (socket) => socket.end(), { message: expect.stringMatching(/without an answer/) }],
    ['half a head', (socket) => socket.end('HTTP/1.1 206 OK\r\n'), { code: 'STORE_UNAVAILABLE' }],
    ['half a body', (socket) => socket.end(partial(body).subarray(0, 9999)), { code: 'STORE_UNAVAILABLE' }],
  ];
  it.each(spoiled)('fail after %s', async (_, script, error) => {
    server.script = script;
    await expect(read()).rejects.toEqual(expect.objectContaining(error));
    await expect.poll(() => server.open).toBe(0);
  });

  it('fail when nobody listens', async () => {
    await server[Symbol.asyncDispose]();
    await expect(read()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    server = await startScriptedServer(() => undefined);
  });
});

describe('a connection over TLS', () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer((socket) => socket.write(partial(body)), certificate);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('is refused to a server that nobody vouches for', async () => {
    const pool = new ConnectionPool();
    const origin = { secure: true, host: 'localhost', port: server.port };
    await expect(pool.exchange(origin, request, undefined)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    expect(server.heads).toEqual([]);
  });

  it('is refused to a server with another name', async () => {
    const pool = new ConnectionPool({ trust: { ca: certificate.cert } });
    const origin = { secure: true, host: '127.0.0.2', port: server.port };
    await expect(pool.exchange(origin, request, undefined)).rejects.toThrow(/127\.0\.0\.2/);
  });
});
