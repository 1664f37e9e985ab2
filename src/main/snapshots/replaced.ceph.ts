/** A snapshot that is replaced in the bucket while somebody restores it (`npm run test:ceph`). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { objectNameOf } from '#main/object-store/compatibility.fixture.ts';
import { delayed } from '#main/object-store/fault-proxy.ts';
import { MiB } from '#shared/units.ts';
import { Fleet, until, type Member } from './fleet.fixture.ts';
import { inspect } from './upstream.fixture.ts';

const command = fileURLToPath(new URL('../cli.ts', import.meta.url));

let fleet: Fleet;
let server: Member;
beforeEach(async () => {
  fleet = await Fleet.create();
  fleet.upstream.commit('content', 12 * MiB);
  server = await fleet.member();
  const { state } = await server.ended(await server.start('snapshot'));
  if (state !== 'done') throw new Error(`the snapshot is ${state}`);
});
afterEach(() => fleet[Symbol.asyncDispose]());

/** `sluice restore` in small ranges, one after the other. */
async function restore(target: string) {
  const flags = ['--server', server.url, '--chunk-size', '256KiB', '--concurrency', '1'];
  const child = spawn(process.execPath, [command, 'restore', `https://${fleet.name}`, target, ...flags]);
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

/** From now on every read of the snapshot takes a while; resolves with how many there were. */
function slowDown(): () => number {
  const isRead = (line: string) =>
    line.startsWith('GET ') && line.includes(`${objectNameOf(fleet.artifact('snapshot'))}?`);
  // All of them together take much longer than it takes to replace the snapshot.
  server.proxy.spoil(isRead, delayed(250), Number.POSITIVE_INFINITY);
  const before = server.proxy.requests.length;
  return () => server.proxy.requests.slice(before).filter(isRead).length;
}

it.each([
  ['did not exist', []],
  ['was an empty folder', ['target']],
])('the restore fails, and a target that %s still is that', async (_, entries) => {
  const above = fleet.upstream.newFolder();
  for (const entry of entries) mkdirSync(join(above, entry));
  const other = await fleet.member();
  const reads = slowDown();
  const restoring = restore(join(above, 'target'));
  await until(() => expect(reads()).toBeGreaterThan(5));
  fleet.upstream.commit('more', 1000);
  expect(await other.ended(await other.start('snapshot'))).toMatchObject({ state: 'done' });
  const { code, stderr } = await restoring;
  expect([code, stderr]).toEqual([1, expect.stringMatching(/replaced|changed/)]);
  expect(readdirSync(above)).toEqual(entries);
  for (const entry of entries) expect(readdirSync(join(above, entry))).toEqual([]);
});

it('a restore that begins afterwards gets the new one', async () => {
  const head = fleet.upstream.commit('more', 1000);
  const other = await fleet.member();
  await other.ended(await other.start('snapshot'));
  const above = fleet.upstream.newFolder();
  writeFileSync(join(above, 'beside'), '');
  expect(await restore(join(above, 'target'))).toMatchObject({ code: 0 });
  expect(inspect(join(above, 'target'))).toEqual({
    head,
    origin: `https://${fleet.name}`,
    changes: '',
    damage: '',
  });
  expect(readdirSync(above).toSorted()).toEqual(['beside', 'target']);
});
