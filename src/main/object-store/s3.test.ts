import { randomBytes, randomUUID } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedServer } from './embedded-server.ts';
import type { EmbeddedServer } from './embedded-server.ts';
import { graceMilliseconds } from './layout.ts';
import { describeObjectStore } from './object-store.contract.ts';
import { bodyOf, metadata, never, newKey, partMemory } from './object-store.fixture.ts';
import type { S3StoreOptions } from './s3.ts';
import { createS3Store } from './s3.ts';

let server: EmbeddedServer;
let client: S3Client;
beforeAll(async () => {
  server = await startEmbeddedServer();
  client = new S3Client({ ...connection(), forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  await server[Symbol.asyncDispose]();
});

function connection() {
  return {
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: 'any' },
  };
}

function openStore(options: Partial<S3StoreOptions> = {}) {
  return createS3Store({ ...connection(), bucket: server.bucket, pathStyle: true, ...options });
}

for (const transport of ['onread', 'sdk'] as const) {
  describeObjectStore(`the S3 store, below a prefix, over the ${transport} transport,`, async (now) =>
    openStore({ prefix: `/some/${transport}/`, now, transport }),
  );
}

describe('the S3 store', () => {
  it('writes the bucket layout', async () => {
    await using store = openStore({ prefix: 'layout' });
    expect(store.description).toBe(`s3://${server.bucket}/layout`);
    const key = newKey('ns');
    await store.put(key, bodyOf(randomBytes(10)), metadata({ etag: 'v1' }), partMemory(), never);
    const at = { Bucket: server.bucket, Key: `layout/${key}` };
    const data = await client.send(new HeadObjectCommand(at));
    expect(data).toMatchObject({
      ContentLength: 10,
      ContentType: 'application/zstd',
      Metadata: {
        headers: '{"Content-Type":["application/zstd"],"Etag":["\\"v1\\""]}',
        tag: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
    const companion = await client.send(new GetObjectCommand({ ...at, Key: `${at.Key}.meta` }));
    expect(companion.ContentType).toBe('application/json');
    expect(JSON.parse((await companion.Body?.transformToString()) ?? '')).toEqual({
      headers: { Etag: ['"v1"'] },
      tag: data.Metadata?.['tag'],
    });
  });

  it('reads what another program wrote', async () => {
    await using store = openStore();
    const key = newKey();
    const tag = randomUUID();
    const at = { Bucket: server.bucket, Key: key };
    const Metadata = { Headers: '{"Content-Type":["application/zstd"],"X-Own":["1"]}', Tag: tag };
    await client.send(new PutObjectCommand({ ...at, Body: 'snapshot', Metadata }));
    expect(await store.head(key, never)).toBeUndefined(); // A commit may be in flight.
    const Body = JSON.stringify({ headers: { Etag: ['"v9"'] }, expires_at: '2126-01-01T00:00:00Z', tag });
    await client.send(new PutObjectCommand({ Bucket: server.bucket, Key: `${key}.meta`, Body }));
    expect(await store.head(key, never)).toMatchObject({
      revision: { key, length: 8 },
      headers: { 'content-type': ['application/zstd'], 'x-own': ['1'] },
      etag: 'v9',
      expiresAt: new Date('2126-01-01T00:00:00Z'),
    });
  });

  it('serves the data alone when its companion is lost for longer than the grace period', async () => {
    let offset = 0;
    await using store = openStore({ now: () => Date.now() + offset });
    const key = newKey();
    const stored = await store.put(key, bodyOf(randomBytes(10)), metadata(), partMemory(), never);
    await client.send(new DeleteObjectCommand({ Bucket: server.bucket, Key: `${key}.meta` }));
    expect(await store.head(key, never)).toBeUndefined();
    offset = graceMilliseconds + 1000;
    expect(await store.head(key, never)).toEqual(stored);
  });

  it.each([
    ['the bucket is missing', { bucket: 'no-such-bucket' }, /no such bucket: create it/],
    ['the key is refused', { credentials: { accessKeyId: 'x', secretAccessKey: 'x' } }, /403/],
  ])('refuses to start when %s, in a sentence', async (_, options, message) => {
    await using store = openStore(options);
    const checking = store.check(never);
    await expect(checking).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await expect(checking).rejects.toThrow(message);
  });
});
