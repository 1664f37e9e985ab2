/**
 * What goes wrong around a repository, and what is left of it: nothing that is visible, nothing on disk, a sentence,
 * and a next time that goes well. Servers are processes of their own, to be killed; restores are, too.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startServerProcess, type ServerProcess } from '#main/app-process.fixture.ts';
import { objectNameOf } from '#main/object-store/compatibility.fixture.ts';
import { startEmbeddedServer } from '#main/object-store/embedded-server.ts';
import { honest, reset, stalled, startFaultProxy } from '#main/object-store/fault-proxy.ts';
import { Team, type Project } from './repositories.fixture.ts';
import { startSluiceCommand } from './testing.ts';

// Each starts dozens of processes, one after the other: only what hangs takes as long.
vi.setConfig({ testTimeout: 180_000 });

let team: Team;
let project: Project;
let stuck: string;
beforeEach(() => {
  team = new Team();
  project = team.project('project');
  stuck = join(team.folder, 'stuck');
});
afterEach(() => {
  if (existsSync(stuck)) letGo();
  team[Symbol.dispose]();
});

type Surroundings = Pick<Parameters<typeof startServerProcess>[0], 'env' | 'fileLimitBlocks' | 'flags'>;

/** A server on the team's data folder. */
const serve = ({ flags = {}, ...others }: Partial<Surroundings> = {}): Promise<ServerProcess> =>
  startServerProcess({
    flags: {
      dataDir: team.dataDir,
      store: team.storeUrl,
      repositories: team.rule,
      diskCacheBytes: '0',
      memoryBudgetBytes: '64MiB',
      chunkBytes: '256KiB',
      fetchIntervalMs: '0',
      snapshotIntervalMs: '0',
      ...flags,
    },
    lease: { ttlMs: 1500, pollMs: 50 },
    ...others,
  });

const snapshot = (server: ServerProcess) => project.sluice(server, 'snapshot', project.url);

const snapshotUrl = ({ url }: ServerProcess) => `${url}/git/git.example/team/project/snapshot.tar.zst`;

/** What a HEAD of the snapshot is answered with: HEAD makes none. */
const visible = async (server: ServerProcess) =>
  (await fetch(snapshotUrl(server), { method: 'HEAD' })).status;

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** The files in the data folder of work that is under way, or was left. */
const unfinished = (): readonly string[] =>
  filesIn(team.dataDir).filter((path) => /\.spool$|sluice-archive-|\.incoming-/.test(path));

/** The clone in `place` is the one that a plain clone gives, and nothing is beside it. */
function expectRight(): void {
  expect(project.look()).toEqual(project.plain());
  expect(project.leftovers).toEqual(['clone']);
}

/** A program that does what `script` says; `$real` is the real one. @returns the PATH with it */
function instead(program: 'git' | 'tar', script: string): string {
  const folder = join(team.folder, 'bin');
  const real = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
  mkdirSync(folder);
  writeFileSync(join(folder, program), `#!/bin/sh\nreal=${real}\n${script}\n`);
  chmodSync(join(folder, program), 0o755);
  return `${folder}:${process.env['PATH']}`;
}

/** The same, and then it gets stuck. */
const stuckIn = (program: 'git' | 'tar', script: string): string =>
  instead(program, `${script}\necho $$ > ${stuck}\nexec sleep 600`);

const gotStuck = () =>
  vi.waitFor(() => expect(readFileSync(stuck, 'utf8')).toMatch(/\n/), { timeout: 60_000, interval: 10 });

/** Ends what was stuck: who started it may be gone. */
function letGo(): void {
  const pid = Number(readFileSync(stuck, 'utf8'));
  rmSync(stuck);
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

describe('an upstream that is gone', () => {
  it('before its first clone: a sentence, and nothing is left', async () => {
    project.vanish();
    await using server = await serve();
    const restored = await project.restore(server);
    expect(restored).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/has no repository team\/project/),
    });
    expect(project.leftovers).toEqual([]);
    expect(await snapshot(server)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^sluice: .*has no repository team\/project.*\n$/),
    });
    expect(readdirSync(join(team.dataDir, 'mirrors'), { recursive: true })).toEqual([]);
  });

  it('after there was a snapshot: that is served, and fetching fails with a sentence', async () => {
    project.commit({ noise: randomBytes(200_000) });
    await using server = await serve();
    expect(await snapshot(server)).toMatchObject({ code: 0 });
    project.vanish();
    expect(await project.sluice(server, 'mirror', 'fetch', project.url)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^sluice: .*has no repository team\/project.*\n$/),
    });
    expect(await project.restore(server)).toMatchObject({ code: 0, stderr: '' });
    expectRight();
  });
});

describe('a disk of the server that takes no more', () => {
  it.each([
    ['while the mirror is cloned', 1_000_000, 'no mirror'],
    // In the mirror it is one file below the limit; the archive has its content twice.
    ['while the archive is written', 200_000, 'a mirror'],
  ])('%s: a sentence that names it, and nothing is left or visible', async (_, bytes, kept) => {
    const noise = [1, 2, 3, 4].map((name) => [`${name}`, randomBytes(bytes).toString('hex')]);
    project.commit(Object.fromEntries(noise) as Record<string, string>);
    {
      // A disk that is full refuses to write; it kills nobody.
      const env = { PATH: instead('git', `trap '' XFSZ\nexec $real "$@"`) };
      await using server = await serve({ fileLimitBlocks: 2048, env });
      expect(await snapshot(server)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^sluice: .*the disk of the data folder .*\n$/),
      });
      expect(await visible(server)).toBe(404);
      const mirrored = filesIn(team.dataDir).some((path) => path.endsWith('mirror.git/HEAD'));
      expect(mirrored ? 'a mirror' : 'no mirror').toBe(kept);
      expect([...unfinished(), ...filesIn(join(team.folder, 'store'))]).toEqual([]);
    }
    await using server = await serve();
    expect(unfinished()).toEqual([]);
    expect(await visible(server)).toBe(404);
    expect(await project.restore(server)).toMatchObject({ code: 0 });
    expectRight();
  });
});

describe('a server that is killed', () => {
  it.each([
    [
      'while it clones the mirror',
      'git',
      'case " $* " in *" --bare "*) $real "$@";; *) exec $real "$@";; esac',
    ],
    [
      'while it clones the tree',
      'git',
      'case " $* " in *" --shared "*) $real "$@";; *) exec $real "$@";; esac',
    ],
    ['while tar writes', 'tar', '$real "$@" | head -c 500000'],
  ] as const)('%s: what it left is swept, and the snapshot is made', async (_, program, script) => {
    project.commit({ noise: randomBytes(900_000) });
    const killed = await serve({ env: { PATH: stuckIn(program, script) } });
    const follower = fetch(snapshotUrl(killed))
      .then((answer) => answer.arrayBuffer())
      .then(
        () => 'whole',
        () => 'broken off',
      );
    await gotStuck();
    await killed.kill();
    letGo();
    expect(await follower).toBe('broken off');
    const left = unfinished();
    expect(left).not.toEqual([]);

    await using server = await serve();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect(await visible(server)).toBe(404);
    expect(await project.restore(server)).toMatchObject({ code: 0 });
    expectRight();
    // What the snapshot grew in is removed when nobody follows it any more.
    await vi.waitFor(() => expect(unfinished()).toEqual([]), 15_000);
  });
});

describe('a bucket', () => {
  /** Whether a request brings bytes of the snapshot. */
  const isUpload = (line: string) =>
    line.startsWith('PUT ') && line.includes(`/${objectNameOf(`${project.url}.snapshot`)}?`);

  /** A server with a bucket behind a proxy, and what both need. */
  async function withBucket() {
    const { endpoint, bucket, accessKeyId, ...embedded } = await startEmbeddedServer();
    const proxy = await startFaultProxy(endpoint);
    const s3 = { s3Endpoint: proxy.endpoint, s3Region: 'us-east-1', s3PathStyle: true };
    return {
      proxy,
      start: () =>
        serve({
          flags: { store: `s3://${bucket}`, ...s3 },
          env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: 'unused' },
        }),
      [Symbol.asyncDispose]: async () => {
        await proxy[Symbol.asyncDispose]();
        await embedded[Symbol.asyncDispose]();
      },
    };
  }

  it('whose server is killed while it uploads: nothing is visible, and the next time it is made', async () => {
    project.commit({ noise: randomBytes(900_000) });
    await using store = await withBucket();
    store.proxy.spoil(isUpload, stalled, Number.POSITIVE_INFINITY);
    const killed = await store.start();
    const failing = snapshot(killed);
    await vi.waitFor(() => expect(store.proxy.requests.some(isUpload)).toBe(true), { timeout: 60_000 });
    await killed.kill();
    expect(await failing).toMatchObject({ code: 1 });
    const left = unfinished();
    expect(left).not.toEqual([]);
    store.proxy.heal();

    await using server = await store.start();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect(await snapshot(server)).toMatchObject({ code: 0 });
    expect(await project.restore(server)).toMatchObject({ code: 0, stderr: '' });
    expectRight();
  });

  it('that cannot be reached while a snapshot is made: a sentence, nothing is visible or left', async () => {
    project.commit({ noise: randomBytes(900_000) });
    await using store = await withBucket();
    let isGone = false;
    store.proxy.spoil((line) => (isGone ||= isUpload(line)), reset, Number.POSITIVE_INFINITY);
    await using server = await store.start();
    const failed = await snapshot(server);
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^sluice: .*: the store cannot be reached: try again when it can .*\n$/),
    });
    expect(failed.stderr).not.toMatch(/undefined|ECONN|\bat \//);
    expect(unfinished()).toEqual([]);
    store.proxy.heal();
    expect(await visible(server)).toBe(404);
    expect(await project.restore(server)).toMatchObject({ code: 0 });
    expectRight();
  });
});

/** Makes `rename` get stuck, before or after it is done, in a process that is started with these NODE_OPTIONS. */
function stuckRename(when: 'before' | 'after'): string {
  const rename = when === 'before' ? '' : 'await rename(...paths);';
  const code = `
    import { writeFileSync } from 'node:fs';
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const { rename } = fs;
    fs.rename = async (...paths) => {
      ${rename}
      writeFileSync(${JSON.stringify(stuck)}, process.pid + '\\n');
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    };
    syncBuiltinESMExports();`;
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

describe('a restore that is killed', () => {
  let server: ServerProcess;
  beforeEach(async () => {
    project.commit({ noise: randomBytes(900_000), file: 'text\n' });
    server = await serve();
  });
  afterEach(() => server[Symbol.asyncDispose]());

  async function killRestore(env: Readonly<Record<string, string>>): Promise<void> {
    const options = { env: { ...project.env, SLUICE_URL: server.url, ...env }, cwd: project.place };
    const child = startSluiceCommand(['restore', project.url, 'clone'], options);
    child.stdout.resume();
    child.stderr.resume();
    await gotStuck();
    child.kill('SIGKILL');
    await once(child, 'exit');
    letGo();
  }

  it.each([
    ['while tar extracts', () => ({ PATH: stuckIn('tar', 'head -c 500000 | $real "$@" 2>/dev/null') })],
    ['just before the rename', () => ({ NODE_OPTIONS: stuckRename('before') })],
  ])('%s leaves the target alone, and the next one cleans up', async (_, env) => {
    await killRestore(env());
    expect(project.leftovers).toEqual([expect.stringMatching(/^\.sluice-restore-/)]);
    expect(await project.restore(server)).toMatchObject({ code: 0, stderr: '' });
    expectRight();
  });

  it('just after the rename has left a whole clone, which the next one does not touch', async () => {
    await killRestore({ NODE_OPTIONS: stuckRename('after') });
    expect(project.look()).toEqual(project.plain());
    expect(await project.restore(server)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not empty'),
    });
    expect(project.look()).toEqual(project.plain());
    rmSync(join(project.place, 'clone'), { recursive: true });
    expect(await project.restore(server)).toMatchObject({ code: 0 });
    expectRight();
  });
});

describe('a snapshot that is replaced while it is restored', () => {
  it.each([
    ['does not exist', []],
    ['is an empty folder', ['clone']],
  ])('makes that fail, and a target that %s stays that', async (_, entries) => {
    project.commit({ noise: randomBytes(900_000) });
    await using server = await serve();
    expect(await snapshot(server)).toMatchObject({ code: 0 });
    for (const entry of entries) mkdirSync(join(project.place, entry));
    await using proxy = await startFaultProxy(server.url);
    let release: () => void = () => undefined;
    const replaced = new Promise<void>((resolve) => (release = resolve));
    const isRange = (line: string) => line.startsWith('GET ') && line.includes('snapshot.tar.zst');
    proxy.spoil(isRange, (...answer) => void replaced.then(() => honest(...answer)), 1);
    const restoring = project.restore({ url: proxy.endpoint }, 'clone', '--concurrency', '1');
    await vi.waitFor(() => expect(proxy.requests.some(isRange)).toBe(true), { timeout: 60_000 });
    project.commit({ more: randomBytes(1000) });
    expect(await snapshot(server)).toMatchObject({ code: 0 });
    release();
    expect(await restoring).toMatchObject({ code: 1, stderr: expect.stringMatching(/replaced|changed/) });
    expect(project.leftovers).toEqual(entries);
    for (const entry of entries) expect(readdirSync(join(project.place, entry))).toEqual([]);
    expect(await project.restore(server)).toMatchObject({ code: 0, stderr: '' });
    expectRight();
  });
});
