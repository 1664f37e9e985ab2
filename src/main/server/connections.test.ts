/** What Sluice promises about connections: docs/semantics.md, one test for each sentence, with the same words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { MiB } from '#shared/units.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const alphabet = 'abcdefghijklmnopqrstuvwxyz';

describe('Connections', () => {
  it('A connection is kept after 200, 206, 304, 404, 412, 416 and HEAD.', async () => {
    const path = await server.put('kept', alphabet);
    const rows = [
      ['GET', path, [], 200, alphabet],
      ['GET', path, ['Range: bytes=2-4'], 206, 'cde'],
      ['GET', path, ['If-None-Match: *'], 304, ''],
      ['GET', path, ['If-Match: "other"'], 412, ''],
      ['GET', path, ['Range: bytes=26-'], 416, ''],
      ['HEAD', path, [], 200, ''],
      ['HEAD', path, ['If-None-Match: *'], 304, ''],
      ['HEAD', `${path}-not`, [], 404, ''],
      ['GET', path, ['Range: bytes=25-'], 206, 'z'],
    ] as const;
    using client = await server.connect();
    for (const [method, target, fields, status, body] of rows) {
      const head = await client.request(`${method} ${target}`, fields).head();
      const length = method === 'HEAD' ? 0 : Number(head.headers['content-length'] ?? 0);
      expect([head.status, (await client.body(length)).toString()]).toEqual([status, body]);
      expect(head.headers['connection'] ?? 'keep-alive').toBe('keep-alive');
    }
    expect((await client.request(`GET ${path}-not`).response()).status).toBe(404);
    expect((await client.request(`GET ${path}`).response()).body.toString()).toBe(alphabet);
  });

  it('Pipelined requests are answered in order.', async () => {
    const path = await server.put('pipelined', alphabet);
    const large = await server.put('pipelined-large', Buffer.alloc(3 * MiB, 'x'));
    using client = await server.connect();
    for (const [at, target] of [path, large, path, `${path}-not`, path].entries()) {
      client.request(`GET ${target}`, [`Range: bytes=${at}-`]);
    }
    const answers = [];
    for (let count = 0; count < 5; count += 1) answers.push(await client.response());
    expect(answers.map(({ status }) => status)).toEqual([206, 206, 206, 404, 206]);
    expect(answers.map(({ body }) => body.length).with(3, 0)).toEqual([26, 3 * MiB - 1, 24, 0, 22]);
    expect(answers[4]?.body.toString()).toBe(alphabet.slice(4));
  });

  it('Nothing gets into the middle of an answer, whatever the client sends meanwhile.', async () => {
    const length = 48 * MiB;
    const path = await server.put('garbled', Buffer.alloc(length, 'x'));
    for (const garbage of ['\0garbage\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', `GET /${'x'.repeat(20_000)}`]) {
      using client = await server.connect();
      expect((await client.request(`GET ${path}`).head()).status).toBe(200);
      const start = await client.body(MiB);
      const rest = await client.send(garbage).body(length - MiB);
      const received = Buffer.concat([start, rest]);
      expect(received.equals(Buffer.alloc(received.length, 'x'))).toBe(true);
    }
  });

  it('A client that disconnects, resets or stalls costs nothing but its own transfer.', async () => {
    const length = 48 * MiB;
    const path = await server.put('large', Buffer.alloc(length, 'x'));
    const begin = async () => {
      const client = await server.connect();
      expect((await client.request(`GET ${path}`).head()).status).toBe(200);
      expect(await client.body(MiB)).toHaveLength(MiB);
      return client;
    };
    using stalled = await begin();
    (await begin())[Symbol.dispose]();
    (await begin()).reset();
    await expect.poll(gauges).toMatchObject({ transfers: 1 });
    const whole = await (await server.get(path)).arrayBuffer();
    expect(Buffer.from(whole).equals(Buffer.alloc(length, 'x'))).toBe(true);
    const rest = await stalled.body(length - MiB);
    expect(rest.equals(Buffer.alloc(length - MiB, 'x'))).toBe(true);
    await expect.poll(gauges).toEqual({ transfers: 0, waiting: 0, tokens: 0, busyBytes: 0 });
  });
});

/** What must be nothing when nobody is served. */
async function gauges(): Promise<Readonly<Record<string, number>>> {
  const all = [...(await server.metrics())];
  const sum = (prefix: string) =>
    all.reduce((total, [name, value]) => (name.startsWith(prefix) ? total + value : total), 0);
  const idle = sum('sluice_ledger_bytes{state="spare"}') + sum('sluice_ledger_bytes{state="cached"}');
  return {
    transfers: (await server.metrics()).get('sluice_transfers') ?? Number.NaN,
    waiting: sum('sluice_waiting{'),
    tokens: sum('sluice_window_tokens'),
    busyBytes: sum('sluice_ledger_bytes{') - idle,
  };
}
