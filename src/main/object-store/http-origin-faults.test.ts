/** What the HTTP origin makes of networks and servers that fail it. */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { changed, chunked, half, refusal, reset, stalled, startFaultProxy } from './fault-proxy.ts';
import type { Fault, FaultProxy } from './fault-proxy.ts';
import { describing, startOrigin } from './http-origin.fixture.ts';
import type { OriginServer } from './http-origin.fixture.ts';
import { createHttpOrigin } from './http-origin.ts';
import { never, silent } from './object-store.contract.ts';
import type { ObjectRevision, ObjectStore } from './object-store.ts';
import { maxAttempts } from './retry.ts';
import type { Patience } from './watchdog.ts';

let origin: OriginServer;
let proxy: FaultProxy;
let store: ObjectStore;
/** Gives up soon; only for stalls, because a busy machine can be slower than that. */
let hasty: ObjectStore;
let revision: ObjectRevision;
const bytes = randomBytes(300_000);
const range = { start: 1000, end: 201_000 };
const key = 'api/v1/object/faults/object';
const path = '/faults/object';

beforeAll(async () => {
  origin = await startOrigin();
});
beforeEach(async () => {
  origin.files.set(path, { bytes, etag: '"v1"' });
  proxy = await startFaultProxy(origin.url);
  store = openStore();
  hasty = openStore({ firstByteMilliseconds: 200, idleMilliseconds: 200 });
  const found = await store.head(key, never);
  if (!found) throw new Error('the object is not there');
  revision = found.revision;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await hasty[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});
afterAll(async () => {
  await origin[Symbol.asyncDispose]();
});

function openStore(patience?: Patience): ObjectStore {
  const backoff = { random: () => 0, sleep: async () => undefined };
  return createHttpOrigin({ base: proxy.endpoint, describing, patience, backoff });
}

/** Reads the range into a buffer that was full of sevens. */
async function read(store: ObjectStore, signal = never) {
  const into = new Uint8Array(range.end - range.start).fill(7);
  const attempt = vi.fn<(number: number) => void>();
  const reading = store.readRange(revision, range, into, { ...silent, attempt }, signal);
  const error = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { into, error, attempts: attempt.mock.calls.flat() };
}

const storeFor = (code: string) => (code === 'STORE_STALLED' ? hasty : store);

const get = /^GET \/faults\/object/;

const spoilHeader = (name: string, value: string) =>
  changed(({ headers }) => ({ headers: { ...headers, [name]: value } }));

const without = (name: string) =>
  changed(({ headers }) => ({
    headers: Object.fromEntries(Object.entries(headers).filter(([field]) => field !== name)),
  }));

const whole = { 'content-length': String(bytes.length), etag: '"v1"' };

/** Found out before the first byte of the body is taken. */
const wrongHeads: [string, Fault, string][] = [
  ['503', refusal(503, 'x'), 'STORE_UNAVAILABLE'],
  ['429', refusal(429, 'x'), 'STORE_UNAVAILABLE'],
  ['a reset', reset, 'STORE_UNAVAILABLE'],
  ['a stall before the headers', stalled, 'STORE_STALLED'],
  ['an ignored range', changed(() => ({ status: 200, headers: whole, body: bytes })), 'STORE_MISBEHAVED'],
  ['200 with the right length', changed(() => ({ status: 200 })), 'STORE_MISBEHAVED'],
  ['another start', spoilHeader('content-range', 'bytes 0-200999/300000'), 'STORE_MISBEHAVED'],
  ['another end', spoilHeader('content-range', 'bytes 1000-200998/300000'), 'STORE_MISBEHAVED'],
  ['another total', spoilHeader('content-range', 'bytes 1000-200999/300001'), 'STORE_MISBEHAVED'],
  ['no Content-Range', without('content-range'), 'STORE_MISBEHAVED'],
  ['no ETag', without('etag'), 'STORE_MISBEHAVED'],
  [
    'a longer Content-Length',
    changed(({ headers, body }) => {
      const longer = Buffer.concat([body, Buffer.alloc(5)]);
      return { headers: { ...headers, 'content-length': String(longer.length) }, body: longer };
    }),
    'STORE_MISBEHAVED',
  ],
];

const wrongBodies: [string, Fault, string][] = [
  ['a stall in the body', half(() => undefined), 'STORE_STALLED'],
  ['a truncated body', half((response) => response.socket?.destroy()), 'STORE_UNAVAILABLE'],
  ['a reset in the body', half((response) => response.socket?.resetAndDestroy()), 'STORE_UNAVAILABLE'],
  ['a short body that ends cleanly', chunked((body) => body.subarray(0, -1)), 'STORE_UNAVAILABLE'],
  ['an overlong body', chunked((body) => Buffer.concat([body, Buffer.alloc(1)])), 'STORE_MISBEHAVED'],
];

describe('a ranged read', () => {
  it.each([...wrongHeads, ...wrongBodies])('gets its bytes after %s', async (_, fault, code) => {
    proxy.spoil(get, fault, 2);
    const { into, error, attempts } = await read(storeFor(code));
    expect(error).toBeUndefined();
    expect(Buffer.compare(into, bytes.subarray(range.start, range.end))).toBe(0);
    expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
  });

  it.each([...wrongHeads, ...wrongBodies])('fails after %s each time', async (_, fault, code) => {
    proxy.spoil(get, fault, maxAttempts);
    const { error, attempts } = await read(storeFor(code));
    expect(error).toMatchObject({ code });
    expect(attempts).toHaveLength(maxAttempts);
  });

  it.each(wrongHeads)('takes no byte of an answer with %s', async (_, fault, code) => {
    proxy.spoil(get, fault, maxAttempts);
    const { into } = await read(storeFor(code));
    expect(into.every((byte) => byte === 7)).toBe(true);
  });

  it.each([
    ['412', refusal(412, 'x')],
    ['404', refusal(404, 'x')],
    ['410', refusal(410, 'x')],
    ['416', refusal(416, 'x')],
    ['another ETag', spoilHeader('etag', '"v2"')],
    ['a weak ETag', spoilHeader('etag', 'W/"v1"')],
    [
      'all of another revision',
      changed(() => ({ status: 200, headers: { ...whole, etag: '"v2"' }, body: bytes })),
    ],
  ])('is final after %s, and takes no byte', async (_, fault) => {
    proxy.spoil(get, fault, 1);
    const { into, error, attempts } = await read(store);
    expect(error).toMatchObject({ code: 'REVISION_CHANGED' });
    expect(attempts).toEqual([1]);
    expect(into.every((byte) => byte === 7)).toBe(true);
  });

  it.each([
    [
      'a redirect',
      changed(() => ({ status: 307, headers: { location: '/other' } })),
      /redirects to "\/other"/,
    ],
    ['403', refusal(403, 'x'), /answers 403/],
  ])('is refused after %s, without another attempt', async (_, fault, message) => {
    proxy.spoil(get, fault, 1);
    const { error, attempts } = await read(store);
    expect(error).toMatchObject({ code: 'STORE_REFUSED', message: expect.stringMatching(message) });
    expect(attempts).toEqual([1]);
  });

  it('goes on after a broken answer only with the same revision', async () => {
    const replace = half((response) => {
      origin.files.set(path, { bytes: randomBytes(300_000), etag: '"v2"' });
      response.socket?.destroy();
    });
    proxy.spoil(get, replace, 1);
    const { error, attempts } = await read(store);
    expect(error).toMatchObject({ code: 'REVISION_CHANGED' });
    expect(attempts).toEqual([1, 2]);
    expect((await store.head(key, never))?.etag).toBe('v2');
  });

  it('ends at an abort, closes its connection and writes nothing more', async () => {
    proxy.spoil(
      get,
      half(() => undefined),
      1,
    );
    const controller = new AbortController();
    const closed = proxy.closedConnections;
    const into = new Uint8Array(range.end - range.start);
    const received = () => controller.abort();
    const reading = store.readRange(revision, range, into, { ...silent, received }, controller.signal);
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    const settled = Buffer.from(into);
    await vi.waitFor(() => expect(proxy.closedConnections).toBe(closed + 1), 5000);
    await turn();
    expect(Buffer.compare(into, settled)).toBe(0);
  });

  it('sends nothing when it is aborted already', async () => {
    const before = proxy.requests.length;
    const { error } = await read(store, AbortSignal.abort());
    expect(error).toMatchObject({ code: 'ABORTED' });
    await expect(store.head(key, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    expect(proxy.requests.length).toBe(before);
  });

  it('keeps its connection after answers that were read or short, and gives it up after others', async () => {
    const closed = proxy.closedConnections;
    await read(store);
    proxy.spoil(get, refusal(412, 'x'), 1);
    await read(store);
    await store.head(key, never);
    await read(store);
    expect(proxy.closedConnections).toBe(closed);
    proxy.spoil(
      get,
      changed(() => ({ status: 200, headers: whole, body: bytes })),
      1,
    );
    await read(store);
    await vi.waitFor(() => expect(proxy.closedConnections).toBe(closed + 1), 5000);
  });
});

describe('looking up', () => {
  it.each([
    ['503', refusal(503, 'x'), 'STORE_UNAVAILABLE'],
    ['a reset', reset, 'STORE_UNAVAILABLE'],
    ['a stall', stalled, 'STORE_STALLED'],
  ])('gets its answer after %s, and fails after it each time', async (_, fault, code) => {
    const tried = storeFor(code);
    proxy.spoil(/^HEAD/, fault, 2);
    expect((await tried.head(key, never))?.revision).toEqual(revision);
    proxy.spoil(/^HEAD/, fault, maxAttempts);
    await expect(tried.head(key, never)).rejects.toMatchObject({ code });
  });
});
