/** `mirror` and `snapshot URL` as their users run them, against a server whose repositories do what the test says. */
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { ScriptedRepositories } from '#main/server/repositories.fixture.ts';
import type { Job } from '#shared/repository-model.ts';
import { sluice, startSluiceCommand } from './testing.ts';

const url = 'https://github.com/owner/repository';

let server: TestServer;
let repositories: ScriptedRepositories;

beforeAll(async () => {
  repositories = new ScriptedRepositories();
  server = await startTestServer({}, undefined, repositories);
});

afterAll(() => server[Symbol.asyncDispose]());

beforeEach(() => {
  repositories.calls.length = 0;
});

const env = () => ({ SLUICE_URL: server.url });
const run = (...args: readonly string[]) => sluice(args, { env: env() });

/** Ends the job that is started next. */
function endNext(end: Partial<Job>): void {
  const id = repositories.jobs.size + 1;
  const timer = setInterval(() => {
    const job = repositories.jobs.get(id);
    if (!job) return;
    clearInterval(timer);
    repositories.set({ ...job, endedAt: 2, ...end });
  }, 10);
}

describe('mirror', () => {
  it('add, fetch and remove do what they say and report it', async () => {
    for (const [command, kind] of [
      ['add', 'clone'],
      ['fetch', 'fetch'],
    ] as const) {
      endNext({ state: 'done', outcome: `${kind}: 12 objects` });
      const { code, stdout, stderr } = await run('mirror', command, url);
      expect([code, stdout.toString(), stderr]).toEqual([0, `${url}: ${kind}: 12 objects\n`, '']);
    }
    const { code, stdout, stderr } = await run('mirror', 'remove', `${url}.git`);
    expect([code, stdout.toString(), stderr]).toEqual([0, `removed ${url}\n`, '']);
    expect(repositories.calls).toEqual(
      ['clone', 'fetch', 'remove'].map((kind) => `${kind} github.com/owner/repository`),
    );
  });

  it('a job that fails is exit code 1 and one line, which says where its log is', async () => {
    endNext({ state: 'failed', outcome: 'the upstream does not answer\u001B[2J\nsecond line' });
    const { code, stdout, stderr } = await run('mirror', 'fetch', url);
    const log = `${server.url}/api/v1/jobs/${repositories.jobs.size}/log`;
    const why = 'the upstream does not answer [2J second line';
    expect([code, stdout.toString()]).toEqual([1, '']);
    expect(stderr).toBe(`sluice: ${url}: ${why} (its log: ${log})\n`);
  });

  it('what the server does not allow is exit code 1, with the remedy', async () => {
    const { code, stderr } = await run('mirror', 'add', 'https://github.com/other/one');
    expect(code).toBe(1);
    expect(stderr).toContain('allow it with --repository https://github.com/other/one');
  });

  it('Ctrl-C ends the waiting and says that the job goes on', async () => {
    const id = repositories.jobs.size + 1;
    const child = startSluiceCommand(['mirror', 'fetch', url], { env: env() });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const closed = once(child, 'close');
    using looks = vi.spyOn(repositories, 'job');
    await expect.poll(() => looks.mock.calls, { timeout: 30_000 }).toContainEqual([id]);
    child.kill('SIGINT');
    expect(await closed).toEqual([1, null]);
    expect(stderr).toBe(`sluice: interrupted; job ${id} goes on: see "sluice mirror list"\n`);
    expect(repositories.jobs.get(id)?.state).toBe('queued');
    repositories.cancel(id);
  });

  it('list shows a table, and with --json everything', async () => {
    const table = await run('mirror', 'list');
    expect(table.stdout.toString()).toBe('no mirrors yet; allowed are https://github.com/owner/*\n');
    const json = await run('mirror', 'list', '--json');
    expect([json.code, JSON.parse(json.stdout.toString())]).toEqual([0, repositories.listed]);
  });

  it('says in its help which exit codes there are', async () => {
    const helps = await Promise.all([run('mirror', 'add', '--help'), run('mirror', 'list', '--help')]);
    for (const { code, stdout } of helps) {
      expect(code).toBe(0);
      expect(stdout.toString()).toContain('Exit codes: 0 done; 1 failed');
    }
  });
});

describe('snapshot URL', () => {
  it('has the server make it, and says where it is', async () => {
    endNext({ state: 'done', outcome: 'published 3 MiB' });
    const { code, stdout, stderr } = await run('snapshot', url);
    const href = `${server.url}/git/github.com/owner/repository/snapshot.tar.zst`;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.toString()).toMatch(new RegExp(`^published 3 MiB\n${href}\n`));
    expect(repositories.calls).toEqual(['snapshot github.com/owner/repository']);
  });

  it('that is cancelled is exit code 1', async () => {
    endNext({ state: 'cancelled' });
    const { code, stderr } = await run('snapshot', url);
    expect([code, stderr.startsWith(`sluice: ${url}: the job was cancelled (`)]).toEqual([1, true]);
  });
});
