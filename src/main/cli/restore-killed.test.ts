/** `restore` that is killed or interrupted, in each of its phases. */
import { execFileSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { restoreFrom, serveSnapshot, upstream, Workshop } from '#main/client/restore.fixture.ts';
import { serveRange, serveTest, type Handler, type TestServer } from '#main/client/test-server.ts';
import { startSluiceCommand } from './testing.ts';

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

/** A git that gets stuck in one of its commands. */
function stuckGit(verb: string): string {
  const folder = join(shop.folder, `bin-${verb}`);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\nfor word; do [ "$word" = ${verb} ] && exec sleep 600; done\nexec ${real} "$@"\n`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return `${folder}:${shop.env['PATH']}`;
}

/** Stops answering in the middle of the snapshot. */
const stuckSnapshot: Handler = (request, response) => {
  if (request.headers.range !== 'bytes=131072-196607') return serveRange(archive, '"v1"')(request, response);
};

const never: Handler = () => undefined;

interface Stuck {
  readonly phase: string;
  readonly serve: () => Promise<TestServer>;
  readonly path?: () => string;
  readonly flags?: readonly string[];
}

const stuck: readonly Stuck[] = [
  { phase: 'asking', serve: () => serveAll(never), flags: ['--ref', 'main'] },
  {
    phase: 'downloading',
    serve: () => serveTest(stuckSnapshot),
  },
  { phase: 'checking', serve: () => serveAll(), path: () => stuckGit('diff-index') },
  { phase: 'bundle', serve: () => serveAll(never) },
  {
    phase: 'refs',
    serve: () => serveAll(),
    path: () => stuckGit('cat-file'),
    flags: ['--commit', '1'.repeat(40)],
  },
];

/** Starts a restore and resolves when it is stuck in its phase. */
async function startStuck({ phase, path, flags = [] }: Stuck, server: TestServer): Promise<ChildProcess> {
  const env = { ...environment(server), ...(path && { PATH: path() }) };
  const child = startSluiceCommand(command('--json', ...flags), { env, cwd: shop.place });
  child.stderr.resume();
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { readonly event: string; readonly phase?: string };
    const isReached = event.event === (phase === 'downloading' ? 'progress' : 'phase');
    if (isReached && event.phase === phase) break;
  }
  child.stdout.resume();
  return child;
}

const processesIn = (folder: string) =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });

describe('a restore that is killed', () => {
  it.each(stuck)('while $phase is cleaned up after by the next one', async (where) => {
    await using server = await where.serve();
    const child = await startStuck(where, server);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(shop.leftovers).toEqual([expect.stringMatching(/^\.sluice-restore-/)]);
    await using healthy = await serveAll();
    await restoreFrom(healthy, shop);
    expect(shop.git(shop.target, 'status', '--porcelain')).toBe('');
    expect(shop.git(shop.target, 'rev-parse', 'HEAD')).toBe(newest);
    expect(shop.leftovers).toEqual(['clone']);
  });
});

describe('a restore that is interrupted', () => {
  it.each(stuck)('while $phase ends with 130 and leaves nothing', async (where) => {
    await using server = await where.serve();
    const child = await startStuck(where, server);
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(130);
    expect(shop.leftovers).toEqual([]);
    expect(existsSync(shop.target)).toBe(false);
    await vi.waitFor(() => expect(processesIn(shop.place)).toEqual([]), 15_000);
  });
});

describe('two restores of one target', () => {
  it('do not disturb each other, and the second to finish fails', async () => {
    let release: () => void = never as () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const slow: Handler = async (request, response) => {
      await released;
      await serveRange(bundle, '"b1"')(request, response);
    };
    await using server = await serveAll(slow);
    const first = await startStuck({ phase: 'bundle', serve: () => serveAll() }, server);
    await using healthy = await serveAll();
    await restoreFrom(healthy, shop);
    release();
    const [code] = (await once(first, 'exit')) as [number | null];
    expect(code).toBe(2);
    expect(shop.leftovers).toEqual(['clone']);
    expect(shop.git(shop.target, 'rev-parse', 'HEAD')).toBe(newest);
  });
});
