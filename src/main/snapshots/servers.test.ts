/** Several servers with one store: each with mirrors of its own, one at a time makes a snapshot. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasEnded } from '#shared/repository-model.ts';
import { hashedNames } from '#main/http/names.ts';
import { orAborted } from '#main/object-store/cancel.ts';
import { FileLeaseRegister } from '#main/object-store/file-lease.ts';
import { openFileStore } from '#main/object-store/file.ts';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Job } from '#shared/repository-model.ts';
import {
  collect,
  gitIn,
  never,
  newFolder,
  openTestService,
  project,
  projectKey,
  TestUpstream,
  withParts,
  type TestService,
  type TestServiceOptions,
} from './repositories.fixture.ts';

let folder: string;
let upstream: TestUpstream;
let store: ObjectStore;
beforeEach(async () => {
  folder = newFolder();
  upstream = new TestUpstream(folder);
  upstream.commit('a', '1');
  store = await openFileStore({ root: join(folder, 'store') });
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const open = (name: string, options: Partial<TestServiceOptions> = {}) =>
  openTestService({ folder, upstream, name, store, ...options });

/** The store, whose uploads do not begin before `go` is called. */
function held(): { readonly store: ObjectStore; readonly go: () => void } {
  let go: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const put: ObjectStore['put'] = async (...args) => {
    await orAborted(gate, args[4]);
    return store.put(...args);
  };
  return { store: withParts(store, { put }), go };
}

async function snapshotJob({ repositories }: TestService): Promise<Job> {
  const job = (await repositories.list()).jobs.find(({ kind }) => kind === 'snapshot');
  if (!job) throw new Error('there is no such job');
  return job;
}

/** Until the server has found out that another one is at work. */
async function untilWaiting(service: TestService): Promise<void> {
  const phase = async () => (await snapshotJob(service)).phase;
  await expect.poll(phase, { timeout: 25_000, interval: 10 }).toBe('waiting for another server');
}

describe('of two servers with one store', () => {
  it('one makes the snapshot, and the other waits and serves that', async () => {
    const slow = held();
    await using first = await open('first', { store: slow.store });
    await using second = await open('second');
    const growing = await first.repositories.grow(project, never);
    const waiting = second.repositories.grow(project, never);
    await untilWaiting(second);
    slow.go();
    if (growing === 'stored') throw new Error('it grows');
    await collect(growing.read(never));
    expect(await waiting).toBe('stored');
    expect((await second.ended(await snapshotJob(second))).outcome).toMatch(/^HEAD has not moved/);
  });

  it('one that has died is waited for as long as its lease, and then its work is done', async () => {
    const register = new FileLeaseRegister(join(folder, 'store'), projectKey);
    const died = (expiresAt: number) => JSON.stringify({ holder: 'one that has died', expiresAt });
    const pin = await register.write(died(Date.now() + 3_600_000), undefined);
    await using second = await open('second');
    const asked = second.repositories.grow(project, never);
    await untilWaiting(second);
    await register.write(died(Date.now() + 500), pin);
    const growing = await asked;
    expect(growing).not.toBe('stored');
    expect((await second.ended(await snapshotJob(second))).outcome).toMatch(/^published/);
  });

  it('both work when the store has no leases, or cannot give one', async () => {
    const broken = async (): Promise<never> => {
      throw new SluiceError('STORE_UNAVAILABLE', 'conditional writes are not implemented');
    };
    const without = withParts(store, { lease: undefined });
    const failing = withParts(store, { lease: broken });
    await using first = await open('first', { store: without });
    await using second = await open('second', { store: failing });
    const done = await first.ended(first.repositories.start(project, 'snapshot'));
    expect(done.outcome).toMatch(/^published/);
    upstream.commit('a', '2');
    const job = await second.ended(second.repositories.start(project, 'snapshot'));
    expect(job.outcome).toMatch(/^published/);
    expect(second.repositories.log(job.id).join('\n')).toMatch(/without a lease.*not implemented/);
  });

  it('a new one serves at once what is there', async () => {
    await using first = await open('first');
    await first.ended(first.repositories.start(project, 'snapshot'));
    rmSync(upstream.path, { recursive: true });
    await using second = await open('second');
    expect(await second.repositories.grow(project, never)).toBe('stored');
    expect(gitIn(await second.restore(), 'status', '--porcelain')).toBe('');
  });

  it.each(['sha1', 'sha256'])('a new one gets its mirror from the store (%s)', async (format) => {
    rmSync(upstream.path, { recursive: true });
    upstream = new TestUpstream(folder, [`--object-format=${format}`]);
    const base = upstream.commit('a', '1');
    const config = { store: store.description };
    {
      await using first = await open('first', { config });
      await first.ended(first.repositories.start(project, 'snapshot'));
      await vi.waitFor(
        async () => {
          expect(await store.head(hashedNames.mirrorSnapshot(project), never)).toBeDefined();
          // What is visible may still be taken back by whoever cancels the job.
          expect((await first.repositories.list()).jobs.every(hasEnded)).toBe(true);
        },
        { timeout: 25_000 },
      );
    }
    const head = upstream.commit('a', '2');
    await using second = await open('second', { config });
    const cloned = await second.ended(second.repositories.start(project, 'clone'));
    expect(cloned.outcome).toBe(`restored from the store: HEAD is ${head.slice(0, 10)} on main`);
    expect(await second.repositories.bundle(project, base, never)).toMatchObject({ head });
    const [name = ''] = readdirSync(join(second.dataDir, 'mirrors'));
    const mirror = join(second.dataDir, 'mirrors', name, 'mirror.git');
    expect(gitIn(mirror, 'fsck', '--full', '--strict')).toBe('');
    expect(gitIn(mirror, 'config', 'remote.origin.url')).toBe(upstream.url);
  });

  it('a new one clones its mirror when what is in the store is none', async () => {
    const head = upstream.commit('a', '2');
    const body = (async function* () {
      yield Buffer.from('no archive');
    })();
    const part = { bytes: new Uint8Array(1000), [Symbol.dispose]: () => undefined };
    await store.put(hashedNames.mirrorSnapshot(project), body, { headers: {}, etag: 'x' }, part, never);
    await using second = await open('second', { config: { store: store.description } });
    const job = await second.ended(second.repositories.start(project, 'clone'));
    expect(job.outcome).toBe(`cloned: HEAD is ${head.slice(0, 10)} on main`);
    expect(second.repositories.log(job.id).join('\n')).toMatch(/could not be restored from the store/);
  });
});
