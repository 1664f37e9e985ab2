/** What the S3 store makes of networks and servers that fail it. */
import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SluiceError } from '#shared/errors.ts';
import { startEmbeddedServer } from './embedded-server.ts';
import type { EmbeddedServer } from './embedded-server.ts';
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
import { bodyOf, metadata, never, newKey, partMemory, testPartBytes } from './object-store.fixture.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { maxAttempts } from './retry.ts';
import type { S3Patience, S3Transport } from './s3-bucket.ts';
import { createS3Store } from './s3.ts';

let server: EmbeddedServer;
let proxy: FaultProxy;
let store: ObjectStore;
/** Gives up soon; only for stalls, and not too soon: on a busy machine the store, a process of its own, is late. */
let hasty: ObjectStore;
let stored: StoredObject;
const bytes = randomBytes(300_000);
const range = { start: 1000, end: 201_000 };

beforeAll(async () => {
  server = await startEmbeddedServer();
  proxy = await startFaultProxy(server.endpoint);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Opens the stores of the tests in the describe that this is called in. */
function useStores(transport: S3Transport): void {
  beforeAll(async () => {
    store = openStore(transport);
    hasty = openStore(transport, {
      firstByteMilliseconds: 3000,
      idleMilliseconds: 3000,
      uploadMilliseconds: 60_000,
    });
    stored = await store.put(newKey('faults'), bodyOf(bytes), metadata(), partMemory(), never);
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await hasty[Symbol.asyncDispose]();
  });
}

function connection(endpoint: string) {
  const credentials = { accessKeyId: server.accessKeyId, secretAccessKey: 'any' };
  return { endpoint, region: 'us-east-1', credentials };
}

function openStore(transport: S3Transport, patience?: S3Patience): ObjectStore {
  return createS3Store({
    ...connection(proxy.endpoint),
    bucket: server.bucket,
    pathStyle: true,
    patience,
    transport,
    backoff: { random: () => 0, sleep: async () => undefined },
  });
}

/** Reads the range, with one request, into a buffer that was full of sevens. */
async function read(signal = never) {
  const into = new Uint8Array(range.end - range.start).fill(7);
  const before = proxy.requests.length;
  const reading = store
    .openRange(stored.revision, range, signal)
    .then((answer) => answer.readInto(into, () => undefined));
  const error = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { into, error, requests: proxy.requests.length - before };
}

const get = /^GET .*[0-9a-f]{64}\?/;

/** Found out before the first byte of the body is taken. */
const wrongHeads: [string, Fault, string][] = [
  ['503 SlowDown', refusal(503, 'SlowDown'), 'STORE_UNAVAILABLE'],
  ['503 SlowDown under another status', refusal(400, 'SlowDown'), 'STORE_UNAVAILABLE'],
  ['400 RequestTimeout', refusal(400, 'RequestTimeout'), 'STORE_UNAVAILABLE'],
  ['500 InternalError', refusal(500, 'InternalError'), 'STORE_UNAVAILABLE'],
  ['502', refusal(502, 'BadGateway'), 'STORE_UNAVAILABLE'],
  ['504', refusal(504, 'GatewayTimeout'), 'STORE_UNAVAILABLE'],
  ['429', refusal(429, 'TooManyRequests'), 'STORE_UNAVAILABLE'],
  ['a reset', reset, 'STORE_UNAVAILABLE'],
  ['200 with the right length', changed(() => ({ status: 200 })), 'STORE_MISBEHAVED'],
  [
    '200 with the whole object',
    changed(() => ({ status: 200, headers: {}, body: bytes })),
    'STORE_MISBEHAVED',
  ],
  ['another start', withField('content-range', 'bytes 0-200999/300000'), 'STORE_MISBEHAVED'],
  ['another end', withField('content-range', 'bytes 1000-200998/300000'), 'STORE_MISBEHAVED'],
  ['another total', withField('content-range', 'bytes 1000-200999/300001'), 'STORE_MISBEHAVED'],
  ['no Content-Range', withField('content-range', undefined), 'STORE_MISBEHAVED'],
  ['another ETag', withField('etag', '"0123456789abcdef0123456789abcdef"'), 'STORE_MISBEHAVED'],
  ['no ETag', withField('etag', undefined), 'STORE_MISBEHAVED'],
  [
    'a longer Content-Length',
    changed(({ headers, body }) => {
      const longer = Buffer.concat([body, Buffer.alloc(5)]);
      return { headers: { ...headers, 'content-length': String(longer.length) }, body: longer };
    }),
    'STORE_MISBEHAVED',
  ],
  ['412', refusal(412, 'PreconditionFailed'), 'REVISION_CHANGED'],
  ['404', refusal(404, 'NoSuchKey'), 'REVISION_CHANGED'],
  ['404 for the version', refusal(404, 'NoSuchVersion'), 'REVISION_CHANGED'],
  ['416', refusal(416, 'InvalidRange'), 'REVISION_CHANGED'],
  ['403', refusal(403, 'AccessDenied'), 'STORE_REFUSED'],
  ['404 for the bucket', refusal(404, 'NoSuchBucket'), 'STORE_REFUSED'],
  ['301', refusal(301, 'PermanentRedirect'), 'STORE_REFUSED'],
];

const wrongBodies: [string, Fault, string][] = [
  ['a truncated body', half((response) => response.socket?.destroy()), 'STORE_UNAVAILABLE'],
  ['a reset in the body', half((response) => response.socket?.resetAndDestroy()), 'STORE_UNAVAILABLE'],
  ['a short body that ends cleanly', chunked((body) => body.subarray(0, -1)), 'STORE_UNAVAILABLE'],
  ['an overlong body', chunked((body) => Buffer.concat([body, Buffer.alloc(1)])), 'STORE_MISBEHAVED'],
];

describe.each(['onread', 'sdk'] as const)('a ranged read over the %s transport', (transport) => {
  useStores(transport);

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
    expect(new Set(into)).toEqual(new Set([7]));
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
    [503, 'SlowDown', '7', 7000],
    [429, 'TooManyRequests', '0', 0],
    [503, 'SlowDown', 'soon', 0],
    [503, 'ServiceUnavailable', undefined, 0],
    [429, 'TooManyRequests', undefined, 0],
    [400, 'SlowDown', undefined, 0],
    [503, 'SlowDown', new Date(Date.now() + 3_600_000).toUTCString(), expect.closeTo(3_600_000, -6)],
    [503, 'SlowDown', 'Wed, 21 Oct 2015 07:28:00 GMT', 0],
    [500, 'InternalError', '7', undefined],
    [502, 'BadGateway', undefined, undefined],
    [504, 'GatewayTimeout', '7', undefined],
    [400, 'RequestTimeout', undefined, undefined],
  ])(
    'that is answered %i %s with Retry-After %s is throttled, or is not',
    async (status, name, field, milliseconds) => {
      proxy.spoil(get, refusal(status, name, field === undefined ? {} : { 'retry-after': field }), 1);
      const { error } = await read();
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfterMs: milliseconds });
    },
  );

  it.each([
    ['before the headers', reset],
    ['in the body', half((response) => response.destroy())],
  ])('whose connection breaks off %s is not throttled', async (_, fault) => {
    proxy.spoil(get, fault, 1);
    const { error } = await read();
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', retryAfterMs: undefined });
  });

  it.each(['ExpiredToken', 'TokenRefreshRequired', 'RequestTimeTooSkewed'])(
    'that is refused for %s is sent once more, and no oftener',
    async (code) => {
      proxy.spoil(get, refusal(403, code), 1);
      expect(await read()).toMatchObject({ error: undefined, requests: 2 });
      proxy.spoil(get, refusal(403, code), 2);
      expect(await read()).toMatchObject({ error: { code: 'STORE_REFUSED' }, requests: 2 });
    },
  );

  it.each([
    ['before the headers', stalled],
    ['in the body', half(() => undefined)],
  ])('that is aborted %s gives up its connection', async (_, fault) => {
    const controller = new AbortController();
    const before = proxy.closedConnections;
    proxy.spoil(
      get,
      (...answer) => {
        fault(...answer);
        setTimeout(() => controller.abort(), 20);
      },
      1,
    );
    const { error, requests } = await read(controller.signal);
    expect(error).toMatchObject({ code: 'ABORTED' });
    expect(requests).toBe(1);
    await expect.poll(() => proxy.closedConnections).toBeGreaterThan(before);
    await expect.poll(() => getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('that is aborted before its body is read gives up its connection', async () => {
    const controller = new AbortController();
    const before = proxy.closedConnections;
    await store.openRange(stored.revision, range, controller.signal);
    controller.abort();
    await expect.poll(() => proxy.closedConnections).toBeGreaterThan(before);
    await expect.poll(() => getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  it('that is aborted while it is prepared sends nothing', async () => {
    const controller = new AbortController();
    const before = proxy.requests.length;
    const reading = read(controller.signal);
    controller.abort();
    expect((await reading).error).toMatchObject({ code: 'ABORTED' });
    expect((await read()).error).toBeUndefined();
    expect(proxy.requests).toHaveLength(before + 1);
  });
});

describe('a look-up', () => {
  useStores('onread');

  it.each([
    ['the data', /^HEAD /],
    ['the companion', /^GET .*\.meta/],
  ])('is tried again when %s does not come', async (_, pattern) => {
    for (const fault of [refusal(503, 'SlowDown'), reset, stalled]) proxy.spoil(pattern, fault, 1);
    expect(await hasty.head(stored.revision.key, never)).toEqual(stored);
  });

  it.each([404, 503] as const)(
    'takes a %i with a page for people for what its status says',
    async (status) => {
      const page: Fault = (_, response) =>
        void response.writeHead(status, { 'content-type': 'text/html' }).end('<html><hr>nginx</html>');
      const code = status === 404 ? undefined : 'STORE_UNAVAILABLE';
      proxy.spoil(get, page, 1);
      expect((await read()).error).toMatchObject({ code: code ?? 'REVISION_CHANGED' });
      const missing = newKey();
      proxy.spoil(/\.meta/, page, status === 404 ? 1 : Infinity);
      const outcome = store.head(missing, never).catch((error: SluiceError) => error.code);
      expect(await outcome).toBe(code);
      proxy.heal();
    },
  );

  it('reads a damaged companion as none', async () => {
    proxy.spoil(
      /^GET .*\.meta/,
      chunked(() => Buffer.from('{')),
      2,
    );
    expect(await store.head(stored.revision.key, never)).toBeUndefined();
    expect(await store.head(stored.revision.key, never)).toEqual(stored);
  });

  it('says that the store is down, not that there is no object', async () => {
    proxy.spoil(/^HEAD /, refusal(503, 'SlowDown'), maxAttempts);
    await expect(store.head(stored.revision.key, never)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});

describe('a put', () => {
  useStores('onread');

  const small = 1000;
  const large = 2 * testPartBytes + 1;
  const forbidden = refusal(403, 'AccessDenied');
  const singlePut = /^PUT .*[0-9a-f]{64}\?x-id=PutObject/;
  const completion = /^POST .*\?uploadId/;

  const put = (key: string, length: number) =>
    store.put(key, bodyOf(new Uint8Array(length)), metadata(), partMemory(), never);

  async function namesOf(key: string) {
    const client = new S3Client({ ...connection(server.endpoint), forcePathStyle: true });
    const listed = await client.send(new ListObjectsV2Command({ Bucket: server.bucket, Prefix: key }));
    client.destroy();
    return (listed.Contents ?? []).map(({ Key }) => Key);
  }

  it.each([
    ['a part', /^PUT .*partNumber=2/, large],
    ['the start', /^POST .*\?uploads/, large],
    ['the data', singlePut, small],
    ['the companion', /^PUT .*\.meta/, small],
  ])('tries %s again', async (_, pattern, length) => {
    const key = newKey();
    proxy.spoil(pattern, refusal(503, 'SlowDown'), 2);
    const { revision } = await put(key, length);
    expect((await store.head(key, never))?.revision).toEqual(revision);
  });

  it.each([
    ['its part is refused', /^PUT .*partNumber=2/, forbidden, large],
    ['its completion is refused', completion, refusal(400, 'InvalidPart'), large],
    ['its companion is refused', /^PUT .*\.meta/, forbidden, small],
    ['its companion is refused after a multipart upload', /^PUT .*\.meta/, forbidden, large],
    ['the answers to its data are lost', singlePut, reset, small],
    ['the answers to its completion are lost', completion, reset, large],
  ])('leaves nothing when %s', async (_, pattern, fault, length) => {
    const key = newKey();
    proxy.spoil(pattern, fault, fault === reset ? maxAttempts : 1);
    const before = proxy.requests.length;
    await expect(put(key, length)).rejects.toMatchObject({ name: 'SluiceError' });
    expect(await namesOf(key)).toEqual([]);
    const discards = proxy.requests.slice(before).filter((line) => /^DELETE .*\?uploadId/.test(line));
    expect(discards).toHaveLength(length === large ? 1 : 0);
  });
});
