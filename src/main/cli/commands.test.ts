/** The commands as their users run them, against a server that `serve` started. */
import { execFileSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sluice, startSluiceCommand } from './testing.ts';

let folder: string;
let server: ChildProcessWithoutNullStreams;
let url: string;

const settings = () => [
  '--port',
  '0',
  '--data-dir',
  join(folder, 'data'),
  '--store',
  `file://${folder}/store`,
];

/** The JSON lines of a server, one at a time. */
async function nextEvent(lines: AsyncIterator<string>): Promise<Record<string, unknown>> {
  const { value } = (await lines.next()) as IteratorResult<string, string>;
  return JSON.parse(value) as Record<string, unknown>;
}

async function serve(...flags: readonly string[]) {
  const child = startSluiceCommand(['serve', '--json', ...settings(), ...flags]);
  // Several lines may come at once: those that nobody waits for yet are kept.
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const listening = await nextEvent(lines);
  return { child, lines, listening };
}

const client = (...args: readonly string[]) => sluice(args, { env: { SLUICE_URL: url }, cwd: folder });
const content = randomBytes(3_000_000);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-commands-'));
  writeFileSync(join(folder, 'content'), content);
  const { child, listening } = await serve('--no-demo');
  server = child;
  url = String(listening['url']);
});

afterAll(async () => {
  server.kill('SIGKILL');
  await once(server, 'close');
  rmSync(folder, { recursive: true, force: true });
});

describe('objects', () => {
  it('are put, described, fetched and deleted', async () => {
    const put = await client(
      'put',
      'builds',
      'app',
      'content',
      '--ttl',
      '1h',
      '--header',
      'Content-Type: x/y',
    );
    expect(put).toMatchObject({ code: 0, stderr: '' });
    expect(put.stdout.toString()).toMatch(/^stored builds\/app: 3000000 bytes, ETag "[^"]+"\n$/);

    const stat = await client('stat', 'builds', 'app');
    expect(stat.stdout.toString()).toMatch(/^content-type: x\/y$/m);
    expect(stat.stdout.toString()).toMatch(/^content-length: 3000000$/m);

    const toOutput = await client('get', 'builds', 'app');
    expect(toOutput).toMatchObject({ code: 0, stderr: '' });
    expect(toOutput.stdout.equals(content)).toBe(true);

    const toFile = await client('get', 'builds', 'app', 'fetched');
    expect(toFile.stdout.toString()).toMatch(/^fetched: 2.86 MiB in /);
    expect(readFileSync(join(folder, 'fetched')).equals(content)).toBe(true);

    expect((await client('delete', 'builds', 'app')).stdout.toString()).toBe('deleted builds/app\n');
    const gone = await client('get', 'builds', 'app', 'fetched');
    expect(gone).toMatchObject({ code: 1, stderr: `sluice: nothing is stored under builds/app on ${url}\n` });
    expect(readFileSync(join(folder, 'fetched')).equals(content)).toBe(true);
  });

  it('come from standard input too', async () => {
    const options = { env: { SLUICE_URL: url }, input: 'hello' };
    expect(await sluice(['put', 'notes', 'a b/c?', '-'], options)).toMatchObject({ code: 0 });
    expect((await client('get', 'notes', 'a b/c?', '-')).stdout.toString()).toBe('hello');
  });
});

describe('snapshot and download', () => {
  it('carry a repository to where it is restored', async () => {
    const repository = join(folder, 'repository');
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
        cwd: repository,
        encoding: 'utf8',
      });
    mkdirSync(repository);
    git('init', '--quiet');
    writeFileSync(join(repository, 'file'), randomBytes(500_000));
    git('add', '--all');
    git('commit', '--quiet', '--message', 'First');
    const commit = git('rev-parse', 'HEAD').trim();

    const published = await client('snapshot', 'repository', '--as', 'https://git.example/team/project');
    const snapshot = `${url}/git/git.example/team/project/snapshot.tar.zst`;
    expect(published).toMatchObject({ code: 0, stderr: '' });
    expect(published.stdout.toString()).toMatch(new RegExp(`^published commit ${commit}: .*\n${snapshot}\n`));
    expect(published.stdout.toString()).toContain(`curl -r 0-1023 -sS -D - -o /dev/null ${snapshot}\n`);

    const downloaded = await client('download', snapshot, '-o', 'snapshot.tar.zst', '--chunk-size', '64KiB');
    expect(downloaded).toMatchObject({ code: 0, stderr: '' });
    expect(downloaded.stdout.toString()).toMatch(
      new RegExp(`^snapshot.tar.zst: .*, \\d requests\ncommit ${commit}\n$`),
    );
    mkdirSync(join(folder, 'restored'));
    execFileSync('sh', ['-c', 'zstd -q -d -c ../snapshot.tar.zst | tar -x'], {
      cwd: join(folder, 'restored'),
    });
    const restored = (...args: readonly string[]) =>
      execFileSync('git', args, { cwd: join(folder, 'restored'), encoding: 'utf8' }).trim();
    expect(restored('status', '--porcelain')).toBe('');
    expect(restored('rev-parse', 'HEAD')).toBe(commit);
    expect(restored('remote', 'get-url', 'origin')).toBe('https://git.example/team/project');
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

describe('serve', () => {
  it('announces itself first, then the demo, and stops on SIGTERM with exit code 0', async () => {
    const { child, lines, listening } = await serve();
    expect(listening).toEqual({
      event: 'listening',
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      console: `${String(listening['url'])}/console/`,
    });
    const snapshot = `${String(listening['url'])}/git/demo.sluice.local/sluice/snapshot.tar.zst`;
    expect(await nextEvent(lines)).toEqual({
      event: 'demo',
      state: 'published',
      url: snapshot,
      curl: `curl -r 0-1023 -sS -D - -o /dev/null ${snapshot}`,
    });
    const answer = await fetch(snapshot, { headers: { range: 'bytes=0-1023' } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('x-cachew-snapshot-commit')).toMatch(/^[0-9a-f]{40}$/);
    expect((await answer.arrayBuffer()).byteLength).toBe(1024);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    expect(await nextEvent(lines)).toEqual({ event: 'stopping' });
    expect(await closed).toEqual([0, null]);
  }, 120_000);

  it('says in words where it listens, without --json', async () => {
    const child = startSluiceCommand(['serve', '--no-demo', ...settings()]);
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    expect(line).toMatch(/^Sluice \d+\.\d+\.\d+ listens on http:\/\/127\.0\.0\.1:\d+$/);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('says that a port is in use: exit code 1 and one line', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const { code, stderr, stdout } = await sluice(['serve', ...settings(), '--port', String(port)]);
    holder.close();
    expect(stderr).toBe(
      `sluice: port ${port} on 127.0.0.1 is in use: choose another with --port, or 0 for a free one\n`,
    );
    expect(stdout.toString()).toBe('');
    expect(code).toBe(1);
  });
});

describe('doctor', () => {
  it('finds this machine in order', async () => {
    const { code, stdout } = await client('doctor', ...settings());
    const lines = stdout.toString().split('\n');
    for (const subject of ['sluice', 'node', 'git', 'tar', 'zstd', 'data', 'store', 'memory']) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ok +${subject} `)));
    }
    expect(code).toBe(0);
  });

  it('says what is broken and how to mend it: exit code 1', async () => {
    const { code, stdout, stderr } = await client(
      'doctor',
      ...settings(),
      '--memory-budget',
      '64GiB',
      '--data-dir',
      '/dev/null/x',
    );
    expect(stdout.toString()).toMatch(
      /^fail {2}memory {4}budget 64 GiB of .*\n {16}.*lower it: --memory-budget \d+/m,
    );
    expect(stdout.toString()).toContain('/dev/null/x cannot be written (not a directory)');
    expect(stderr).toMatch(/^sluice: \d of \d+ checks failed\n$/);
    expect(code).toBe(1);
  });
});
