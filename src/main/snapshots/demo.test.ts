import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveTest } from '#main/client/test-server.ts';
import { demoSnapshotPath, publishDemo, type DemoOutcome } from './demo.ts';

const never = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Published {
  readonly outcome: DemoOutcome;
  readonly archives: readonly Buffer[];
  readonly commits: readonly unknown[];
  readonly url: string;
}

/** Publishes to a server that keeps what it gets; twice, when asked. */
async function publish(checkout: string, times = 1, signal = never, store = 'embedded'): Promise<Published> {
  const archives: Buffer[] = [];
  const commits: unknown[] = [];
  await using server = await serveTest(async (request, response) => {
    if (request.method === 'HEAD') {
      response.writeHead(archives.length > 0 ? 200 : 404).end();
      return;
    }
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    await once(request, 'end');
    archives.push(Buffer.concat(pieces));
    commits.push(request.headers['x-cachew-snapshot-commit']);
    response.writeHead(200).end();
  });
  const options = {
    serverUrl: server.url.origin,
    token: 'none is required',
    store,
    checkout,
    dataDir: join(folder, 'data'),
  };
  let outcome = await publishDemo(options, signal);
  for (let time = 1; time < times; time += 1) outcome = await publishDemo(options, signal);
  return { outcome, archives, commits, url: `${server.url.origin}${demoSnapshotPath}` };
}

function makeCheckout(name: string): { readonly checkout: string; readonly commit: string } {
  const checkout = join(folder, 'checkout');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
      cwd: checkout,
      encoding: 'utf8',
    });
  mkdirSync(checkout);
  writeFileSync(join(checkout, 'package.json'), JSON.stringify({ name }));
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'First');
  return { checkout, commit: git('rev-parse', 'HEAD').trim() };
}

/** What the archive restores to. */
function restore(archive: Buffer | undefined): string {
  const tree = join(folder, 'restored');
  mkdirSync(tree);
  writeFileSync(join(folder, 'archive'), archive ?? '');
  execFileSync('sh', ['-c', 'zstd -q -d -c ../archive | tar -x'], { cwd: tree });
  return tree;
}

describe('publishDemo', () => {
  it("publishes Sluice's own checkout and says how to fetch a range of it", async () => {
    const { checkout, commit } = makeCheckout('sluice');
    const { outcome, commits, url } = await publish(checkout);
    expect(outcome).toEqual({
      kind: 'published',
      url,
      curl: `curl -r 0-1023 -sS -D - -o /dev/null ${url}`,
    });
    expect(demoSnapshotPath).toBe('/git/demo.sluice.local/sluice/snapshot.tar.zst');
    expect(commits).toEqual([commit]);
  });

  it('publishes once', async () => {
    const { checkout } = makeCheckout('sluice');
    const { outcome, archives } = await publish(checkout, 2);
    expect(outcome.kind).toBe('present');
    expect(archives).toHaveLength(1);
  });

  it('makes a small repository, the same everywhere, where there is no checkout of Sluice', async () => {
    const { checkout, commit } = makeCheckout('another');
    const { outcome, archives, commits } = await publish(checkout);
    expect(outcome.kind).toBe('published');
    expect(commits).not.toContain(commit);
    const tree = restore(archives[0]);
    expect(readFileSync(join(tree, 'README.md'), 'utf8')).toMatch(/^# Demo/);
    const log = execFileSync('git', ['log', '--format=%H'], { cwd: tree, encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(log).toHaveLength(3);
    expect(log[0]).toBe(commits[0]);
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    expect((await publish(folder)).commits).toEqual(commits);
  });

  it('says in one sentence what is missing, and does not throw', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      const { outcome } = await publish(folder);
      expect(outcome).toEqual({
        kind: 'unavailable',
        reason: 'there is no demo snapshot: git is not installed, or not on PATH',
      });
    } finally {
      process.env['PATH'] = path;
    }
    expect((await publish(folder, 1, AbortSignal.abort())).outcome.kind).toBe('unavailable');
  });

  it('does not try to where the store is read-only, and says why', async () => {
    const { outcome, archives } = await publish(folder, 1, never, 'http://origin.example');
    expect(outcome).toEqual({
      kind: 'unavailable',
      reason: 'there is no demo snapshot: http://origin.example has none, and an HTTP origin is read-only',
    });
    expect(archives).toEqual([]);
  });
});
