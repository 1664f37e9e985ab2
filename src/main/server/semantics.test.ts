/** What Sluice promises, asked of a real server: docs/semantics.md, one test for each sentence, with the same words. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { MiB } from '#shared/units.ts';

const run = promisify(execFile);

const commit = 'c0ffee'.padEnd(40, '0');
const snapshotPath = '/git/github.com/owner/repository/snapshot.tar.zst';

/** Bytes that differ at every place where a range could go wrong. */
function pattern(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 4) bytes.writeUInt32LE(Math.imul(at + seed, 2654435761) >>> 0, at);
  return bytes;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const publish = (body: Uint8Array) =>
  fetch(`${server.url}/api/v1/snapshots/github.com/owner/repository`, {
    method: 'POST',
    body,
    headers: { 'x-cachew-snapshot-commit': commit },
  });

describe('Multipart', () => {
  it('The parts of a multipart answer are the bytes of the object.', async () => {
    const body = pattern(2 * MiB);
    const path = await server.put('multipart', body, { 'content-type': 'text/x-parts' });
    const ranges = ['0-9', '1000000-1600000', '-7'];
    const curl = ['--silent', '--include', '--range', ranges.join(','), server.url + path];
    const { stdout } = await run('curl', curl, { encoding: 'buffer', maxBuffer: 4 * MiB });
    const head = stdout.subarray(0, stdout.indexOf('\r\n\r\n')).toString('latin1');
    const boundary = /multipart\/byteranges; boundary=(\S+)/.exec(head)?.[1] ?? '';
    const parts = [
      [0, 10],
      [1_000_000, 1_600_001],
      [body.length - 7, body.length],
    ].map(([start = 0, end = 0]) => {
      const fields = `Content-Type: text/x-parts\r\nContent-Range: bytes ${start}-${end - 1}/${body.length}`;
      return Buffer.concat([
        Buffer.from(`--${boundary}\r\n${fields}\r\n\r\n`),
        body.subarray(start, end),
        Buffer.from('\r\n'),
      ]);
    });
    const expected = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
    expect(head).toMatch(/^HTTP\/1\.1 206 /);
    expect(head.toLowerCase()).toContain(`content-length: ${expected.length}`);
    expect(stdout.subarray(head.length + 4).equals(expected)).toBe(true);
  });
});

describe('Objects', () => {
  it('What was uploaded is read by the next request.', async () => {
    for (const [seed, length] of [0, 1, 262_144, 262_145, 3 * MiB].entries()) {
      const body = pattern(Math.ceil(length / 4) * 4, seed).subarray(0, length);
      const secret = { authorization: 'Bearer secret', 'x-seed': String(seed) };
      const response = await server.get(await server.put('next', body, secret));
      expect([response.status, response.headers.get('x-seed')]).toEqual([200, String(seed)]);
      expect(response.headers.has('authorization')).toBe(false);
      expect(sha256(await response.bytes())).toBe(sha256(body));
    }
  });

  it('An upload without ETag gets a new validator each time.', async () => {
    const path = await server.put('validator', 'one');
    const first = await server.get(path);
    await server.put('validator', 'one');
    const second = await server.get(path);
    expect(first.headers.get('etag')).toMatch(/^"[\w-]+"$/);
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
    await server.put('validator', 'one', { etag: '"mine"' });
    expect((await server.get(path, { 'if-none-match': '"mine"' })).status).toBe(304);
  });

  it('An upload is invisible until it is complete.', async () => {
    const path = '/api/v1/object/test/slowly';
    using client = await server.connect();
    client.request(`POST ${path}`, ['Content-Length: 10'], 'first');
    await uploadsInProgress(1);
    expect((await server.get(path)).status).toBe(404);
    expect((await client.send(' half').response()).status).toBe(200);
    expect(await (await server.get(path)).text()).toBe('first half');

    using replacing = await server.connect();
    replacing.request(`POST ${path}`, ['Transfer-Encoding: chunked'], '3\r\nnew\r\n');
    await uploadsInProgress(1);
    expect(await (await server.get(path)).text()).toBe('first half');
    expect((await replacing.send('0\r\n\r\n').response()).status).toBe(200);
    expect(await (await server.get(path)).text()).toBe('new');
  });

  it('Uploads at the same time are stored each as it was sent.', async () => {
    const bodies = Array.from({ length: 4 }, (_, seed) => pattern(3 * MiB, seed));
    const paths = await Promise.all(bodies.map((body, seed) => server.put(`together-${seed}`, body)));
    for (const [seed, path] of paths.entries()) {
      expect(sha256(await (await server.get(path)).bytes())).toBe(sha256(bodies[seed] ?? Buffer.alloc(0)));
    }
  });

  it('An upload that breaks off leaves nothing behind.', async () => {
    const path = '/api/v1/object/test/broken';
    const before = await server.storedFiles();
    const upload = pattern(12 * MiB);
    for (const fields of [[`Content-Length: ${upload.length + 1}`], ['Transfer-Encoding: chunked']]) {
      using client = await server.connect();
      const chunked = fields[0]?.startsWith('Transfer') ? `${upload.length.toString(16)}\r\n` : '';
      client.request(`POST ${path}`, fields, chunked).send(upload);
      await uploadsInProgress(1);
      client.reset();
      await uploadsInProgress(0);
      expect((await server.get(path)).status).toBe(404);
    }
    // What was received is removed a moment after its memory has come back.
    await expect.poll(() => server.storedFiles()).toEqual(before);
  });

  it('An object that is replaced while it is read is never spliced with its successor.', async () => {
    const length = 48 * MiB;
    const path = await server.put('replaced', Buffer.alloc(length, 'a'));
    using reader = await server.connect();
    const { status } = await reader.request(`GET ${path}`).head();
    const start = await reader.body(MiB);
    await server.put('replaced', Buffer.alloc(length, 'b'));
    expect(await (await server.get(path, { range: 'bytes=0-9' })).text()).toBe('b'.repeat(10));
    const rest = await reader.body(length - MiB);
    expect(status).toBe(200);
    expect(start.length).toBe(MiB);
    expect([start, rest].every((bytes) => bytes.equals(Buffer.alloc(bytes.length, 'a')))).toBe(true);
  });

  it('An object that has outlived its Time-To-Live is 404.', async () => {
    const lasting = await server.put('lasting', 'long', { 'time-to-live': '1h' });
    // Expiry is a whole second, so this one lives for up to one.
    const mortal = await server.put('mortal', 'short', { 'time-to-live': '1ms' });
    await expect.poll(async () => (await server.get(mortal)).status, { timeout: 15_000 }).toBe(404);
    expect((await server.get(lasting)).status).toBe(200);
  });

  it('A deleted object is 404, and deleting it again is 404.', async () => {
    const path = await server.put('deleted', 'gone');
    const remove = async () => (await fetch(server.url + path, { method: 'DELETE' })).status;
    expect((await server.get(path)).status).toBe(200);
    expect(await remove()).toBe(200);
    expect((await server.get(path)).status).toBe(404);
    expect(await remove()).toBe(404);
  });

  it('An invalidated object is read from the store again.', async () => {
    const path = await server.put('invalidated', pattern(MiB));
    const readFromStore = async () => {
      const before = (await server.metrics()).get('sluice_store_read_bytes_total') ?? Number.NaN;
      await (await server.get(path)).arrayBuffer();
      return ((await server.metrics()).get('sluice_store_read_bytes_total') ?? Number.NaN) - before;
    };
    await expect.poll(readFromStore).toBe(0);
    expect((await fetch(`${server.url + path}/invalidate`, { method: 'POST' })).status).toBe(200);
    expect(await readFromStore()).toBe(MiB);
  });

  it('Preconditions hold for uploads and deletions too: one that fails answers 412 and changes nothing.', async () => {
    const path = '/api/v1/object/test/conditional';
    const send = async (method: string, headers: Readonly<Record<string, string>>) => {
      const body = method === 'POST' ? 'changed' : null;
      return (await fetch(server.url + path, { method, headers, body })).status;
    };
    expect(await send('POST', { 'if-match': '*' })).toBe(412);
    expect(await send('DELETE', { 'if-match': '*' })).toBe(404);
    expect((await server.get(path)).status).toBe(404);
    await server.put('conditional', 'first', { 'if-none-match': '*', etag: '"v1"' });
    expect(await send('POST', { 'if-none-match': '*' })).toBe(412);
    expect(await send('POST', { 'if-match': '"v0"' })).toBe(412);
    expect(await send('DELETE', { 'if-match': '"v0"' })).toBe(412);
    expect(await send('DELETE', { 'if-unmodified-since': 'Sun, 06 Nov 1994 08:49:37 GMT' })).toBe(412);
    expect(await (await server.get(path)).text()).toBe('first');
    await server.put('conditional', 'second', { 'if-match': '"v1"' });
    expect(await (await server.get(path)).text()).toBe('second');
  });

  it('A client that sends Expect: 100-continue is asked to continue.', async () => {
    using client = await server.connect();
    client.request('POST /api/v1/object/test/expect', ['Content-Length: 4', 'Expect: 100-continue']);
    expect((await client.response()).status).toBe(100);
    expect((await client.send('body').response()).status).toBe(200);
    const url = `${server.url}/api/v1/object/test/expect`;
    const { stdout } = await run('curl', [
      '--silent',
      '-H',
      'Expect: 100-continue',
      '--data-binary',
      'curled',
      url,
    ]);
    expect(stdout).toContain('"bytes":6');
    expect(await (await server.get('/api/v1/object/test/expect')).text()).toBe('curled');
  });
});

describe('Snapshots', () => {
  it('A snapshot that was not published is 404, and asking for it publishes nothing.', async () => {
    const before = await server.storedFiles();
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(`${server.url}/git/github.com/owner/other/snapshot.tar.zst`, { method });
      expect(response.status).toBe(404);
    }
    expect(await server.storedFiles()).toEqual(before);
  });

  it('Snapshot answers carry the freshen metadata on 200, 206 and HEAD.', async () => {
    expect((await publish(pattern(1000))).status).toBe(200);
    const url = server.url + snapshotPath;
    const answers = [
      await fetch(url),
      await fetch(url, { headers: { range: 'bytes=0-9' } }),
      await fetch(url, { method: 'HEAD' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 206, 200]);
    for (const { headers } of answers) {
      expect(headers.get('x-cachew-snapshot-commit')).toBe(commit);
      expect(headers.get('content-type')).toBe('application/zstd');
      expect(headers.get('etag')).toMatch(/^"[^"]+"$/);
    }
    expect(sha256(await (answers[1] as Response).bytes())).toBe(sha256(pattern(1000).subarray(0, 10)));
  });
});

/** Waits until that many uploads hold memory. */
async function uploadsInProgress(count: number): Promise<void> {
  const uploadBytes = async () => (await server.metrics()).get('sluice_ledger_bytes{state="upload"}') ?? 0;
  await expect
    .poll(async () => Math.round((await uploadBytes()) / (8 * MiB)), { timeout: 30_000 })
    .toBe(count);
}
