/** The first look at an object in S3, and what it learns for those that follow: versions, checksums, credentials. */
import { randomBytes } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startEmbeddedServer } from './embedded-server.ts';
import type { EmbeddedServer } from './embedded-server.ts';
import { changed, refusal, reset, stalled, startFaultProxy, withField } from './fault-proxy.ts';
import type { Answer, Fault, FaultProxy } from './fault-proxy.ts';
import { graceMilliseconds } from './layout.ts';
import { bodyOf, metadata, never, newKey, partMemory, readRange } from './object-store.fixture.ts';
import type { Discovery, ObjectStore, StoredObject } from './object-store.ts';
import { createS3Store } from './s3.ts';
import type { S3StoreOptions } from './s3.ts';

let server: EmbeddedServer;
let proxy: FaultProxy;
let store: ObjectStore;
let stored: StoredObject;
let key: string;
let offsetMilliseconds = 0;
const bytes = randomBytes(300_000);
const wanted = { start: 0, end: 100_000 };
const whole = { start: 0, end: 300_000 };

beforeAll(async () => {
  server = await startEmbeddedServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describe.each(['onread', 'sdk'] as const)('over the %s transport', (transport) => {
  beforeEach(async () => {
    proxy = await startFaultProxy(server.endpoint);
    offsetMilliseconds = 0;
    store = open();
    key = newKey('discovered');
    stored = await store.put(key, bodyOf(bytes), metadata(), partMemory(), never);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await store[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  function open(options: Partial<S3StoreOptions> = {}): ObjectStore {
    return createS3Store({
      endpoint: proxy.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: server.accessKeyId, secretAccessKey: 'any' },
      bucket: server.bucket,
      pathStyle: true,
      now: () => Date.now() + offsetMilliseconds,
      transport,
      ...options,
    });
  }

  const get = /^GET .*[0-9a-f]{64}\?/;
  const companion = /^GET .*\.meta/;

  async function read(found: Discovery | undefined): Promise<Uint8Array> {
    const { start = 0, end = 0 } = found?.range ?? {};
    const into = new Uint8Array(end - start);
    await found?.answer?.readInto(into, () => undefined);
    return into;
  }

  /** How many GETs of data, GETs of companions and HEADs `work` makes. */
  async function counts(work: () => Promise<unknown>): Promise<readonly number[]> {
    const before = proxy.requests.length;
    await work();
    const lines = proxy.requests.slice(before);
    return [get, companion, /^HEAD /].map((pattern) => lines.filter((line) => pattern.test(line)).length);
  }

  describe('a discovery', () => {
    it('asks for data and companion at the same time, and for nothing else', async () => {
      let found: Discovery | undefined;
      const asked = counts(async () => (found = await store.discover(key, wanted, never)));
      expect(await asked).toEqual([1, 1, 0]);
      expect(found).toMatchObject({ object: stored, range: wanted });
      expect(Buffer.compare(await read(found), bytes.subarray(0, 100_000))).toBe(0);
    });

    const full = changed(({ headers }) => {
      const { 'content-range': _, ...others } = headers;
      return { status: 200, body: bytes, headers: { ...others, 'content-length': String(bytes.length) } };
    });

    it('takes all of an object with 200 where all of it was wanted', async () => {
      proxy.spoil(get, full, 2);
      for (const range of [whole, { start: 0, end: 400_000 }]) {
        const found = await store.discover(key, range, never);
        expect(found?.range).toEqual(whole);
        expect(Buffer.compare(await read(found), bytes)).toBe(0);
      }
    });

    const misbehaving: [string, Fault, { readonly start: number; readonly end: number }][] = [
      ['more than was wanted with 200', full, wanted],
      ['all of an object with 200 instead of its end', full, { start: 1000, end: 300_000 }],
      ['a range with 200', changed(() => ({ status: 200 })), whole],
      ['another start', withField('content-range', 'bytes 1-100000/300000'), wanted],
      ['another end', withField('content-range', 'bytes 0-99998/300000'), wanted],
      ['an end that is not that of the object', withField('content-range', 'bytes 0-99999/50000'), wanted],
      ['no length', withField('content-range', 'bytes 0-99999/*'), wanted],
      ['no Content-Range', withField('content-range', undefined), wanted],
      ['no ETag', withField('etag', undefined), wanted],
      ['no Last-Modified', withField('last-modified', undefined), wanted],
      [
        'another Content-Length',
        changed(({ headers, body }) => ({
          headers: { ...headers, 'content-length': '99999' },
          body: body.subarray(1),
        })),
        wanted,
      ],
    ];
    it.each(misbehaving)('takes no answer with %s, and gives up its connection', async (_, fault, range) => {
      const closed = proxy.closedConnections;
      proxy.spoil(get, fault, 1);
      const looking = store.discover(key, range, never);
      await expect(looking).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
      await expect.poll(() => proxy.closedConnections).toBeGreaterThan(closed);
    });

    it.each([
      [
        '503',
        refusal(503, 'SlowDown', { 'retry-after': '2' }),
        { code: 'STORE_UNAVAILABLE', retryAfterMs: 2000 },
      ],
      ['a reset', reset, { code: 'STORE_UNAVAILABLE' }],
      ['403', refusal(403, 'AccessDenied'), { code: 'STORE_REFUSED' }],
    ])('fails after %s, for data or companion, with one request', async (_, fault, error) => {
      for (const pattern of [get, companion]) {
        proxy.spoil(pattern, fault, 1);
        const failing = () => expect(store.discover(key, wanted, never)).rejects.toMatchObject(error);
        expect(await counts(failing)).toEqual([1, 1, 0]);
      }
    });

    it('ends the other request when one has failed', async () => {
      const closed = proxy.closedConnections;
      proxy.spoil(companion, stalled, 1);
      proxy.spoil(get, refusal(503, 'SlowDown'), 1);
      await expect(store.discover(key, wanted, never)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect.poll(() => proxy.closedConnections).toBeGreaterThan(closed);
      proxy.spoil(companion, refusal(503, 'SlowDown'), 1);
      await expect(store.discover(key, wanted, never)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await expect.poll(() => proxy.closedConnections).toBeGreaterThanOrEqual(closed + 2);
    });

    it.each([
      ['for the data', get],
      ['for the companion', companion],
    ])('that is aborted while it waits %s ends both requests', async (_, pattern) => {
      const closed = proxy.closedConnections;
      const controller = new AbortController();
      const stallAndAbort: Fault = () => void setTimeout(() => controller.abort(), 50);
      proxy.spoil(pattern, stallAndAbort, 1);
      const looking = store.discover(key, wanted, controller.signal);
      await expect(looking).rejects.toMatchObject({ code: 'ABORTED' });
      await expect.poll(() => getEventListeners(controller.signal, 'abort')).toEqual([]);
      await expect.poll(() => proxy.closedConnections).toBeGreaterThan(closed);
      expect(await read(await store.discover(key, wanted, never))).toHaveLength(100_000);
    });

    it.each([
      ['416', refusal(416, 'InvalidRange', { 'content-range': 'bytes */300000' })],
      ['no byte with 206', changed(({ headers }) => ({ body: Buffer.of(), headers: nothing(headers) }))],
    ])('asks for the head alone after %s', async (_, fault) => {
      proxy.spoil(get, fault, 1);
      const beyond = { start: 300_000, end: 300_010 };
      const looking = counts(async () => {
        const found = await store.discover(key, beyond, never);
        expect(found).toMatchObject({ object: stored, range: { start: 300_000, end: 300_000 } });
        expect(found?.answer).toBeUndefined();
      });
      expect(await looking).toEqual([1, 1, 1]);
    });

    it('takes the object for uncommitted while its companion is missing, as a look-up does', async () => {
      const missing = refusal(404, 'NoSuchKey');
      proxy.spoil(companion, missing, 2);
      const closed = proxy.closedConnections;
      expect(await store.discover(key, wanted, never)).toBeUndefined();
      await expect.poll(() => proxy.closedConnections).toBeGreaterThanOrEqual(closed + 2); // Nobody reads those answers.
      offsetMilliseconds = graceMilliseconds + 1000;
      proxy.spoil(companion, missing, 1);
      expect(await store.discover(key, wanted, never)).toMatchObject({ object: stored });
    });

    it('looks again when data and companion are of different revisions', async () => {
      const replacement = randomBytes(200_000);
      let replacing: Promise<StoredObject> | undefined;
      const replace: Fault = (answer, response) => {
        replacing = store.put(key, bodyOf(replacement), metadata(), partMemory(), never);
        response.writeHead(answer.status, answer.headers);
        replacing.then(
          () => response.end(answer.body),
          () => response.destroy(),
        );
      };
      proxy.spoil(companion, changed(otherTag), 1);
      proxy.spoil(get, replace, 1);
      const found = await store.discover(key, wanted, never);
      expect(found?.object).toEqual(await replacing);
      expect(Buffer.compare(await read(found), replacement.subarray(0, 100_000))).toBe(0);
    });
  });

  describe('a version', () => {
    it.each([
      ['a look-up', /^HEAD /, async () => (await store.head(key, never))?.revision],
      ['a discovery', get, async () => (await store.discover(key, wanted, never))?.object.revision],
    ])('that %s has learned pins what follows', async (_, pattern, look) => {
      for (const [versionId, taken] of [
        ['v1.x/y', 'v1.x/y'],
        ['null', undefined],
      ]) {
        proxy.spoil(pattern, withField('x-amz-version-id', versionId), 1);
        const revision = await look();
        expect(revision?.versionId).toBe(taken);
        const reading = revision && readRange(store, revision, wanted);
        expect(Buffer.compare((await reading) ?? Buffer.of(), bytes.subarray(0, 100_000))).toBe(0);
        const query = new URLSearchParams(proxy.requests.at(-1)?.split('?')[1]);
        expect(query.get('versionId') ?? undefined).toBe(taken);
        expect(proxy.heads.at(-1)?.['if-match']).toBe(taken === undefined ? `"${revision?.pin}"` : undefined);
      }
    });

    it('that has another ETag is not taken', async () => {
      proxy.spoil(get, withField('etag', '"other"'), 1);
      const reading = readRange(store, { ...stored.revision, versionId: 'v1' }, wanted);
      await expect(reading).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
    });
  });

  describe('a checksum', () => {
    const ieee = Buffer.alloc(4);
    ieee.writeUInt32BE(crc32(bytes));
    const nvme = randomBytes(8);
    const withChecksum = (type: string | undefined, fields: Record<string, string>) =>
      changed(({ headers }) => ({
        headers: { ...headers, ...fields, ...(type !== undefined && { 'x-amz-checksum-type': type }) },
      }));
    const crc32Field = { 'x-amz-checksum-crc32': ieee.toString('base64') };
    const taken = { algorithm: 'crc32', value: new Uint8Array(ieee) };
    const rows: [string, Fault, object | undefined][] = [
      ['of the whole object', withChecksum('FULL_OBJECT', crc32Field), taken],
      [
        'of 64 bits',
        withChecksum('FULL_OBJECT', { ...crc32Field, 'x-amz-checksum-crc64nvme': nvme.toString('base64') }),
        { algorithm: 'crc64nvme', value: new Uint8Array(nvme) },
      ],
      [
        'of parts',
        withChecksum('COMPOSITE', { 'x-amz-checksum-crc32': `${ieee.toString('base64')}-3` }),
        undefined,
      ],
      ['of parts, unnumbered', withChecksum('COMPOSITE', crc32Field), undefined],
      ['of no type', withChecksum(undefined, crc32Field), undefined],
      ['of another length', withChecksum('FULL_OBJECT', { 'x-amz-checksum-crc32': 'AAAAAAA=' }), undefined],
      ['of another kind', withChecksum('FULL_OBJECT', { 'x-amz-checksum-sha256': 'AAAA' }), undefined],
    ];
    it.each(rows)('%s is taken or left', async (_, fault, checksum) => {
      proxy.spoil(/^HEAD /, fault, 1);
      expect((await store.head(key, never))?.revision.checksum).toEqual(checksum);
      const modes = proxy.heads.slice(-2).map((fields) => fields['x-amz-checksum-mode']);
      expect(modes).toContain('ENABLED');
      proxy.spoil(get, fault, 1);
      const found = await store.discover(key, whole, never);
      expect(found?.object.revision.checksum).toEqual(checksum);
      expect(Buffer.compare(await read(found), bytes)).toBe(0);
    });

    it('is asked for, and neither taken nor compared with bytes that are not the whole object', async () => {
      proxy.spoil(get, withChecksum('FULL_OBJECT', crc32Field), 2);
      const found = await store.discover(key, wanted, never);
      expect(proxy.heads.some((fields) => fields['x-amz-checksum-mode'] === 'ENABLED')).toBe(true);
      expect(found?.object.revision.checksum).toBeUndefined();
      expect(Buffer.compare(await read(found), bytes.subarray(0, 100_000))).toBe(0);
      expect(await readRange(store, stored.revision, wanted)).toHaveLength(100_000);
      expect(proxy.heads.at(-1)).not.toHaveProperty('x-amz-checksum-mode');
    });

    const checksumOf = async (revision = stored.revision) => store.checksumOf?.(revision, never);

    it.each(rows)('%s can be asked for, with one HEAD of this revision', async (_, fault, checksum) => {
      proxy.spoil(/^HEAD /, fault, 1);
      expect(await counts(async () => expect(await checksumOf()).toEqual(checksum))).toEqual([0, 0, 1]);
      const pinned = { 'x-amz-checksum-mode': 'ENABLED', 'if-match': `"${stored.revision.pin}"` };
      expect(proxy.heads.at(-1)).toMatchObject(pinned);
    });

    it('is asked for by the version where there is one', async () => {
      proxy.spoil(/^HEAD /, withChecksum('FULL_OBJECT', crc32Field), 1);
      expect(await checksumOf({ ...stored.revision, versionId: 'v1.x/y' })).toEqual(taken);
      expect(new URLSearchParams(proxy.requests.at(-1)?.split('?')[1]).get('versionId')).toBe('v1.x/y');
      expect(proxy.heads.at(-1)).not.toHaveProperty('if-match');
    });

    const another: [string, Fault][] = [
      ['404', refusal(404, 'NoSuchKey')],
      ['412', refusal(412, 'PreconditionFailed')],
      ...['etag', 'content-length'].map((name): [string, Fault] => [
        `another ${name}`,
        changed(({ headers }) => ({
          headers: { ...headers, ...crc32Field, 'x-amz-checksum-type': 'FULL_OBJECT', [name]: '1' },
        })),
      ]),
    ];
    it.each(another)('of another revision is none: %s', async (_, fault) => {
      proxy.spoil(/^HEAD /, fault, 1);
      expect(await checksumOf()).toBeUndefined();
    });

    it('of an object that has been replaced, or removed, is none', async () => {
      await store.put(key, bodyOf(randomBytes(300_000)), metadata(), partMemory(), never);
      expect(await checksumOf()).toBeUndefined();
      await store.delete(key, never);
      expect(await checksumOf()).toBeUndefined();
    });

    it('that cannot be had fails like a look-up', async () => {
      proxy.spoil(/^HEAD /, refusal(403, 'AccessDenied'), 1);
      await expect(checksumOf()).rejects.toMatchObject({ code: 'STORE_REFUSED' });
      const gone = AbortSignal.abort();
      await expect(store.checksumOf?.(stored.revision, gone)).rejects.toMatchObject({ code: 'ABORTED' });
    });
  });

  it('uses the credentials that the chain has now where those of before have expired', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
    await using chained = open({ credentials: undefined });
    await readRange(chained, stored.revision, wanted);
    const used = () =>
      /AWS4-HMAC-SHA256 Credential=([^/]+)/.exec(proxy.heads.at(-1)?.authorization ?? '')?.[1];
    expect(used()).toBe(server.accessKeyId);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'renewed');
    await readRange(chained, stored.revision, wanted);
    expect(used()).toBe(server.accessKeyId); // Kept as long as they do.
    proxy.spoil(get, refusal(400, 'ExpiredToken'), 1);
    // The server knows nobody of that name.
    await expect(readRange(chained, stored.revision, wanted)).rejects.toMatchObject({
      code: 'STORE_REFUSED',
    });
    expect(used()).toBe('renewed');
  });
});

function nothing(headers: Answer['headers']): Answer['headers'] {
  return { ...headers, 'content-length': '0', 'content-range': 'bytes 0--1/0' };
}

function otherTag({ body, headers }: Answer): Partial<Answer> {
  const text = body.toString('utf8').replace(/"tag":"[^"]*"/, '"tag":"other"');
  const { 'content-length': _, ...others } = headers;
  return { body: Buffer.from(text), headers: others };
}
