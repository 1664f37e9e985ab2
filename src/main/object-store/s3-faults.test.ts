/** What the S3 store makes of networks and servers that fail it. */
import { randomBytes } from 'node:crypto';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEmbeddedServer } from './embedded-server.ts';
import type { EmbeddedServer } from './embedded-server.ts';
import { changed, chunked, half, refusal, reset, stalled, startFaultProxy } from './fault-proxy.ts';
import type { Fault, FaultProxy } from './fault-proxy.ts';
import {
  bodyOf,
  metadata,
  never,
  newKey,
  partMemory,
  silent,
  testPartBytes,
} from './object-store.contract.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { maxAttempts } from './retry.ts';
import type { S3Patience, S3Transport } from './s3-bucket.ts';
import { createS3Store } from './s3.ts';

let server: EmbeddedServer;
let proxy: FaultProxy;
let store: ObjectStore;
/** Gives up soon; only for stalls, because a busy machine can be slower than that. */
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
      firstByteMilliseconds: 200,
      idleMilliseconds: 200,
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

/** Reads the range into a buffer that was full of sevens. */
async function read(store: ObjectStore, signal = never) {
  const into = new Uint8Array(range.end - range.start).fill(7);
  const attempt = vi.fn<(number: number) => void>();
  const backOff = vi.fn<(milliseconds: number, cause: unknown) => void>();
  const reading = store.readRange(stored.revision, range, into, { ...silent, attempt, backOff }, signal);
  const error = await reading.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { into, error, attempts: attempt.mock.calls.flat(), backOffs: backOff.mock.calls.length };
}

const storeFor = (code: string) => (code === 'STORE_STALLED' ? hasty : store);

const get = /^GET .*[0-9a-f]{64}\?/;

const spoilHeader = (name: string, value: string) =>
  changed(({ headers }) => ({ headers: { ...headers, [name]: value } }));

/** Found out before the first byte of the body is taken. */
const wrongHeads: [string, Fault, string][] = [
  ['503 SlowDown', refusal(503, 'SlowDown'), 'STORE_UNAVAILABLE'],
  ['500 InternalError', refusal(500, 'InternalError'), 'STORE_UNAVAILABLE'],
  ['429', refusal(429, 'TooManyRequests'), 'STORE_UNAVAILABLE'],
  ['a reset', reset, 'STORE_UNAVAILABLE'],
  ['a stall before the headers', stalled, 'STORE_STALLED'],
  ['200 with the right length', changed(() => ({ status: 200 })), 'STORE_MISBEHAVED'],
  [
    '200 with the whole object',
    changed(() => ({ status: 200, headers: {}, body: bytes })),
    'STORE_MISBEHAVED',
  ],
  ['another start', spoilHeader('content-range', 'bytes 0-200999/300000'), 'STORE_MISBEHAVED'],
  ['another end', spoilHeader('content-range', 'bytes 1000-200998/300000'), 'STORE_MISBEHAVED'],
  ['another total', spoilHeader('content-range', 'bytes 1000-200999/300001'), 'STORE_MISBEHAVED'],
  ['another ETag', spoilHeader('etag', '"0123456789abcdef0123456789abcdef"'), 'STORE_MISBEHAVED'],
  ['no ETag', spoilHeader('etag', ''), 'STORE_MISBEHAVED'],
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

describe.each(['onread', 'sdk'] as const)('a ranged read over the %s transport', (transport) => {
  useStores(transport);

  it.each([...wrongHeads, ...wrongBodies])('gets its bytes after %s', async (_, fault, code) => {
    proxy.spoil(get, fault, 2);
    const { into, error, attempts, backOffs } = await read(storeFor(code));
    expect(error).toBeUndefined();
    expect(Buffer.compare(into, bytes.subarray(range.start, range.end))).toBe(0);
    expect(attempts.slice(0, 3)).toEqual([1, 2, 3]);
    expect(backOffs).toBe(attempts.length - 1);
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
    expect(new Set(into)).toEqual(new Set([7]));
  });

  it.each([
    ['412', refusal(412, 'PreconditionFailed'), 'REVISION_CHANGED'],
    ['404', refusal(404, 'NoSuchKey'), 'REVISION_CHANGED'],
    ['403', refusal(403, 'AccessDenied'), 'STORE_REFUSED'],
    ['404 for the bucket', refusal(404, 'NoSuchBucket'), 'STORE_REFUSED'],
    ['400 ExpiredToken', refusal(400, 'ExpiredToken'), 'STORE_REFUSED'],
    ['301', refusal(301, 'PermanentRedirect'), 'STORE_REFUSED'],
  ])('takes %s as final', async (_, fault, code) => {
    proxy.spoil(get, fault, 1);
    const { error, attempts } = await read(store);
    expect(error).toMatchObject({ code });
    expect(attempts).toEqual([1]);
  });

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
    const { error, attempts } = await read(store, controller.signal);
    expect(error).toMatchObject({ code: 'ABORTED' });
    expect(attempts).toEqual([1]);
    await vi.waitFor(() => expect(proxy.closedConnections).toBe(before + 1));
  });

  it('asks for nothing when the range is empty', async () => {
    const before = proxy.requests.length;
    await store.readRange(stored.revision, { start: 5, end: 5 }, new Uint8Array(0), silent, never);
    expect(proxy.requests).toHaveLength(before);
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
