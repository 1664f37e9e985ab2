/** Sluice in front of other servers: docs/semantics.md, one test for each sentence, with the same words. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { startNginx, type Nginx } from '#main/testing/nginx.ts';
import { MiB } from '#shared/units.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const snapshotPath = '/git/github.com/owner/repository/snapshot.tar.zst';

let nginx: Nginx;
/** In front of nginx, at /base there. */
let plain: TestServer;
/** Another Sluice, and one in front of it. */
let behind: TestServer;
let front: TestServer;

beforeAll(async () => {
  nginx = await startNginx(
    'location /compressed/ { gzip on; gzip_types *; gzip_min_length 1; max_ranges 0; }',
  );
  await mkdir(join(nginx.folder, 'base/files/nested'), { recursive: true });
  await mkdir(join(nginx.folder, 'compressed/files'), { recursive: true });
  plain = await startTestServer({ store: `${nginx.url}/base` });
  behind = await startTestServer();
  front = await startTestServer({ store: behind.url });
});

afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await behind[Symbol.asyncDispose]();
  await plain[Symbol.asyncDispose]();
  await nginx[Symbol.asyncDispose]();
});

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** Puts a file in place as a publisher does: whole or not at all. */
async function publish(path: string, bytes: Uint8Array): Promise<void> {
  const file = join(nginx.folder, path);
  await writeFile(`${file}.new`, bytes);
  await rename(`${file}.new`, file);
}

describe('HTTP origin', () => {
  it('An object or a snapshot of another Sluice is served with its validator and the fields that describe it.', async () => {
    const bytes = randomBytes(700_000);
    const names = ['plain', encodeURIComponent('a key/with ünusual?#characters%2f'), 'ab'.repeat(32)];
    for (const name of names) {
      const fields = { 'content-type': 'text/x-test', 'x-cachew-test': 'one', 'cache-control': 'max-age=5' };
      const path = await behind.put(name, bytes, { ...fields, etag: '"v:1"' });
      const [direct, through] = await Promise.all([behind.get(path), front.get(path)]);
      expect([name, Buffer.compare(await bytesOf(through), bytes)]).toEqual([name, 0]);
      expect(through.status).toBe(200);
      const described = ['etag', 'last-modified', 'content-length', 'accept-ranges', ...Object.keys(fields)];
      for (const field of described) expect(through.headers.get(field)).toBe(direct.headers.get(field));
      expect(through.headers.get('etag')).toBe('"v:1"');
      const part = await front.get(path, { range: 'bytes=300000-300009', 'if-match': '"v:1"' });
      expect([part.status, await bytesOf(part)]).toEqual([206, bytes.subarray(300_000, 300_010)]);
      expect((await front.get(path, { 'if-none-match': '"v:1"' })).status).toBe(304);
    }

    const url = `${behind.url}/api/v1/snapshots/github.com/owner/repository`;
    const headers = { 'x-cachew-snapshot-commit': commit };
    expect((await fetch(url, { method: 'POST', body: bytes, headers })).status).toBe(200);
    for (const range of [undefined, 'bytes=5-9']) {
      const through = await front.get(snapshotPath, range === undefined ? {} : { range });
      expect(through.status).toBe(range === undefined ? 200 : 206);
      expect(through.headers.get('x-cachew-snapshot-commit')).toBe(commit);
      expect(through.headers.get('content-type')).toBe('application/zstd');
      expect((await bytesOf(through)).length).toBe(range === undefined ? bytes.length : 5);
    }
    expect((await fetch(front.url + snapshotPath, { method: 'HEAD' })).headers.get('etag')).toMatch(/^".+"$/);
    expect((await front.get('/api/v1/object/test/missing')).status).toBe(404);
    expect((await front.get('/git/github.com/owner/other/snapshot.tar.zst')).status).toBe(404);
    expect(await (await front.get('/api/v1/namespaces')).json()).toEqual(['test']);
  });

  it('A file of any other server is served by namespace and name as folders below the base, slashes included.', async () => {
    const bytes = randomBytes(700_000);
    await publish('base/files/large.bin', bytes);
    await publish('base/files/nested/a b.txt', Buffer.from('text'));
    const path = '/api/v1/object/files/large.bin';
    const direct = await fetch(`${nginx.url}/base/files/large.bin`, { method: 'HEAD' });
    const through = await plain.get(path);
    expect([through.status, Buffer.compare(await bytesOf(through), bytes)]).toEqual([200, 0]);
    for (const field of ['etag', 'last-modified', 'content-length', 'content-type'])
      expect(through.headers.get(field)).toBe(direct.headers.get(field));
    expect(through.headers.get('server')).toBeNull();
    const part = await plain.get(path, { range: 'bytes=-10' });
    expect([part.status, await bytesOf(part)]).toEqual([206, bytes.subarray(-10)]);
    const several = await plain.get(path, { range: 'bytes=0-9,500000-500009' });
    expect([several.status, several.headers.get('content-type')]).toEqual([
      206,
      expect.stringMatching(/^multipart\/byteranges/),
    ]);
    expect((await bytesOf(several)).includes(bytes.subarray(500_000, 500_010))).toBe(true);
    const nested = await plain.get(`/api/v1/object/files/${encodeURIComponent('nested/a b.txt')}`);
    expect([nested.headers.get('content-type'), await nested.text()]).toEqual(['text/plain', 'text']);
    expect((await plain.get('/api/v1/object/files/missing')).status).toBe(404);
    expect((await plain.get(`/api/v1/object/files/${encodeURIComponent('../../etc')}`)).status).toBe(400);
    expect(await (await plain.get('/api/v1/namespaces')).json()).toEqual([]);

    await publish('base/files/empty', new Uint8Array());
    const empty = await plain.get('/api/v1/object/files/empty');
    expect([empty.status, empty.headers.get('content-length')]).toEqual([200, '0']);
  });

  it('A snapshot of any other server is served by its own path below the base.', async () => {
    await mkdir(join(nginx.folder, 'base/git/github.com/owner/repository'), { recursive: true });
    await publish('base/git/github.com/owner/repository/snapshot.tar.zst', Buffer.from('archive'));
    const through = await plain.get(snapshotPath, { range: 'bytes=0-3' });
    expect([through.status, await through.text()]).toEqual([206, 'arch']);
  });

  it('An origin without byte ranges, or without a strong ETag, is 502 and says which.', async () => {
    await publish('compressed/files/object', randomBytes(1000));
    await using ranges = await startTestServer({ store: `${nginx.url}/compressed` });
    const noRanges = await ranges.get('/api/v1/object/files/object');
    expect([noRanges.status, await noRanges.json()]).toEqual([
      502,
      { error: 'STORE_REFUSED', message: expect.stringMatching(/does not offer byte ranges/) },
    ]);
    await using untagged = await startNginx('etag off;');
    await mkdir(join(untagged.folder, 'files'));
    await writeFile(join(untagged.folder, 'files/object'), 'bytes');
    await using tags = await startTestServer({ store: untagged.url });
    const noTag = await tags.get('/api/v1/object/files/object');
    expect([noTag.status, await noTag.json()]).toEqual([
      502,
      { error: 'STORE_REFUSED', message: expect.stringMatching(/has no ETag: without one/) },
    ]);
  });

  it('An object that was replaced at the origin is read as it is now, whatever was known of it.', async () => {
    const [before, after] = [randomBytes(700_000), randomBytes(710_000)];
    const path = await behind.put('replaced', before);
    const first = await front.get(path, { range: 'bytes=0-9' });
    expect(await bytesOf(first)).toEqual(before.subarray(0, 10));
    await behind.put('replaced', after);
    const second = await front.get(path, { range: 'bytes=600000-' });
    expect([second.status, Buffer.compare(await bytesOf(second), after.subarray(600_000))]).toEqual([206, 0]);
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
  });

  it('An object that is replaced at the origin while it is read is never spliced with its successor.', async () => {
    const length = 32 * MiB;
    await publish('base/files/spliced', Buffer.alloc(length, 1));
    const through = await plain.get('/api/v1/object/files/spliced');
    const reader = through.body?.getReader();
    const seen = new Set((await reader?.read())?.value);
    await publish('base/files/spliced', Buffer.alloc(length + 1, 2));
    const rest = async () => {
      for (;;) {
        const piece = await reader?.read();
        if (!piece || piece.done) return;
        for (const byte of new Set(piece.value)) seen.add(byte);
      }
    };
    await expect(rest()).rejects.toThrow('terminated');
    expect([...seen]).toEqual([1]);
  });

  it('A write to a store that takes none is 403.', async () => {
    const posts = ['/api/v1/object/test/key', '/api/v1/snapshots/github.com/owner/repository'];
    const headers = { 'x-cachew-snapshot-commit': commit };
    for (const server of [front, plain]) {
      for (const path of posts) {
        const refused = await fetch(server.url + path, { method: 'POST', body: 'bytes', headers });
        expect([path, refused.status, await refused.json()]).toEqual([
          path,
          403,
          { error: 'READ_ONLY', message: expect.stringMatching(/^the store http:.* is read-only/) },
        ]);
      }
      const deleting = await fetch(`${server.url}/api/v1/object/test/key`, { method: 'DELETE' });
      expect(deleting.status).toBe(403);
    }
  });
});
