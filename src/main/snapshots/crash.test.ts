/** A server that is killed while it makes a snapshot, and the one that comes after it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEmbeddedStore } from '#main/object-store/embedded.ts';
import {
  collect,
  extract,
  gitIn,
  never,
  newFolder,
  openTestService,
  project,
  projectKey,
  TestUpstream,
} from './repositories.fixture.ts';

let folder: string;
let upstream: TestUpstream;
beforeEach(() => {
  folder = newFolder();
  upstream = new TestUpstream(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Makes a snapshot whose upload never comes to its end, and says when it grows. */
const child = (options: { readonly folder: string; readonly url: string }) => `
  import { openFileStore } from '#main/object-store/file.ts';
  import { never, openTestService, project, withParts } from './src/main/snapshots/repositories.fixture.ts';
  const { folder, url } = ${JSON.stringify(options)};
  const store = withParts(await openFileStore({ root: folder + '/store' }), { put: () => new Promise(() => {}) });
  const service = await openTestService({ folder, upstream: { url }, store, lease: { ttlMs: 1500, pollMs: 50 } });
  await service.repositories.grow(project, never);
  console.log('growing');
  setInterval(() => {}, 1000);
`;

it('what a killed server has left is swept, and its lease runs out', async () => {
  const head = upstream.commit('noise', 'x'.repeat(100_000));
  const code = child({ folder, url: upstream.url });
  const killed = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(killed.stdout, 'data');
  killed.kill('SIGKILL');
  await once(killed, 'close');
  const work = join(folder, 'data', 'work');
  const left = readdirSync(work);
  expect(readdirSync(join(work, left[0] ?? '')).filter((name) => name.endsWith('.spool'))).toHaveLength(1);
  await using service = await openTestService({ folder, upstream });
  expect(readdirSync(work)).not.toContain(left[0]);
  const growing = await service.repositories.grow(project, never);
  if (growing === 'stored') throw new Error('nobody has stored it');
  expect(gitIn(extract(folder, await collect(growing.read(never))), 'rev-parse', 'HEAD')).toBe(head);
});

it('all of it works with the embedded store', async () => {
  const head = upstream.commit('a', '1');
  await using store = await openEmbeddedStore();
  expect('lease' in store).toBe(false);
  await using service = await openTestService({ folder, upstream, store });
  const growing = await service.repositories.grow(project, never);
  if (growing === 'stored') throw new Error('nobody has stored it');
  expect(gitIn(extract(folder, await collect(growing.read(never))), 'rev-parse', 'HEAD')).toBe(head);
  expect((await store.head(projectKey, never))?.headers['x-cachew-snapshot-commit']).toEqual([head]);
  const next = upstream.commit('a', '2');
  expect(await service.repositories.bundle(project, head, never)).toMatchObject({ head: next });
});
