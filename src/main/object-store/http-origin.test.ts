/** How the HTTP origin reads what a server has, and what it refuses of one that cannot be an origin. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describing, startOrigin } from './http-origin.fixture.ts';
import type { Answering, OriginServer } from './http-origin.fixture.ts';
import { createHttpOrigin } from './http-origin.ts';
import { bodyOf, metadata, never, partMemory, readAll, readRange } from './object-store.fixture.ts';
import type { ObjectStore } from './object-store.ts';

let origin: OriginServer;
let store: ObjectStore;
const bytes = randomBytes(200_000);
const key = 'api/v1/object/files/large.bin';
const path = '/base/files/large.bin';

beforeAll(async () => {
  origin = await startOrigin();
});
afterAll(async () => {
  await origin[Symbol.asyncDispose]();
});
beforeEach(() => {
  origin.answering = undefined;
  origin.files.clear();
  origin.requests.length = 0;
  origin.files.set(path, { bytes, etag: '"v1"', fields: { 'content-type': 'text/plain', server: 'test' } });
  store = openStore();
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
});

function openStore(base = `${origin.url}/base/`): ObjectStore {
  const backoff = { random: () => 0, sleep: async () => undefined };
  return createHttpOrigin({ base, describing, backoff });
}

/** An answer with this status, these fields, and a body that is as long as Content-Length says, or absent. */
const answers =
  (status: number, fields: Record<string, string | number> = {}): Answering =>
  (request, response) => {
    const length = Number(fields['content-length'] ?? 0);
    response.writeHead(status, fields).end(request.method === 'GET' ? Buffer.alloc(length) : undefined);
  };

/** Replaces the answers about the object; the dialect's paths are not there. */
function answerObject(answer: (method: string, range: string | undefined) => Answering | undefined): void {
  origin.answering = ({ method = '', url, headers }) =>
    url === path ? answer(method, headers.range) : undefined;
}

const noHead = (status: number) =>
  answerObject((method) => (method === 'HEAD' ? answers(status, { allow: 'GET' }) : undefined));

describe('a plain origin', () => {
  it('gives objects below its base, with what describes them', async () => {
    origin.files.set(path, {
      bytes,
      etag: '"v1"',
      fields: {
        'content-type': 'text/plain',
        server: 'test',
        'last-modified': 'Wed, 21 Oct 2026 07:28:00 GMT',
      },
    });
    const found = await store.head(key, never);
    expect(found).toMatchObject({
      revision: { key, length: bytes.length },
      headers: { 'content-type': ['text/plain'] },
      etag: 'v1',
      lastModified: new Date('2026-10-21T07:28:00Z'),
    });
    expect(origin.requests).toEqual(['GET /base/api/v1/namespaces', `HEAD ${path}`]);
    expect(found && Buffer.compare(await readAll(store, found.revision), bytes)).toBe(0);
    expect(origin.requests.at(-1)).toBe(`GET ${path} bytes=0-199999`);
    expect(store.description).toBe(`${origin.url}/base (plain HTTP server)`);
    expect(await store.namespaces(never)).toEqual([]);
  });

  it('reads any range on connections that are kept, telling what arrived', async () => {
    const { revision } = (await store.head(key, never)) ?? {};
    for (const [start, end] of [
      [0, 1],
      [199_999, 200_000],
      [70_000, 170_001],
    ] as const) {
      const onBytes = vi.fn<(bytes: number) => void>();
      const read = revision && (await readRange(store, revision, { start, end }, onBytes));
      expect(read && Buffer.compare(read, bytes.subarray(start, end))).toBe(0);
      expect(onBytes.mock.calls.reduce((sum, [count]) => sum + count, 0)).toBe(end - start);
    }
  });

  it.each([
    ['a b', '/base/files/a%20b'],
    ['100%', '/base/files/100%25'],
    ['ü/é?x#y', '/base/files/%C3%BC/%C3%A9%3Fx%23y'],
    ['dir/file.bin', '/base/files/dir/file.bin'],
    ['%2e%2e', '/base/files/%252e%252e'],
  ])('finds %j at %s', async (name, at) => {
    origin.files.set(at, { bytes: randomBytes(10), etag: '"x"' });
    const found = await store.head(`api/v1/object/files/${encodeURIComponent(name)}`, never);
    expect(found?.revision.length).toBe(10);
  });

  it.each(['a/../../b', '../x', 'a//b', '/a', 'a/', 'a/./b'])('refuses the name %j', async (name) => {
    const looking = store.head(`api/v1/object/files/${encodeURIComponent(name)}`, never);
    await expect(looking).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(origin.requests.filter((line) => !line.endsWith('/namespaces'))).toEqual([]);
  });

  it.each([
    '../x',
    'git/../../snapshot.tar.zst',
    'api/v1/object/files/..',
    'api/v1/stats',
    'git/a?b/snapshot.tar.zst',
  ])('refuses %j as a key, in the dialect too', async (key) => {
    await expect(store.head(key, never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    origin.answering = () => answers(200, { 'content-type': 'application/json' });
    await expect(openStore().head(key, never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([
    ['all of it', { start: 0, end: 200_000 }, { start: 0, end: 200_000 }],
    ['its beginning', { start: 0, end: 10 }, { start: 0, end: 10 }],
    ['its end and more', { start: 150_000, end: 300_000 }, { start: 150_000, end: 200_000 }],
    ['what is beyond its end', { start: 200_000, end: 300_000 }, { start: 200_000, end: 200_000 }],
  ])('is discovered by %s', async (_, wanted, range) => {
    const object = await store.head(key, never);
    origin.requests.length = 0;
    const found = await store.discover(key, wanted, never);
    const { lastModified: _modified, ...described } = object ?? {};
    expect(found).toMatchObject({ object: described, range });
    expect(origin.requests[0]).toBe(`GET ${path} bytes=${wanted.start}-${wanted.end - 1}`);
    const into = new Uint8Array(range.end - range.start);
    expect(found?.answer === undefined).toBe(into.length === 0);
    await found?.answer?.readInto(into, () => undefined);
    expect(Buffer.compare(into, bytes.subarray(range.start, range.end))).toBe(0);
    expect(origin.requests).toHaveLength(into.length === 0 ? 2 : 1);
  });

  it.each([200, 405])('that is empty is discovered without bytes, where HEAD answers %i', async (status) => {
    origin.files.set(path, { bytes: new Uint8Array(), etag: '"empty"' });
    if (status !== 200) noHead(status);
    const found = await store.discover(key, { start: 0, end: 100 }, never);
    expect(found).toMatchObject({ object: { etag: 'empty' }, range: { start: 0, end: 0 } });
    expect(found?.answer).toBeUndefined();
  });

  it('keeps every value of a field that describes an object', async () => {
    answerObject(() => (_, response) => {
      const range = { etag: '"v1"', 'content-range': 'bytes 0-1/2', 'content-length': 2 };
      const described = { 'content-type': 'text/a', 'x-cachew-snapshot-commit': ['a', 'b'] };
      response.writeHead(206, { ...range, ...described }).end('ab');
    });
    const found = await store.discover(key, { start: 0, end: 10 }, never);
    expect(found?.object.headers).toEqual({
      'content-type': ['text/a'],
      'x-cachew-snapshot-commit': ['a', 'b'],
    });
  });

  it('knows nothing of what is not there, or gone', async () => {
    const wanted = { start: 0, end: 10 };
    expect(await store.head('api/v1/object/files/other', never)).toBeUndefined();
    expect(await store.discover('api/v1/object/files/other', wanted, never)).toBeUndefined();
    answerObject(() => answers(410));
    expect(await store.head(key, never)).toBeUndefined();
    expect(await store.discover(key, wanted, never)).toBeUndefined();
  });

  it.each([405, 501])('is asked for the first byte where HEAD answers %i', async (status) => {
    noHead(status);
    expect(await store.head(key, never)).toMatchObject({ etag: 'v1', revision: { length: bytes.length } });
    expect(origin.requests.slice(1)).toEqual([`HEAD ${path}`, `GET ${path} bytes=0-0`]);
  });

  it.each([
    ['has no length', { etag: '"v1"', 'accept-ranges': 'bytes' }],
    ['says 0', { etag: '"v1"', 'accept-ranges': 'bytes', 'content-length': 0 }],
    ['does not speak of ranges', { etag: '"v1"', 'content-length': 5 }],
  ])('is asked for the first byte where the answer to HEAD %s', async (_, fields) => {
    answerObject((method) => (method === 'HEAD' ? answers(200, fields) : undefined));
    expect((await store.head(key, never))?.revision.length).toBe(bytes.length);
  });

  it.each([200, 405])('gives an empty object, where HEAD answers %i', async (status) => {
    origin.files.set(path, { bytes: new Uint8Array(), etag: '"empty"' });
    if (status !== 200) noHead(status);
    const found = await store.head(key, never);
    expect(found).toMatchObject({ etag: 'empty', revision: { length: 0 } });
    expect(found && (await readAll(store, found.revision)).length).toBe(0);
  });

  it('has a date that no client has seen, where it says none', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { lastModified } = (await store.head(key, never)) ?? {};
    expect(lastModified?.getTime()).toBeGreaterThanOrEqual(before);
    expect(lastModified?.getMilliseconds()).toBe(0);
  });

  it('has other revisions than another origin with the same tags', async () => {
    origin.files.set('/other/files/large.bin', { bytes: randomBytes(bytes.length), etag: '"v1"' });
    await using other = openStore(`${origin.url}/other`);
    const pins = await Promise.all([store, other].map((it) => it.head(key, never)));
    expect(new Set(pins.map((found) => found?.revision.pin)).size).toBe(2);
  });

  it('takes no writes', async () => {
    const refused = { code: 'READ_ONLY', status: 403 };
    const putting = store.put(key, bodyOf(bytes), metadata(), partMemory(), never);
    await expect(putting).rejects.toMatchObject(refused);
    await expect(store.delete(key, never)).rejects.toMatchObject(refused);
    await expect(putting).rejects.toThrow(`the store ${origin.url}/base is read-only`);
    expect(origin.requests).toEqual([]);
  });
});

describe('an origin that cannot be used is refused in a sentence:', () => {
  const ranged = { 'accept-ranges': 'bytes', 'content-length': 5 };
  const rows: readonly [string, (method: string) => Answering, string, RegExp][] = [
    ['no ETag', () => answers(200, ranged), 'STORE_REFUSED', /large\.bin has no ETag: without one/],
    [
      'a weak ETag',
      () => answers(200, { ...ranged, etag: 'W/"v1"' }),
      'STORE_REFUSED',
      /has no strong ETag \(W\/"v1"\): without one/,
    ],
    [
      'no ranges',
      () => answers(200, { 'content-length': 5, 'accept-ranges': 'none', etag: '"v1"' }),
      'STORE_REFUSED',
      /does not offer byte ranges \(it answered one with all of the object\)/,
    ],
    [
      'no length',
      (method) =>
        method === 'HEAD' ? answers(405) : answers(206, { etag: '"v1"', 'content-range': 'bytes 0-0/*' }),
      'STORE_REFUSED',
      /does not say how long the object is/,
    ],
    [
      'another range than asked for',
      (method) =>
        method === 'HEAD' ? answers(405) : answers(206, { etag: '"v1"', 'content-range': 'bytes 1-1/5' }),
      'STORE_MISBEHAVED',
      /first byte with Content-Range "bytes 1-1\/5"/,
    ],
    [
      'an unsatisfiable first byte of something',
      (method) => (method === 'HEAD' ? answers(405) : answers(416, { etag: '"v1"' })),
      'STORE_REFUSED',
      /answers 416/,
    ],
    [
      'a redirect',
      () => answers(302, { location: 'https://elsewhere.example/x' }),
      'STORE_REFUSED',
      /redirects to "https:\/\/elsewhere\.example\/x": redirects are not followed/,
    ],
    ['credentials', () => answers(401), 'STORE_REFUSED', /answers 401: .* sends no credentials/],
    ['a server error', () => answers(500), 'STORE_UNAVAILABLE', /large\.bin answers 500/],
  ];

  it.each(rows)('%s', async (_, answer, code, message) => {
    answerObject(answer);
    const looking = store.head(key, never);
    await expect(looking).rejects.toMatchObject({ code });
    await expect(looking).rejects.toThrow(message);
    await expect(store.discover(key, { start: 0, end: 9 }, never)).rejects.toMatchObject({ code });
  });
});

describe('check', () => {
  it('takes a server that answers, whatever it is', async () => {
    await expect(store.check(never)).resolves.toBeUndefined();
  });

  it('recognises the dialect, and its refusal under a foreign name', async () => {
    const json = { 'content-type': 'application/json; charset=utf-8' };
    const rows = [
      [200, '["b","a"]', ['a', 'b'], `HEAD /base/${key}`],
      [200, 'null', [], `HEAD /base/${key}`],
      [403, '{"error":"FORBIDDEN","message":"Host"}', [], `HEAD /base/${key}`],
      [403, '{"message":"Forbidden"}', [], `HEAD ${path}`],
      [200, '<p>', [], `HEAD ${path}`],
    ] as const;
    for (const [status, body, namespaces, request] of rows) {
      origin.answering = ({ method }) =>
        method === 'GET' ? (_, response) => void response.writeHead(status, json).end(body) : undefined;
      await using store = openStore();
      expect(await store.namespaces(never)).toEqual(namespaces);
      await store.head(key, never);
      expect([body, origin.requests.at(-1)]).toEqual([body, request]);
    }
  });

  it('refuses a server that is somewhere else, or wants credentials', async () => {
    const elsewhere = answers(301, { location: 'https://host.example/base/api/v1/namespaces' });
    origin.answering = () => elsewhere;
    await expect(store.check(never)).rejects.toThrow(/redirects to .* name the final address with --store/);
    origin.answering = () => answers(301, { location: '/login' });
    await expect(store.check(never)).resolves.toBeUndefined();
    origin.answering = () => answers(401);
    await expect(store.check(never)).rejects.toMatchObject({ code: 'STORE_REFUSED' });
  });

  it('says that nothing answers', async () => {
    await using nowhere = openStore('http://127.0.0.1:1');
    const checking = nowhere.check(never);
    await expect(checking).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(checking).rejects.toThrow(/^http:\/\/127\.0\.0\.1:1 does not answer .*ECONNREFUSED/);
  });
});
