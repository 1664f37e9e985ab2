/** The S3 store against a real S3 server (`npm run test:ceph`), with credentials from the SDK's default chain. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeObjectStore } from './object-store.contract.ts';
import {
  bodyOf,
  metadata,
  never,
  newKey,
  partMemory,
  readAll,
  readRange,
  testPartBytes,
} from './object-store.fixture.ts';
import { createS3Store } from './s3.ts';
import type { S3StoreOptions } from './s3.ts';

const endpoint = process.env['SLUICE_TEST_S3_ENDPOINT'] ?? '';
const bucket = `sluice-${randomUUID()}`;
const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });

beforeAll(async () => {
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(() => client.destroy());

function openStore(options: Partial<S3StoreOptions> = {}) {
  return createS3Store({ bucket, endpoint, region: 'us-east-1', pathStyle: true, ...options });
}

for (const transport of ['onread', 'sdk'] as const) {
  describeObjectStore(`the S3 store on a real server, over the ${transport} transport,`, async (now) =>
    openStore({ prefix: `contract-${transport}`, now, transport }),
  );
}

describe('the S3 store on a real server', () => {
  it('puts, reads ranges in parallel, overwrites, and refuses the old revision', async () => {
    await using store = openStore();
    const key = newKey('real');
    const bytes = randomBytes(4 * testPartBytes + 12_345);
    const { revision } = await store.put(key, bodyOf(bytes), metadata(), partMemory(), never);
    const chunkBytes = 1_000_000;
    const read = Buffer.alloc(bytes.length);
    await Promise.all(
      Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, async (_, index) => {
        const range = { start: index * chunkBytes, end: Math.min(bytes.length, (index + 1) * chunkBytes) };
        read.set(await readRange(store, revision, range), range.start);
      }),
    );
    const sha256 = (buffer: Uint8Array) => createHash('sha256').update(buffer).digest('hex');
    expect(sha256(read)).toBe(sha256(bytes));
    const replaced = await store.put(key, bodyOf(randomBytes(10)), metadata(), partMemory(), never);
    await expect(readAll(store, revision)).rejects.toMatchObject({ code: 'REVISION_CHANGED' });
    expect(await readAll(store, replaced.revision)).toHaveLength(10);
  });

  it('reads a version to its end after it was replaced, and after it was deleted', async () => {
    const versioned = `sluice-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: versioned }));
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration }));
    for (const transport of ['onread', 'sdk'] as const) {
      await using store = openStore({ bucket: versioned, transport });
      const key = newKey('versions');
      const [first, second] = [randomBytes(2_000_000), randomBytes(1_000_000)];
      const { revision } = await store.put(key, bodyOf(first), metadata(), partMemory(), never);
      expect(revision.versionId).toMatch(/./);
      expect((await store.head(key, never))?.revision).toEqual(revision);
      const discovery = await store.discover(key, { start: 0, end: first.length }, never);
      expect(discovery?.object.revision).toEqual(revision);
      const replaced = await store.put(key, bodyOf(second), metadata(), partMemory(), never);
      const into = Buffer.alloc(first.length);
      await discovery?.answer?.readInto(into, () => undefined);
      expect(Buffer.compare(into, first)).toBe(0);
      expect(Buffer.compare(await readAll(store, revision), first)).toBe(0);
      expect(Buffer.compare(await readAll(store, replaced.revision), second)).toBe(0);
      expect(await store.delete(key, never)).toBe(true);
      expect(await store.discover(key, { start: 0, end: 10 }, never)).toBeUndefined();
      expect(Buffer.compare(await readAll(store, revision), first)).toBe(0);
      const gone = { ...revision, versionId: `${revision.versionId}x` };
      await expect(readAll(store, gone)).rejects.toMatchObject({ name: 'SluiceError', retryable: false });
    }
  });

  it('keeps the expiry in the HTTP header as well', async () => {
    await using store = openStore();
    const key = newKey();
    const options = metadata({ timeToLiveMs: 60_000 });
    const startedAt = Date.now();
    const stored = await store.put(key, bodyOf(randomBytes(10)), options, partMemory(), never);
    const data = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    const ofData = Date.parse(data.ExpiresString ?? '');
    // It is told before the data is written, and counts from when it is there.
    const tookMs = Date.now() - startedAt;
    expect(Math.abs(ofData - (stored.expiresAt?.getTime() ?? 0))).toBeLessThanOrEqual(1000 + tookMs);
  });

  it('leaves no parts and no names of a failed upload', async () => {
    const prefix = 'failing';
    await using store = openStore({ prefix });
    const body = async function* () {
      yield randomBytes(2 * testPartBytes);
      throw new Error('broken');
    };
    await expect(store.put(newKey(), body(), metadata(), partMemory(), never)).rejects.toThrow('broken');
    const at = { Bucket: bucket, Prefix: prefix };
    expect((await client.send(new ListMultipartUploadsCommand(at))).Uploads ?? []).toEqual([]);
    expect((await client.send(new ListObjectsV2Command(at))).Contents ?? []).toEqual([]);
  });

  it.each([
    ['the bucket is missing', { bucket: 'no-such-bucket' }, /no such bucket: create it/],
    [
      'the access key is unknown',
      { credentials: { accessKeyId: 'nobody', secretAccessKey: 'x' } },
      /the access key is unknown there/,
    ],
  ])('refuses to start when %s, in a sentence', async (_, options, message) => {
    await using store = openStore(options);
    const checking = store.check(never);
    await expect(checking).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await expect(checking).rejects.toThrow(message);
  });
});

describe('a lease on a real server', () => {
  it('is had by one at a time, renewed, and given back', async () => {
    // It goes on when the lease has been renewed: by the machine's clock one would run out while we are held up.
    let now = Date.now();
    await using one = openStore({ prefix: 'leases', now: () => now });
    await using other = openStore({ prefix: 'leases', now: () => now });
    const key = newKey();
    const asked = await Promise.all(
      [one, other, one, other].map(async (store) => store.lease?.(key, 1000, never)),
    );
    const held = asked.filter((lease) => lease !== undefined);
    expect(held).toHaveLength(1);
    const Key = `leases/${key.split('/').at(-1)}.lease`;
    const expiry = async () => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return (JSON.parse((await Body?.transformToString()) ?? '') as { readonly expiresAt: number })
        .expiresAt;
    };
    // For as long as several of its lives.
    for (let times = 0; times < 8; times += 1) {
      now += 500;
      expect(await other.lease?.(key, 1000, never)).toBeUndefined();
      await expect.poll(expiry, { timeout: 15_000 }).toBe(now + 1000);
    }
    await held[0]?.[Symbol.asyncDispose]();
    await using next = await other.lease?.(key, 1000, never);
    expect(next).toBeDefined();
    expect(await one.namespaces(never)).toEqual([]);
  });

  it('that nobody renews is taken over by exactly one', async () => {
    await using store = openStore({ prefix: 'leases' });
    const key = newKey();
    const Body = JSON.stringify({ holder: 'dead', expiresAt: Date.now() - 1 });
    const Key = `leases/${key.split('/').at(-1)}.lease`;
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    const asked = await Promise.all(Array.from({ length: 8 }, async () => store.lease?.(key, 10_000, never)));
    const held = asked.filter((lease) => lease !== undefined);
    expect(held).toHaveLength(1);
    await held[0]?.[Symbol.asyncDispose]();
  });
});
