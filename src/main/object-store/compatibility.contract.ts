/**
 * One bucket, two programs: what another one wrote is served as it meant it, and it reads what we wrote. Whole
 * servers, over HTTP; the clock of the grace period is turned by a proxy that makes objects look older.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import {
  newTag,
  objectNameOf,
  OtherProgram,
  type BucketPlace,
  type Fixture,
} from './compatibility.fixture.ts';
import { changed, startFaultProxy, type FaultProxy } from './fault-proxy.ts';

const commit = 'c0ffee'.padEnd(40, '0');
const hourMs = 3_600_000;
const afterGraceMs = 16 * 60_000;
const artifacts = [
  ['the snapshot', 'snapshot', 'snapshot.tar.zst'],
  ['the LFS objects', 'lfs-snapshot', 'lfs-snapshot.tar.zst'],
] as const;

/** A moment, in the whole seconds that HTTP dates have. */
const fromNow = (milliseconds: number) => new Date(Math.floor((Date.now() + milliseconds) / 1000) * 1000);
const headersOf = (etag: string) => ({
  'Content-Type': ['application/zstd'],
  Etag: [`"${etag}"`],
  'X-Cachew-Snapshot-Commit': [commit],
});

/**
 * Declares the tests; `start` gives an empty bucket, and the environment has its credentials by then. Some servers
 * forget the HTTP `Expires` of an object.
 */
export function describeCompatibility(
  server: string,
  keeps: 'Expires' | 'no Expires',
  start: () => Promise<BucketPlace & AsyncDisposable>,
): void {
  describe(`a bucket on ${server}, shared with another program`, () => {
    let place: BucketPlace & AsyncDisposable;
    let proxy: FaultProxy;
    let sluice: TestServer;
    let other: OtherProgram;
    beforeAll(async () => {
      place = await start();
      other = new OtherProgram(place);
      proxy = await startFaultProxy(place.endpoint);
      sluice = await startTestServer({
        store: `s3://${place.bucket}`,
        s3Endpoint: proxy.endpoint,
        s3Region: 'us-east-1',
        s3PathStyle: true,
      });
    });
    afterAll(async () => {
      await sluice[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      other[Symbol.dispose]();
      await place[Symbol.asyncDispose]();
    });

    /** A repository that no other test knows. */
    const newRepository = (artifact = 'snapshot', file = 'snapshot.tar.zst') => {
      const name = `git.example/team/${randomUUID()}`;
      return { key: `https://${name}.${artifact}`, path: `/git/${name}/${file}` };
    };

    /** From now on the object and its companion were last modified so long ago. */
    const makeOlder = (key: string, milliseconds: number) => {
      const lastModified = new Date(Date.now() - milliseconds).toUTCString();
      const older = changed(({ headers }) => ({ headers: { ...headers, 'last-modified': lastModified } }));
      proxy.spoil((line) => line.includes(objectNameOf(key)), older, Number.POSITIVE_INFINITY);
    };

    describe.each(artifacts)('%s', (_, artifact, file) => {
      it('is served as it was written: whole, in ranges, and its head', async () => {
        const { key, path } = newRepository(artifact, file);
        const body = randomBytes(700_001);
        await other.write(key, { body, headers: headersOf('v1'), expires: fromNow(hourMs) });
        const expected = { 'content-type': 'application/zstd', etag: '"v1"', 'accept-ranges': 'bytes' };
        const head = await fetch(sluice.url + path, { method: 'HEAD' });
        const whole = await sluice.get(path);
        const range = await sluice.get(path, { Range: 'bytes=300000-300009', 'If-Match': '"v1"' });
        expect([head.status, whole.status, range.status]).toEqual([200, 200, 206]);
        for (const answer of [head, whole, range]) {
          expect(Object.fromEntries(answer.headers)).toMatchObject(expected);
          expect(answer.headers.get('x-cachew-snapshot-commit')).toBe(commit);
        }
        expect(head.headers.get('content-length')).toBe(String(body.length));
        expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), body)).toBe(0);
        const piece = Buffer.from(await range.arrayBuffer());
        expect(piece.toString('hex')).toBe(body.subarray(300_000, 300_010).toString('hex'));
      });
    });

    it('an object with a namespace is served under it, and nowhere else', async () => {
      const name = randomUUID();
      await other.write(name, {
        namespace: 'gomod',
        body: 'module',
        headers: { Etag: ['"v1"'], 'X-Own': ['1'] },
      });
      const answer = await sluice.get(`/api/v1/object/gomod/${name}`);
      expect([answer.status, answer.headers.get('etag'), answer.headers.get('x-own')]).toEqual([
        200,
        '"v1"',
        '1',
      ]);
      expect(await answer.text()).toBe('module');
      expect((await sluice.get(`/api/v1/object/other/${name}`)).status).toBe(404);
    });

    it('the companion has the last word about headers', async () => {
      const { key, path } = newRepository();
      const companion = { headers: { Etag: ['"of-companion"'] } };
      await other.write(key, { body: 'x', headers: headersOf('of-data'), companion });
      const { headers } = await sluice.get(path);
      expect(headers.get('etag')).toBe('"of-companion"');
      expect(headers.get('x-cachew-snapshot-commit')).toBe(commit);
    });

    it.each([
      ['is stale', { tag: newTag(), headers: { Etag: ['"stale"'] }, expires: fromNow(-hourMs) }],
      ['is missing', 'missing'],
    ] as const)(
      'data whose companion %s is a miss at first, and speaks for itself after the grace period',
      async (_, companion) => {
        const [young, old] = [newRepository(), newRepository()];
        for (const { key } of [young, old])
          await other.write(key, { body: 'data', headers: headersOf('of-data'), companion });
        makeOlder(old.key, afterGraceMs);
        expect((await sluice.get(young.path)).status).toBe(404);
        const answer = await sluice.get(old.path);
        expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"of-data"']);
        expect(await answer.text()).toBe('data');
        // A commit in flight is nobody else's to remove.
        expect(await other.has(objectNameOf(young.key))).toBe(true);
      },
    );

    it('data without a validator and with another tag stays a miss after the grace period', async () => {
      const { key, path } = newRepository();
      const headers = { 'Content-Type': ['application/zstd'] };
      await other.write(key, { body: 'data', headers, companion: 'missing' });
      makeOlder(key, afterGraceMs);
      expect((await sluice.get(path)).status).toBe(404);
    });

    it('an object from before there were tags and companions is served under a validator of the store', async () => {
      const { key, path } = newRepository();
      await other.write(key, { body: 'old', tag: '', companion: 'missing' });
      const answer = await sluice.get(path);
      expect([answer.status, await answer.text()]).toEqual([200, 'old']);
      expect(answer.headers.get('etag')).toMatch(/^"[A-Za-z0-9._:/+=-]+"$/);
    });

    const expired: Readonly<Record<string, Omit<Fixture, 'body'>>> = {
      'its companion says so': { expires: fromNow(hourMs), companion: { expires: fromNow(-1000) } },
      ...(keeps === 'Expires' && {
        'its data says so, and there is no companion': {
          tag: '',
          expires: fromNow(-1000),
          companion: 'missing',
        },
      }),
    };
    it.each(Object.entries(expired))(
      'an expired object is a miss, and is deleted: %s',
      async (_, fixture) => {
        const { key, path } = newRepository();
        await other.write(key, { body: 'gone', headers: headersOf('v1'), ...fixture });
        expect((await sluice.get(path)).status).toBe(404);
        await vi.waitFor(async () => {
          const names = [objectNameOf(key), `${objectNameOf(key)}.meta`];
          expect(await Promise.all(names.map((name) => other.has(name)))).toEqual([false, false]);
        }, 30_000);
      },
    );

    it("an object lives as long as its companion says, beyond the data's own expiry", async () => {
      const { key, path } = newRepository();
      const companion = { expires: fromNow(hourMs) };
      await other.write(key, { body: 'alive', headers: headersOf('v1'), expires: fromNow(-1000), companion });
      expect(await (await sluice.get(path)).text()).toBe('alive');
    });

    it('a read in the second half of its time gives an object its whole time again', async () => {
      const { key, path } = newRepository();
      // Written three quarters of an hour ago, for an hour.
      await other.write(key, { body: 'read', headers: headersOf('v1'), expires: fromNow(hourMs / 4) });
      makeOlder(key, (hourMs * 3) / 4);
      const before = await other.companion(key);
      expect((await sluice.get(path)).status).toBe(200);
      await vi.waitFor(async () => {
        const { expires_at: expiresAt = '', ...rest } = await other.companion(key);
        expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(fromNow(hourMs).getTime() - 60_000);
        const { expires_at: _, ...unchanged } = before;
        expect(rest).toEqual(unchanged);
      }, 30_000);
      expect((await other.read(key)).body.toString()).toBe('read');
    });

    it('the other program reads a snapshot that was published here', async () => {
      const { key, path } = newRepository();
      const body = randomBytes(300_000);
      const posted = await fetch(sluice.url + path.replace(/^\/git\/(.*)\/[^/]+$/, '/api/v1/snapshots/$1'), {
        method: 'POST',
        body,
        headers: { 'x-cachew-snapshot-commit': commit },
      });
      const etag = posted.headers.get('etag');
      expect([posted.status, etag]).toEqual([200, expect.stringMatching(/^"[A-Za-z0-9._:/+=-]+"$/)]);
      const read = await other.read(key);
      expect(Buffer.compare(read.body, body)).toBe(0);
      expect(read.headers).toMatchObject({
        'Content-Type': ['application/zstd'],
        'X-Cachew-Snapshot-Commit': [commit],
        Etag: [etag],
      });
      expect(read.tag).toMatch(/^[0-9a-f]{32}$/);
      expect(read.expiresAt).toBeUndefined();
    });

    it('the other program reads an object that was stored here, with its namespace, headers and time', async () => {
      const name = randomUUID();
      const answer = await fetch(`${sluice.url}/api/v1/object/gomod/${name}`, {
        method: 'POST',
        body: 'module',
        headers: { 'Time-To-Live': '1h30m', ETag: '"v7"', 'X-Own': 'a, b', 'Content-Type': 'text/plain' },
      });
      expect(answer.status).toBe(200);
      const read = await other.read(name, 'gomod');
      expect(read.body.toString()).toBe('module');
      expect(read.headers).toMatchObject({
        'Content-Type': ['text/plain'],
        Etag: ['"v7"'],
        'X-Own': ['a, b'],
      });
      const leftMs = (read.expiresAt?.getTime() ?? 0) - Date.now();
      expect(leftMs).toBeGreaterThan(1.4 * hourMs);
      expect(leftMs).toBeLessThanOrEqual(1.5 * hourMs + 1000);
    });

    it('what is deleted here is gone for the other program, companion included', async () => {
      const name = randomUUID();
      await other.write(name, { namespace: 'gomod', body: 'x', headers: { Etag: ['"v1"'] } });
      const deleted = await fetch(`${sluice.url}/api/v1/object/gomod/${name}`, { method: 'DELETE' });
      expect(deleted.status).toBe(200);
      const left = (await other.names()).filter((key) => key.startsWith(objectNameOf(name, 'gomod')));
      expect(left).toEqual([]);
    });
  });
}
