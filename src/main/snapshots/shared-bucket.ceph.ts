/**
 * Artifacts of git in a bucket that another program of the dialect works with, too (`npm run test:ceph`): it reads
 * what was made here, and what it made is enough for a server here.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newTag, objectNameOf } from '#main/object-store/compatibility.fixture.ts';
import { MiB } from '#shared/units.ts';
import { Fleet, sha256, until } from './fleet.fixture.ts';

let fleet: Fleet;
let first: string;
let head: string;
beforeEach(async () => {
  fleet = await Fleet.create();
  first = fleet.upstream.commit('first', 1000);
  head = fleet.upstream.commit('content', MiB);
});
afterEach(() => fleet[Symbol.asyncDispose]());

const upstream = () => `https://${fleet.name}`;
const headersOf = (etag: string) => ({
  'Content-Type': ['application/zstd'],
  Etag: [`"${etag}"`],
  'X-Cachew-Snapshot-Commit': [head],
});

it('the other program reads the snapshot, the mirror and the bundle that were made here', async () => {
  const server = await fleet.member();
  expect(await server.ended(await server.start('snapshot'))).toMatchObject({ state: 'done' });
  const etag = (await server.head('snapshot.tar.zst')).headers.get('etag');
  const snapshot = await fleet.bucket.read(fleet.artifact('snapshot'));
  expect(snapshot.headers).toEqual({ ...headersOf(''), 'X-Sluice-Snapshot-Branch': ['main'], Etag: [etag] });
  expect(snapshot.tag).toMatch(/^[0-9a-f]{32}$/);
  const clone = { head, origin: upstream(), changes: '', damage: '' };
  expect(fleet.upstream.inspectArchive(snapshot.body)).toEqual(clone);

  const mirror = await until(() => fleet.bucket.read(fleet.artifact('mirror-snapshot')));
  expect(mirror.headers['Content-Type']).toEqual(['application/zstd']);
  expect(fleet.upstream.inspectMirror(mirror.body)).toMatchObject({ 'refs/heads/main': head });

  const served = await server.get(`snapshot.bundle?base=${first}`);
  const bundle = await fleet.bucket.read(fleet.artifact(`bundle.${first}`));
  expect(sha256(bundle.body)).toBe(sha256(served.body));
  expect(fleet.upstream.inspectBundle(bundle.body)).toBe(head);
  // Bundles go when nobody asks for them any more.
  expect(bundle.expiresAt?.getTime()).toBeGreaterThan(Date.now());
});

it('a server whose bucket was filled by the other program needs no upstream', async () => {
  const expires = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
  const archive = fleet.upstream.cloneArchive(upstream());
  const mirror = fleet.upstream.mirrorArchive();
  await fleet.bucket.write(fleet.artifact('snapshot'), { body: archive, headers: headersOf('v1'), expires });
  await fleet.bucket.write(fleet.artifact('mirror-snapshot'), {
    body: mirror,
    headers: headersOf('m1'),
    expires,
  });
  fleet.upstream.vanish();

  const server = await fleet.member();
  const served = await server.get('snapshot.tar.zst');
  expect([served.status, served.headers.get('etag')]).toEqual([200, '"v1"']);
  expect(sha256(served.body)).toBe(sha256(archive));
  await until(async () => expect((await server.row())?.mirror).toMatchObject({ state: 'ready', head }));
  expect((await server.row())?.snapshot).toMatchObject({ commit: head, etag: 'v1', behind: 0 });
  const bundle = await server.get(`snapshot.bundle?base=${first}`);
  expect([bundle.status, bundle.body.subarray(0, 16).toString()]).toEqual([200, '# v2 git bundle\n']);
  expect((await server.get(`snapshot.bundle?base=${head}`)).status).toBe(204);
});

it('a snapshot that the other program is about to commit is not served, and is made here', async () => {
  const server = await fleet.member();
  const unfinished = { body: 'the first half', headers: headersOf('v1'), companion: { tag: newTag() } };
  await fleet.bucket.write(fleet.artifact('snapshot'), unfinished);
  expect((await server.head('snapshot.tar.zst')).status).toBe(404);
  const { status, body } = await server.get('snapshot.tar.zst');
  expect(status).toBe(200);
  expect(fleet.upstream.inspectArchive(body)).toMatchObject({ head, changes: '', damage: '' });
  const stored = await fleet.bucket.read(fleet.artifact('snapshot'));
  expect(sha256(stored.body)).toBe(sha256(body));
  expect(await fleet.bucket.has(`${objectNameOf(fleet.artifact('snapshot'))}.meta`)).toBe(true);
});
