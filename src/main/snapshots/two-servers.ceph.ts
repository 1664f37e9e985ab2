/**
 * Several servers and one bucket of a real S3 server (`npm run test:ceph`): one makes a snapshot and the others use
 * it, whatever becomes of the one.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectNameOf } from '#main/object-store/compatibility.fixture.ts';
import { honest, reset, stalled, type Fault } from '#main/object-store/fault-proxy.ts';
import { maxAttempts } from '#main/object-store/retry.ts';
import { MiB } from '#shared/units.ts';
import { Fleet, sha256, until, type Member } from './fleet.fixture.ts';

/** Three parts of an upload. */
const contentBytes = 20 * MiB;
const snapshot = 'snapshot.tar.zst';

let fleet: Fleet;
let first: string;
let head: string;
beforeEach(async () => {
  fleet = await Fleet.create();
  first = fleet.upstream.commit('first', 1000);
  head = fleet.upstream.commit('content', contentBytes);
});
afterEach(() => fleet[Symbol.asyncDispose]());

const name = () => fleet.artifact('snapshot');
/** A clone of this fleet's repository, with nothing wrong. */
const rightClone = () => ({ head, origin: `https://${fleet.name}`, changes: '', damage: '' });

/** Requests that write the data of the snapshot, by their order. */
const steps = {
  begin: (line: string) => /^POST .*[?&]uploads/.test(line),
  part: (line: string) => line.startsWith('PUT ') && line.includes('partNumber='),
  commit: (line: string) => line.startsWith('POST ') && line.includes('uploadId='),
} as const;

/** Spoils each of these answers to a server. */
function spoil({ proxy }: Member, step: keyof typeof steps, fault: Fault): void {
  const object = objectNameOf(name());
  proxy.spoil((line) => line.includes(object) && steps[step](line), fault, Number.POSITIVE_INFINITY);
}

/** Resolves when a server has asked for it. */
function reached({ proxy }: Member, step: keyof typeof steps): Promise<void> {
  const object = objectNameOf(name());
  return until(() =>
    expect(proxy.requests.some((line) => line.includes(object) && steps[step](line))).toBe(true),
  );
}

/** Resolves when a server says that another one is at work. */
function waiting(member: Member): Promise<void> {
  return until(async () => {
    const { jobs } = await member.list();
    expect(jobs.find(({ kind }) => kind === 'snapshot')?.phase).toBe('waiting for another server');
  });
}

describe('two servers, one bucket', () => {
  it('one makes the snapshot, the other waits and serves the same one', async () => {
    const [a, b] = [await fleet.member(), await fleet.member()];
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    spoil(a, 'part', (...answer) => void gate.then(() => honest(...answer)));
    const fromA = a.get(snapshot);
    await reached(a, 'part');
    const fromB = b.get(snapshot);
    await waiting(b);
    letGo();
    const [grown, stored] = await Promise.all([fromA, fromB]);
    expect([grown.status, stored.status]).toEqual([200, 200]);
    expect([grown.headers.get('etag'), stored.headers.get('etag')]).toEqual([null, expect.any(String)]);
    expect(sha256(stored.body)).toBe(sha256(grown.body));
    expect(fleet.upstream.inspectArchive(stored.body)).toEqual(rightClone());
    const job = await b.ended(await b.start('snapshot'));
    expect(job).toMatchObject({ state: 'done', outcome: expect.stringContaining('up to date') });
    expect(a.uploadsOf(name()) + b.uploadsOf(name())).toBe(1);
    expect((await b.head(snapshot)).headers.get('etag')).toBe((await a.head(snapshot)).headers.get('etag'));
    // No lease is left, and nothing else than objects with their companions.
    await until(async () => {
      const others = (await fleet.bucket.names()).filter(
        (key) => !/^[0-9a-f]{2}\/[0-9a-f]{64}(\.meta)?$/.test(key),
      );
      expect(others).toEqual([]);
    });
  });

  it('both are asked at once, many times: it is made once', async () => {
    const [a, b] = [await fleet.member(), await fleet.member()];
    const asked = [a, b, a, b, b, a].map((member) => member.get(snapshot));
    const bodies = new Set((await Promise.all(asked)).map(({ body }) => sha256(body)));
    expect(bodies.size).toBe(1);
    expect(a.uploadsOf(name()) + b.uploadsOf(name())).toBe(1);
  });

  it.each([
    ['before the first part is written', 'begin'],
    ['while parts are written', 'part'],
    ['between the data and its companion', 'commit'],
  ] as const)('one is killed %s: the other takes over when its lease is over', async (_, step) => {
    const [a, b] = [await fleet.member(), await fleet.member()];
    spoil(a, step, stalled);
    const fromA = a.get(snapshot);
    const broken = fromA.then(
      () => 'whole',
      () => 'broken off',
    );
    await reached(a, step);
    const fromB = b.get(snapshot);
    await waiting(b);
    expect((await b.head(snapshot)).status).toBe(404);
    await a.kill();
    expect(await broken).toBe('broken off');
    const left = await a.workFiles();
    expect(left).not.toEqual([]);
    const { status, body } = await fromB;
    expect(status).toBe(200);
    expect(fleet.upstream.inspectArchive(body)).toEqual(rightClone());
    expect(b.uploadsOf(name())).toBe(1);
    // Who is not answered for long asks again.
    expect(a.uploadsOf(name())).toBeLessThanOrEqual(step === 'begin' ? maxAttempts : 1);
    const stored = await fleet.bucket.read(name());
    expect(sha256(stored.body)).toBe(sha256(body));
    expect(stored.headers['X-Cachew-Snapshot-Commit']).toEqual([head]);

    const again = await fleet.member({ dataDir: a.dataDir });
    expect((await again.workFiles()).filter((file) => left.includes(file))).toEqual([]);
    expect(sha256((await again.get(snapshot)).body)).toBe(sha256(body));
    expect(again.uploadsOf(name())).toBe(0);
  });

  it('one is killed while it renews: what was there stays until the other has renewed it', async () => {
    const [a, b] = [await fleet.member(), await fleet.member()];
    const old = await a.get(snapshot);
    const oldCommit = head;
    head = fleet.upstream.commit('more', 10 * MiB);
    spoil(a, 'part', stalled);
    await a.start('snapshot');
    await reached(a, 'part');
    await a.kill();
    const meanwhile = await b.get(snapshot);
    expect(meanwhile.headers.get('x-cachew-snapshot-commit')).toBe(oldCommit);
    expect(sha256(meanwhile.body)).toBe(sha256(old.body));
    expect(await b.ended(await b.start('snapshot'))).toMatchObject({ state: 'done' });
    const fresh = await b.get(snapshot);
    expect(fresh.headers.get('x-cachew-snapshot-commit')).toBe(head);
    expect(fleet.upstream.inspectArchive(fresh.body)).toEqual(rightClone());
  });
});

describe('a new server with an empty disk', () => {
  it('serves at once, and gets its mirror from the bucket: the upstream may be gone', async () => {
    const a = await fleet.member();
    const { body } = await a.get(snapshot);
    await until(async () =>
      expect(await fleet.bucket.has(objectNameOf(fleet.artifact('mirror-snapshot')))).toBe(true),
    );
    await until(() => fleet.bucket.read(fleet.artifact('mirror-snapshot')));
    fleet.upstream.vanish();
    await a.kill();

    const fresh = await fleet.member();
    const served = await fresh.get(snapshot);
    expect([served.status, served.headers.get('x-cachew-snapshot-commit')]).toEqual([200, head]);
    expect(sha256(served.body)).toBe(sha256(body));
    await until(async () => expect((await fresh.row())?.mirror).toMatchObject({ state: 'ready', head }));
    const bundle = await fresh.get(`snapshot.bundle?base=${first}`);
    expect([bundle.status, bundle.body.subarray(0, 7).toString()]).toEqual([200, '# v2 gi']);
    const refs = await fresh.post(`/git/${fleet.name}/ensure-refs`, {
      refs: { 'refs/heads/main': '' },
      commits: [head, first],
    });
    expect(await refs.json()).toMatchObject({ refs: { 'refs/heads/main': head }, missing_commits: [] });
    expect(await fresh.ended(await fresh.start('snapshot'))).toMatchObject({ state: 'done' });
    expect(fresh.uploadsOf(name())).toBe(0);
  });
});

describe('a bucket that cannot be reached any more', () => {
  it.each(['begin', 'part', 'commit'] as const)(
    'from the %s of an upload on: the job says so, and nothing is visible',
    async (step) => {
      const a = await fleet.member();
      let isGone = false;
      spoil(a, step, (...answer) => {
        isGone = true;
        reset(...answer);
      });
      a.proxy.spoil(() => isGone, reset, Number.POSITIVE_INFINITY);
      const job = await a.start('snapshot');
      const follower = a.get(snapshot).then(
        ({ status }) => status,
        () => 'broken off',
      );
      const { state, outcome = '' } = await a.ended(job);
      expect(state).toBe('failed');
      expect(outcome).toMatch(/^[^\n]{20,}$/);
      expect(outcome).not.toMatch(/\bError\b|undefined|ECONN/);
      expect(await follower).not.toBe(200);
      const other = await fleet.member({ rule: 'none' });
      expect((await other.get(snapshot)).status).toBe(404);

      a.proxy.heal();
      expect(await a.ended(await a.start('snapshot'))).toMatchObject({ state: 'done' });
      expect(fleet.upstream.inspectArchive((await other.get(snapshot)).body)).toEqual(rightClone());
    },
  );
});
