/** `restore` as its users run it: what it says, and its exit codes. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { serveSnapshot, upstream, Workshop } from '#main/client/restore.fixture.ts';
import { serveRange, type Handler, type TestServer } from '#main/client/test-server.ts';
import { sluice } from './testing.ts';

const bundlePath = '/git/git.example/team/project/snapshot.bundle';
let shop: Workshop;
let archive: Buffer;
let commit: string;
let newest: string;
let bundle: Buffer;
let headers: Readonly<Record<string, string>>;

beforeAll(async () => {
  shop = new Workshop();
  shop.commit({ noise: randomBytes(900_000), 'README.md': 'hello\n' });
  ({ bytes: archive, commit } = await shop.archive());
  newest = shop.commit({ 'README.md': 'hello again\n' });
  bundle = shop.bundle(commit);
  headers = { 'x-cachew-snapshot-commit': commit, 'x-cachew-bundle-url': `${bundlePath}?base=${commit}` };
});
afterEach(() => shop.clear());
afterAll(() => shop[Symbol.dispose]());

const serveAll = (others: Handler = serveRange(bundle, '"b1"')) =>
  serveSnapshot({ archive, headers, others });

const environment = (server: TestServer) => ({ ...shop.env, SLUICE_URL: server.url.href });
const command = (...flags: readonly string[]) => [
  'restore',
  upstream,
  'clone',
  '--chunk-size',
  '64KiB',
  ...flags,
];
const run = (server: TestServer, ...flags: readonly string[]) =>
  sluice(command(...flags), { env: environment(server), cwd: shop.place });

describe('restore', () => {
  it('says what it restored', async () => {
    await using server = await serveAll();
    const { code, stdout, stderr } = await run(server);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.toString().split('\n');
    expect(lines[0]).toMatch(
      /^restored https:\/\/git\.example\/team\/project to clone: .* in .*s \(.*\/s\)$/,
    );
    expect(lines.slice(1)).toEqual([
      `commit ${newest} (branch main)`,
      expect.stringMatching(new RegExp(`^\\d+ B on top of the snapshot's commit ${commit}$`)),
      '',
    ]);
    expect(shop.git(shop.target, 'status', '--porcelain')).toBe('');
  });

  it('tells everything in JSON lines with --json', async () => {
    await using server = await serveAll((_, response) => void response.writeHead(404).end());
    const { code, stdout } = await run(server, '--json');
    expect(code).toBe(0);
    const events = stdout
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.filter(({ event }) => event === 'phase').map(({ phase }) => phase)).toEqual([
      'downloading',
      'checking',
      'bundle',
      'placing',
    ]);
    expect(events.find(({ event }) => event === 'progress')).toMatchObject({
      phase: 'downloading',
      totalBytes: archive.length,
      doneBytes: expect.any(Number),
      bytesPerSecond: expect.any(Number),
    });
    expect(events.find(({ event }) => event === 'warning')).toMatchObject({
      message: expect.stringContaining('knows no way'),
    });
    expect(events.at(-1)).toMatchObject({ event: 'restored', commit, branch: 'main', directory: 'clone' });
  });

  it('stays at the commit of the snapshot with --no-bundle', async () => {
    await using server = await serveAll();
    const { code, stdout } = await run(server, '--no-bundle');
    expect(code).toBe(0);
    expect(stdout.toString()).toContain(`commit ${commit} (branch main)\n`);
  });

  it('ends with 1 when it failed', async () => {
    await using server = await serveAll((_, response) => void response.end('no bundle'));
    const { code, stderr } = await run(server);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^sluice: .*, with --no-bundle\n$/),
    });
    expect(shop.leftovers).toEqual([]);
  });

  it.each([
    [['--ref', 'a..b'], '--ref "a..b": allowed is a branch or a full ref name, with =SHA'],
    [['--commit', 'HEAD'], '--commit "HEAD": allowed is a whole commit id'],
  ])('ends with 2 for bad input: %j', async (flags, what) => {
    await using server = await serveAll();
    expect(await run(server, ...flags)).toMatchObject({ code: 2, stderr: expect.stringContaining(what) });
    expect(server.requests).toEqual([]);
  });

  it('ends with 2 when the target is in use, and leaves it alone', async () => {
    await using server = await serveAll();
    mkdirSync(shop.target);
    writeFileSync(join(shop.target, 'mine'), 'precious');
    expect(await run(server)).toMatchObject({
      code: 2,
      stderr:
        'sluice: DIRECTORY "clone" is not empty: allowed is a folder that is empty or does not exist yet\n',
    });
    expect(readFileSync(join(shop.target, 'mine'), 'utf8')).toBe('precious');
  });

  it('ends with 3 when there is no snapshot, and with 4 when refs are missing', async () => {
    await using server = await serveAll();
    const other = ['restore', 'https://git.example/not/there', 'clone'];
    const nothing = await serveSnapshot({ archive });
    expect(await sluice(other, { env: environment(nothing), cwd: shop.place })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^sluice: there is no snapshot of https:\/\/git\.example\/not\/there: /),
    });
    await nothing[Symbol.asyncDispose]();
    const missing = await run(server, '--json', '--ref', 'gone', '--commit', '1'.repeat(40));
    expect(missing).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`missing, at origin too: refs/heads/gone, ${'1'.repeat(40)}`),
    });
    expect(JSON.parse(missing.stdout.toString().trim().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'failed',
      code: 'NOT_FOUND',
    });
    expect(shop.leftovers).toEqual([]);
  });

  it('fails when the disk takes no more, and leaves nothing', async () => {
    await using server = await serveAll();
    const limited = ['-c', 'ulimit -f 512; exec "$0" "$@"', process.execPath, entry, ...command()];
    const outcome = await sluiceIn(limited, server);
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/^sluice: .*(tar|extracted)/) });
    expect(shop.leftovers).toEqual([]);
  });
});

const entry = new URL('../cli.ts', import.meta.url).pathname;

/** Runs a shell: only it can set limits. */
async function sluiceIn(args: readonly string[], server: TestServer) {
  const child = spawn('sh', args, { env: environment(server), cwd: shop.place });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}
