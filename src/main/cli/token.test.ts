/** Tokens from the command line: made at a first start, added and removed beside a running server. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sluice, startSluiceCommand } from './testing.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-token-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Listening {
  readonly url: string;
  readonly console: string;
  readonly tokens?: Readonly<Record<'operator' | 'viewer', string>>;
}

async function serve(...flags: readonly string[]) {
  const data = ['--port', '0', '--no-demo', '--data-dir', join(folder, 'data')];
  const child = startSluiceCommand(['serve', '--json', ...data, ...flags]);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    listening: JSON.parse(line) as Listening,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

const token = (...args: readonly string[]) =>
  sluice(['token', ...args], { env: { SLUICE_DATA_DIR: join(folder, 'data') } });

describe('sluice token', { timeout: 60_000 }, () => {
  it('The first tokens are told once, and what is kept cannot be used to sign in.', async () => {
    let first: Listening;
    {
      await using server = await serve('--require-token');
      first = server.listening;
      expect(first.tokens?.operator).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console\/#t=slu_[\w-]{43}$/);
      expect(first.tokens?.viewer).toMatch(/#t=slu_[\w-]{43}$/);
    }
    await using again = await serve('--require-token');
    expect(again.listening.tokens).toBeUndefined();
    const file = join(folder, 'data/access.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const kept = readFileSync(file, 'utf8');
    for (const link of Object.values(first.tokens ?? {})) expect(kept).not.toContain(link.split('slu_')[1]);
    expect((await token('list')).stdout.toString()).toMatch(/operator .*\n.*viewer /);
  });

  it('A token that is added counts at once, and one that is removed no more.', async () => {
    await using server = await serve('--require-token');
    const { url } = server.listening;
    const added = JSON.parse(
      (await token('add', '--role', 'operator', '--name', 'ci', '--json')).stdout.toString(),
    );
    const list = (env: Readonly<Record<string, string>>, ...flags: readonly string[]) =>
      sluice(['mirror', 'list', '--server', url, ...flags], { env });
    const without = await list({});
    expect(without.code).toBe(1);
    expect(without.stderr).toMatch(/answers 401 \(this server wants a token: .*SLUICE_TOKEN/);
    expect((await list({ SLUICE_TOKEN: added.token })).code).toBe(0);
    const file = join(folder, 'token');
    writeFileSync(file, `${added.token}\n`);
    expect((await list({}, '--token-file', file)).code).toBe(0);
    expect((await token('remove', added.id)).stdout.toString()).toBe(`removed ${added.id}\n`);
    expect((await list({ SLUICE_TOKEN: added.token })).code).toBe(1);
    expect((await token('remove', added.id)).code).toBe(1);
    expect((await list({ SLUICE_TOKEN: 'secret of somebody else' })).stderr).not.toContain('secret');
  });

  it('A server that others can reach does not start with tokens turned off.', async () => {
    const { code, stderr } = await sluice(['serve', '--host', '0.0.0.0', '--port', '0'], {
      env: { SLUICE_REQUIRE_TOKEN: 'false', HOME: folder },
    });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'sluice: SLUICE_REQUIRE_TOKEN "false": allowed is true while the server listens on "0.0.0.0", which other machines reach\n',
    );
  });
});
