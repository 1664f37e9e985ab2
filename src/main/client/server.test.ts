import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import {
  deleteObject,
  getObject,
  hasSnapshot,
  parseUpstream,
  publishSnapshot,
  putObject,
  snapshotUrl,
  statObject,
} from './server.ts';
import { serveTest, type Handler } from './test-server.ts';

const never = new AbortController().signal;
const name = { namespace: 'notes', key: 'a key/with ünusual?#characters' };
const path = `/api/v1/object/notes/${encodeURIComponent(name.key)}`;
const repository = parseUpstream('https://git.example/team/project', '--as');

async function* pieces(count: number, bytes = 65_536): AsyncGenerator<Uint8Array, void> {
  for (let index = 0; index < count; index += 1) yield randomBytes(bytes);
}

/** Reads the whole request, then answers. */
const accept =
  (status: number, headers: Record<string, string> = {}): Handler =>
  async (request, response) => {
    request.resume();
    await once(request, 'end');
    response.writeHead(status, headers).end();
  };

describe('objects of a server', () => {
  it('are stored from a stream, with their header fields and time to live', async () => {
    const received = createHash('sha256');
    const sent = createHash('sha256');
    await using server = await serveTest(async (request, response) => {
      for await (const piece of request as AsyncIterable<Uint8Array>) received.update(piece);
      response.writeHead(200, { etag: '"v1"' }).end();
    });
    const body = (async function* () {
      for await (const piece of pieces(40)) {
        sent.update(piece);
        yield piece;
      }
    })();
    const options = { timeToLive: '1h30m', headers: { 'content-type': 'text/plain' } };
    const stored = await putObject(server.url, name, body, options, never);
    expect(stored).toEqual({ etag: '"v1"', bytes: 40 * 65_536 });
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: path,
      headers: { 'time-to-live': '1h30m', 'content-type': 'text/plain', 'transfer-encoding': 'chunked' },
    });
  });

  it('are never taken for complete when their source fails', async () => {
    const arrivals = new EventEmitter();
    let received: Promise<unknown> = Promise.resolve();
    await using server = await serveTest((request) => {
      received = finished(request.once('data', () => arrivals.emit('data')).resume());
      received.catch(() => undefined);
    });
    const failing = (async function* () {
      yield* pieces(2);
      await once(arrivals, 'data');
      throw Object.assign(new Error('disk broke'), { code: 'EIO' });
    })();
    await expect(putObject(server.url, name, failing, {}, never)).rejects.toMatchObject({
      message: 'disk broke',
    });
    await expect(received).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('say why they were refused, while they were still being sent', async () => {
    await using server = await serveTest((_, response) => {
      response.writeHead(413, { connection: 'close' }).end('{"message":"too large for this store"}');
    });
    await expect(putObject(server.url, name, pieces(1000), {}, never)).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(
        /^notes\/a key.* was not stored: .* answers 413 \(too large for this store\)$/,
      ),
    });
  });

  it('stop being sent when the server has refused them', async () => {
    await using server = await serveTest((request, response) => {
      request.resume();
      response.writeHead(400).end();
    });
    const ends = new EventEmitter();
    const ended = once(ends, 'end');
    const endless = (async function* () {
      try {
        yield* pieces(Number.POSITIVE_INFINITY);
      } finally {
        ends.emit('end');
      }
    })();
    await expect(putObject(server.url, name, endless, {}, never)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(ended).resolves.toEqual([]);
  });

  it('stop being sent when it is cancelled', async () => {
    const controller = new AbortController();
    await using server = await serveTest((request) => void request.once('data', () => controller.abort()));
    await expect(putObject(server.url, name, pieces(100_000), {}, controller.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('are read, described and deleted', async () => {
    await using server = await serveTest((request, response) => {
      response.writeHead(200, { etag: '"v1"' });
      response.end(request.method === 'GET' ? 'content' : undefined);
    });
    {
      using answer = await getObject(server.url, name, never);
      const read: Uint8Array[] = [];
      for await (const piece of answer.body) read.push(piece);
      expect(Buffer.concat(read).toString()).toBe('content');
    }
    await expect(statObject(server.url, name, never)).resolves.toMatchObject({ etag: '"v1"' });
    await expect(deleteObject(server.url, name, never)).resolves.toBeUndefined();
    expect(server.requests.map(({ method, url }) => [method, url])).toEqual([
      ['GET', path],
      ['HEAD', path],
      ['DELETE', path],
    ]);
  });

  it('that are not there are NOT_FOUND', async () => {
    await using server = await serveTest(accept(404));
    const rejected = {
      code: 'NOT_FOUND',
      message: `nothing is stored under notes/${name.key} on ${server.url.origin}`,
    };
    await expect(getObject(server.url, name, never)).rejects.toMatchObject(rejected);
    await expect(statObject(server.url, name, never)).rejects.toMatchObject(rejected);
    await expect(deleteObject(server.url, name, never)).rejects.toMatchObject(rejected);
  });

  it('with names that no server takes are refused before anything is sent', async () => {
    await using server = await serveTest(accept(200));
    for (const bad of [
      { namespace: '../x', key: 'k' },
      { namespace: 'ok', key: '..' },
    ]) {
      await expect(statObject(server.url, bad, never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
    expect(server.requests).toHaveLength(0);
  });

  it('name the server and the remedy when none runs', async () => {
    const server = await serveTest(accept(200));
    await server[Symbol.asyncDispose]();
    await expect(statObject(server.url, name, never)).rejects.toThrow(
      `no server answers at ${server.url.origin}: start one with "sluice serve", or name another with --server`,
    );
  });

  it('are found below the path of a server behind a proxy', async () => {
    await using server = await serveTest(accept(200));
    await statObject(new URL('/sluice', server.url), { namespace: 'n', key: 'k' }, never);
    expect(server.requests[0]?.url).toBe('/sluice/api/v1/object/n/k');
  });
});

describe('snapshots of a server', () => {
  it('are published with their commit', async () => {
    await using server = await serveTest(accept(200));
    const archive = { commit: 'c'.repeat(40), stream: pieces(3) };
    await expect(publishSnapshot(server.url, repository, archive, never)).resolves.toMatchObject({
      bytes: 196_608,
    });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/snapshots/git.example/team/project',
      headers: { 'content-type': 'application/zstd', 'x-cachew-snapshot-commit': archive.commit },
    });
    expect(snapshotUrl(server.url, repository).pathname).toBe(
      '/git/git.example/team/project/snapshot.tar.zst',
    );
  });

  it.each([
    [200, true],
    [404, false],
  ])('are there or not: %d', async (status, there) => {
    await using server = await serveTest(accept(status));
    await expect(hasSnapshot(server.url, repository, never)).resolves.toBe(there);
    expect(server.requests[0]?.method).toBe('HEAD');
  });
});

describe('parseUpstream', () => {
  it.each([
    ['https://github.com/block/cachew', 'https://github.com/block/cachew'],
    ['https://GitHub.com/block/cachew.git', 'https://github.com/block/cachew'],
    ['https://git.example:8443/a/b/c', 'https://git.example:8443/a/b/c'],
  ])('reads %s', (text, upstream) => {
    expect(parseUpstream(text, '--as').upstream).toBe(upstream);
  });

  it.each([
    '',
    'github.com/block/cachew',
    'http://github.com/block/cachew',
    'https://github.com',
    'https://github.com/',
    'https://github.com//cachew',
    'https://github.com/block/../cachew',
    'https://user:secret@github.com/block/cachew',
    'https://github.com/block/cachew?x',
    'https://github.com/block/cachew\n',
  ])('refuses %j', (text) => {
    expect(() => parseUpstream(text, '--as')).toThrow(
      `--as ${JSON.stringify(text)}: allowed is https://HOST/PATH`,
    );
  });
});
