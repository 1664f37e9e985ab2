/** The examples of docs/library.md are run as they stand there. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSnapshot, snapshotPath, upstream, Workshop } from '#main/client/restore.fixture.ts';

const documentation = readFileSync(new URL('../../docs/library.md', import.meta.url), 'utf8');
const library = new URL('library.ts', import.meta.url).href;
let shop: Workshop;

beforeAll(() => {
  shop = new Workshop();
});
afterAll(() => shop[Symbol.dispose]());

async function run(example: string, url: URL, ...args: readonly string[]) {
  const [, code = ''] =
    new RegExp(`^\`\`\`js example=${example}\n(.*?)^\`\`\``, 'ms').exec(documentation) ?? [];
  const file = join(shop.folder, `${example}.mjs`);
  writeFileSync(file, code.replace("'sluice'", JSON.stringify(library)));
  const env = { ...shop.env, SLUICE_URL: url.href };
  // Into one pipe: of two, nobody can tell what came first.
  const command = ['-c', 'exec "$0" "$@" 2>&1', process.execPath, file, ...args];
  const child = spawn('sh', command, { env, cwd: shop.place });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, lines: output.trim().split('\n') };
}

describe('docs/library.md', () => {
  it('shows how to restore', async () => {
    const commit = shop.commit({ noise: randomBytes(200_000) });
    const { bytes } = await shop.archive();
    await using server = await serveSnapshot({ archive: bytes });
    expect(await run('restore', server.url, upstream, 'clone')).toEqual({
      exitCode: 0,
      lines: [
        'now asking',
        expect.stringContaining('answers 404'),
        ...['downloading', 'checking', 'refs', 'placing'].map((phase) => `now ${phase}`),
        `at ${commit} on main`,
      ],
    });
    expect(shop.git(shop.target, 'status', '--porcelain')).toBe('');
    const again = await run('restore', server.url, upstream, 'clone');
    expect(again).toEqual({ exitCode: 1, lines: [expect.stringMatching(/^INVALID_INPUT: .* is not empty/)] });
  });

  it('shows how to download', async () => {
    const content = randomBytes(100_000);
    await using server = await serveSnapshot({ archive: content });
    const { exitCode, lines } = await run(
      'download',
      server.url,
      new URL(snapshotPath, server.url).href,
      'file',
    );
    expect({ exitCode, lines }).toEqual({ exitCode: 0, lines: ['100000 bytes, ETag "v1"'] });
    expect(readFileSync(join(shop.place, 'file')).equals(content)).toBe(true);
  });
});
