/** `requests` as its users run it. */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { sluice, startSluiceCommand } from './testing.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  const path = await server.put('first', 'hello');
  for (const [headers, name] of [
    [{}, 'first'],
    [{ range: 'bytes=1-2' }, 'first'],
    [{ range: 'bytes=9-' }, 'first'],
    [{}, 'missing'],
  ] as const)
    await (await server.get(path.replace('first', name), headers)).arrayBuffer();
  // The last row may come a moment after its answer.
  const known = async () => (await server.get('/api/v1/requests?q=missing')).text();
  await vi.waitUntil(async () => (await known()).includes('"status":404'), { timeout: 30_000 });
});

afterAll(() => server[Symbol.asyncDispose]());

const run = (...args: readonly string[]) =>
  sluice(['requests', ...args], { env: { SLUICE_URL: server.url, TZ: 'UTC' } });

describe('requests', () => {
  it('are a table, oldest first, of those that pass', async () => {
    const { code, stdout, stderr } = await run('object=test/first', 'method:GET');
    expect([code, stderr]).toEqual([0, '']);
    const [titles = '', ...rows] = stdout.toString().trimEnd().split('\n');
    expect(titles.trim().split(/ +/).join(' ')).toBe(
      'TIME METHOD STATUS SENT ASKED TTFB TOOK HELD TIER CLIENT END RANGE OBJECT',
    );
    expect(rows.map((row) => row.slice(titles.indexOf('STATUS'), titles.indexOf('STATUS') + 3))).toEqual([
      '200',
      '206',
      '416',
    ]);
    expect(rows.map((row) => row.slice(titles.indexOf('RANGE')).split(/ +/))).toEqual([
      ['-', 'test/first'],
      ['1-2', 'test/first'],
      ['9-', 'test/first'],
    ]);
    expect(rows[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}GET /);
  });

  it('may be excluded by a term that begins with a minus, and are so many at most', async () => {
    const { stdout } = await run('first', 'method:GET', '-status:206', '-(status:200 or status:404)');
    expect(stdout.toString().split('\n')).toHaveLength(3);
    const newest = await run('-status:404', 'method:GET', 'first', '--limit', '1');
    expect(newest.stdout.toString()).toMatch(/\n.* 416 .*\n$/);
  });

  it('none is said in words', async () => {
    const { code, stdout } = await run('status:999');
    expect([code, stdout.toString()]).toEqual([0, 'no request passes this filter\n']);
  });

  it('come as lines of JSON, and as HAR', async () => {
    const lines = await run('--json', 'object=test/first', 'method:GET');
    const rows = lines.stdout
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly status: number }).status);
    expect(rows).toEqual([200, 206, 416]);
    const har = await run('--har', '--limit', '2', 'object=test/first', 'method:GET');
    const { log } = JSON.parse(har.stdout.toString()) as {
      readonly log: { readonly entries: readonly { readonly response: { readonly status: number } }[] };
    };
    expect(log.entries.map(({ response }) => response.status)).toEqual([206, 416]);
  });

  it('are followed until Ctrl-C, which is no failure', async () => {
    const env = { SLUICE_URL: server.url };
    const child = startSluiceCommand(['requests', '--follow', 'object:followed', 'method:GET'], { env });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const closed = once(child, 'close');
    await expect.poll(() => stdout, { timeout: 30_000 }).toContain('OBJECT');
    await server.put('followed', 'hello');
    await (await server.get('/api/v1/object/test/followed')).text();
    await expect.poll(() => stdout, { timeout: 30_000 }).toMatch(/GET .* test\/followed\n/);
    child.kill('SIGINT');
    expect(await closed).toEqual([0, null]);
    expect(stdout.match(/test\/followed/g)).toHaveLength(1);
  });

  it('what is wrong with a filter is underlined, and exit code 2', async () => {
    const { code, stdout, stderr } = await run('status:20x', 'tire:disk');
    expect([code, stdout.toString()]).toEqual([2, '']);
    expect(stderr.split('\n')).toEqual([
      '  status:20x tire:disk',
      '         ^^^ ^^^^',
      '         ^ "20x" is not a status such as 206 or 4xx',
      '             ^ there is no key tire; did you mean tier?',
      'sluice: FILTER: "20x" is not a status such as 206 or 4xx',
      '',
    ]);
    const one = await run('tier:l2');
    expect(one.stderr).toBe(
      '  tier:l2\n       ^^\nsluice: FILTER: "l2" is none of memory, disk, store, s3, none\n',
    );
  });

  it('an option that there is not is refused', async () => {
    const { code, stderr } = await run('--folow');
    expect([code, stderr]).toEqual([
      2,
      'sluice: --folow is not an option of "sluice requests": allowed are --follow, --json, --har, --limit, --server, --help\n',
    ]);
  });

  it('of a server that does not answer are one line with the remedy', async () => {
    const { code, stderr } = await sluice(['requests', '--server', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(stderr).toContain('start one with "sluice serve"');
  });

  it('the help teaches the language', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const key of ['status:', 'object:', 'if-range:', 'ttfb>', 'at:-5m..-1m', '--follow'])
      expect(stdout.toString()).toContain(key);
  });
});
