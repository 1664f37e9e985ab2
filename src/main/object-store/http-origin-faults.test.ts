/** What the HTTP origin makes of networks and servers that fail it. */
import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  changed,
  chunked,
  half,
  refusal,
  reset,
  stalled,
  startFaultProxy,
  withField,
} from './fault-proxy.ts';
import type { Fault, FaultProxy } from './fault-proxy.ts';
import { describing, startOrigin } from './http-origin.fixture.ts';
import type { OriginServer } from './http-origin.fixture.ts';
import { createHttpOrigin } from './http-origin.ts';
import { never } from './object-store.fixture.ts';
import type { ObjectRevision, ObjectStore } from './object-store.ts';
import { maxAttempts } from './retry.ts';
import type { Patience } from './watchdog.ts';

let origin: OriginServer;
let proxy: FaultProxy;
let store: ObjectStore;
/** Gives up soon; only for stalls, because a busy machine can be slower than that. */
let hasty: ObjectStore;
/** The same, where an answer is to come in the end. */
let lessHasty: ObjectStore;
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
  hasty = openStore({ firstByteMilliseconds: 100, idleMilliseconds: 100 });
  lessHasty = openStore({ firstByteMilliseconds: 1000, idleMilliseconds: 1000 });
  const found = await store.head(key, never);
  if (!found) throw new Error('the object is not there');
  revision = found.revision;
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await hasty[Symbol.asyncDispose]();
  await lessHasty[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});
afterAll(async () => {
  await origin[Symbol.asyncDispose]();
});

function openStore(patience?: Patience): ObjectStore {
  const backoff = { random: () => 0, sleep: async () => undefined };
  return createHttpOrigin({ base: proxy.endpoint, describing, patience, backoff });
}

/** Reads the range, with one request, into a buffer that was full of sevens. */
async function read(signal = never) {
  const into = new Uint8Array(range.end - range.start).fill(7);
  const before = proxy.requests.length;
  const reading = store
    .openRange(revision, range, signal)
    .then((answer) => answer.readInto(into, () => undefined));
  const error = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { into, error, requests: proxy.requests.length - before };
}

const get = /^GET \/faults\/object/;

const whole = { 'content-length': String(bytes.length), etag: '"v1"' };

/** Found out before the first byte of the body is taken. */
const wrongHeads: [string, Fault, string][] = [
  ['503', refusal(503, 'x'), 'STORE_UNAVAILABLE'],
  ['429', refusal(429, 'x'), 'STORE_UNAVAILABLE'],
  ['a reset', reset, 'STORE_UNAVAILABLE'],
  ['an ignored range', changed(() => ({ status: 200, headers: whole, body: bytes })), 'STORE_MISBEHAVED'],
  ['200 with the right length', changed(() => ({ status: 200 })), 'STORE_MISBEHAVED'],
  ['another start', withField('content-range', 'bytes 0-200999/300000'), 'STORE_MISBEHAVED'],
  ['another end', withField('content-range', 'bytes 1000-200998/300000'), 'STORE_MISBEHAVED'],
  ['another total', withField('content-range', 'bytes 1000-200999/300001'), 'STORE_MISBEHAVED'],
  ['no Content-Range', withField('content-range', undefined), 'STORE_MISBEHAVED'],
  ['no ETag', withField('etag', undefined), 'STORE_MISBEHAVED'],
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
  ['a truncated body', half((response) => response.socket?.destroy()), 'STORE_UNAVAILABLE'],
  ['a reset in the body', half((response) => response.socket?.resetAndDestroy()), 'STORE_UNAVAILABLE'],
  ['a short body that ends cleanly', chunked((body) => body.subarray(0, -1)), 'STORE_UNAVAILABLE'],
  ['an overlong body', chunked((body) => Buffer.concat([body, Buffer.alloc(1)])), 'STORE_MISBEHAVED'],
];

describe('a ranged read', () => {
  it.each([...wrongHeads, ...wrongBodies])('fails after %s, with one request', async (_, fault, code) => {
    proxy.spoil(get, fault, 1);
    const { error, requests } = await read();
    expect(error).toMatchObject({ code });
    expect(requests).toBe(1);
    const next = await read();
    expect(next.error).toBeUndefined();
    expect(Buffer.compare(next.into, bytes.subarray(range.start, range.end))).toBe(0);
  });

  it.each(wrongHeads)('takes no byte of an answer with %s', async (_, fault) => {
    proxy.spoil(get, fault, 1);
    const { into } = await read();
    expect(into.every((byte) => byte === 7)).toBe(true);
  });

  it('takes a body whose length was not told', async () => {
    proxy.spoil(
      get,
      chunked((body) => body),
      1,
    );
    const { into, error } = await read();
    expect(error).toBeUndefined();
    expect(Buffer.compare(into, bytes.subarray(range.start, range.end))).toBe(0);
  });

  it.each([
    [503, '3', 3000],
    [429, '3', 3000],
    [503, undefined, 0],
    [429, undefined, 0],
    [503, 'soon', 0],
    [500, '3', undefined],
    [502, undefined, undefined],
    [504, '3', undefined],
  ])(
    'that is answered %i with Retry-After %s is throttled, or is not',
    async (status, field, milliseconds) => {
      proxy.spoil(get, refusal(status, 'x', field === undefined ? {} : { 'retry-after': field }), 1);
      const { error } = await read();
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfterMs: milliseconds });
    },
  );

  it('whose connection breaks off is not throttled', async () => {
    proxy.spoil(get, reset, 1);
    const { error } = await read();
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfterMs: undefined });
  });

  it.each([
    ['412', refusal(412, 'x')],
    ['404', refusal(404, 'x')],
    ['410', refusal(410, 'x')],
    ['416', refusal(416, 'x')],
    ['another ETag', withField('etag', '"v2"')],
    ['a weak ETag', withField('etag', 'W/"v1"')],
    [
      'all of another revision',
      changed(() => ({ status: 200, headers: { ...whole, etag: '"v2"' }, body: bytes })),
    ],
  ])('is final after %s, and takes no byte', async (_, fault) => {
    proxy.spoil(get, fault, 1);
    const { into, error, requests } = await read();
    expect(error).toMatchObject({ code: 'REVISION_CHANGED' });
    expect(requests).toBe(1);
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
    const { error, requests } = await read();
    expect(error).toMatchObject({ code: 'STORE_REFUSED', message: expect.stringMatching(message) });
    expect(requests).toBe(1);
  });

  it.each([
    ['before the head', stalled],
    ['in the body', half(() => undefined)],
  ])('ends at an abort %s, and closes its connection', async (_, fault) => {
    const controller = new AbortController();
    const closed = proxy.closedConnections;
    proxy.spoil(
      get,
      (...answer) => {
        fault(...answer);
        setTimeout(() => controller.abort(), 20);
      },
      1,
    );
    expect((await read(controller.signal)).error).toMatchObject({ code: 'ABORTED' });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await expect.poll(() => proxy.closedConnections).toBeGreaterThan(closed);
  });

  it('ends at an abort between two arrivals, and writes nothing from then on', async () => {
    proxy.spoil(
      get,
      half(() => undefined),
      1,
    );
    const controller = new AbortController();
    const into = new Uint8Array(range.end - range.start);
    let atAbort = Buffer.alloc(0);
    const answer = await store.openRange(revision, range, controller.signal);
    const reading = answer.readInto(into, () => {
      controller.abort();
      atAbort = Buffer.from(into);
    });
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    for (let round = 0; round < 20; round += 1) await turn();
    expect(Buffer.compare(into, atAbort)).toBe(0);
  });

  it('that is aborted before its body is read gives nothing, and closes its connection', async () => {
    const controller = new AbortController();
    const closed = proxy.closedConnections;
    const answers = [
      await store.openRange(revision, range, controller.signal),
      (await store.discover(key, range, controller.signal))?.answer,
    ];
    controller.abort();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    await expect.poll(() => proxy.closedConnections).toBeGreaterThanOrEqual(closed + 2);
    for (const answer of answers) {
      const into = new Uint8Array(range.end - range.start);
      await expect(answer?.readInto(into, () => undefined)).rejects.toMatchObject({ code: 'ABORTED' });
      expect(into.every((byte) => byte === 0)).toBe(true);
    }
  });

  it('sends nothing when it is aborted already', async () => {
    const before = proxy.requests.length;
    const { error } = await read(AbortSignal.abort());
    expect(error).toMatchObject({ code: 'ABORTED' });
    await expect(store.discover(key, range, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(store.head(key, AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
    expect(proxy.requests.length).toBe(before);
  });

  it('keeps its connection after answers that were read or short, and gives it up after others', async () => {
    const closed = proxy.closedConnections;
    await read();
    proxy.spoil(get, refusal(412, 'x'), 1);
    await read();
    await store.head(key, never);
    await read();
    expect(proxy.closedConnections).toBe(closed);
    proxy.spoil(
      get,
      changed(() => ({ status: 200, headers: whole, body: bytes })),
      1,
    );
    await read();
    await expect.poll(() => proxy.closedConnections).toBeGreaterThan(closed);
  });
});

describe('looking up', () => {
  it.each([
    ['503', refusal(503, 'x'), 'STORE_UNAVAILABLE'],
    ['a reset', reset, 'STORE_UNAVAILABLE'],
    ['a stall', stalled, 'STORE_STALLED'],
  ])('gets its answer after %s, and fails after it each time', async (_, fault, code) => {
    const [tried, failing] = code === 'STORE_STALLED' ? [lessHasty, hasty] : [store, store];
    proxy.spoil(/^HEAD/, fault, 2);
    expect((await tried.head(key, never))?.revision).toEqual(revision);
    proxy.spoil(/^HEAD/, fault, maxAttempts);
    await expect(failing.head(key, never)).rejects.toMatchObject({ code });
  });
});

describe('a discovery', () => {
  it.each([
    ['503', refusal(503, 'x'), 'STORE_UNAVAILABLE'],
    ['a reset', reset, 'STORE_UNAVAILABLE'],
    ['another start', withField('content-range', 'bytes 0-200999/300000'), 'STORE_MISBEHAVED'],
    ['another end', withField('content-range', 'bytes 1000-200998/300000'), 'STORE_MISBEHAVED'],
    ['no Content-Range', withField('content-range', undefined), 'STORE_MISBEHAVED'],
    ['no length', withField('content-range', 'bytes 1000-200999/*'), 'STORE_REFUSED'],
    ['no ETag', withField('etag', undefined), 'STORE_REFUSED'],
    ['a weak ETag', withField('etag', 'W/"v1"'), 'STORE_REFUSED'],
    ['403', refusal(403, 'x'), 'STORE_REFUSED'],
    ['a redirect', changed(() => ({ status: 307, headers: { location: '/other' } })), 'STORE_REFUSED'],
  ])('fails after %s, with one request', async (_, fault, code) => {
    const before = proxy.requests.length;
    proxy.spoil(get, fault, 1);
    await expect(store.discover(key, range, never)).rejects.toMatchObject({ code });
    expect(proxy.requests.length).toBe(before + 1);
  });

  it.each([404, 410])('finds nothing where the answer is %i', async (status) => {
    proxy.spoil(get, refusal(status, 'x'), 1);
    expect(await store.discover(key, range, never)).toBeUndefined();
  });

  it('asks as a look-up does where the range was ignored', async () => {
    proxy.spoil(
      get,
      changed(() => ({ status: 200, headers: whole, body: bytes })),
      1,
    );
    const found = await store.discover(key, range, never);
    expect(found).toMatchObject({ object: { revision }, range });
    expect(found?.answer).toBeUndefined();
  });
});
