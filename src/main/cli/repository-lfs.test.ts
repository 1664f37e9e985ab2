/** LFS objects through a server: with the snapshot, they are all that a clone needs. Needs git-lfs. */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { ruleOf } from '#main/snapshots/repositories.fixture.ts';
import type { Job } from '#shared/repository-model.ts';
import { Team, type Project } from './repositories.fixture.ts';

let team: Team;
let server: TestServer;
beforeAll(async () => {
  team = new Team();
  server = await startTestServer({ repositories: [ruleOf(team.rule)] });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  team[Symbol.dispose]();
});

/** Runs the job that makes the LFS snapshot. @returns the job when it has ended */
async function makeLfsSnapshot({ url }: Project): Promise<Job> {
  const member = `${server.url}/api/v1/repositories/${url.replace('https://', '')}`;
  const body = JSON.stringify({ action: 'lfs-snapshot' });
  const started = (await (await fetch(member, { method: 'POST', body })).json()) as Job;
  const lines = await (await server.get(`/api/v1/jobs/${started.id}/follow`)).text();
  return JSON.parse(lines.trim().split('\n').at(-1) ?? '') as Job;
}

const lfsSnapshot = ({ url }: Project) =>
  server.get(`/git/${url.replace('https://', '')}/lfs-snapshot.tar.zst`);

const pathOf = (content: Uint8Array) => {
  const id = createHash('sha256').update(content).digest('hex');
  return `lfs/objects/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`;
};

function useLfs(project: Project): void {
  project.git(project.repository, 'lfs', 'install', '--local', '--skip-repo');
  project.git(project.repository, 'lfs', 'track', '*.bin');
}

/** Extracts an archive into `folder`. @returns the files in it */
function extract(project: Project, archive: Uint8Array, folder: string): readonly string[] {
  const file = join(project.folder, 'lfs.tar.zst');
  writeFileSync(file, archive);
  const list = project.run(folder, 'sh', '-c', 'zstd -q -d -c "$1" | tar -xv', 'sh', file).split('\n');
  return list.filter((path) => !path.endsWith('/')).toSorted();
}

it('holds the objects of HEAD, which complete a restored clone', async () => {
  const project = team.project('lfs');
  useLfs(project);
  const [earlier, large, other] = [randomBytes(5000), randomBytes(300_000), randomBytes(1000)];
  project.commit({ 'a.bin': earlier });
  const commit = project.commit({ 'a.bin': large, 'deep/same.bin': large, 'b.bin': other });
  expect(await makeLfsSnapshot(project)).toMatchObject({ kind: 'lfs-snapshot', state: 'done' });

  const answer = await lfsSnapshot(project);
  expect([answer.status, answer.headers.get('x-cachew-snapshot-commit')]).toEqual([200, commit]);
  expect(await project.restore(server)).toMatchObject({ code: 0 });
  const clone = join(project.place, 'clone');
  expect(readFileSync(join(clone, 'a.bin'), 'utf8')).toContain('https://git-lfs.github.com/spec');
  const archive = Buffer.from(await answer.arrayBuffer());
  expect(extract(project, archive, join(clone, '.git'))).toEqual([pathOf(large), pathOf(other)].toSorted());
  project.git(clone, 'lfs', 'install', '--local', '--skip-repo');
  project.git(clone, 'lfs', 'checkout');
  for (const [name, content] of Object.entries({ 'a.bin': large, 'deep/same.bin': large, 'b.bin': other }))
    expect(readFileSync(join(clone, name)).equals(content)).toBe(true);
  expect(project.git(clone, 'status', '--porcelain')).toBe('');
  expect(project.git(clone, 'lfs', 'fsck')).toContain('OK');
});

it('fails with a sentence when the upstream does not have an object, and nothing is visible', async () => {
  const project = team.project('lfs-missing');
  useLfs(project);
  const content = randomBytes(1000);
  project.commit({ 'a.bin': content });
  project.run(project.repository, 'rm', join('.git', pathOf(content)));
  const { state, outcome } = await makeLfsSnapshot(project);
  expect([state, outcome]).toEqual(['failed', expect.stringMatching(/^[^\n]{20,}$/)]);
  expect((await lfsSnapshot(project)).status).toBe(404);
});
