import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Tokens } from '#main/access/tokens.ts';
import { startTestServer } from '#main/app.fixture.ts';
import { saveAnswer } from './save-answer.ts';

describe('an export that is saved', () => {
  it('is the whole answer, in place of what was in the file', async () => {
    await using server = await startTestServer();
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'requests.ndjson');
    await writeFile(file, 'before');
    await fetch(new URL('/api/v1/object/a/missing', server.url));
    // Its row comes a moment after its answer.
    await expect.poll(() => server.requests.total).toBe(1);
    await saveAnswer(new URL('/api/v1/requests.ndjson?q=status:404', server.url), file);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { status: number }).status)).toEqual([404]);
    expect(await readdir(folder.path)).toEqual(['requests.ndjson']);
  });

  it('shows the token of this process where one is wanted', async () => {
    await using folder = await temporaryFolder();
    const { token } = await new Tokens(folder.path).add('operator');
    await using server = await startTestServer({ requireToken: true, dataDir: folder.path });
    const url = new URL('/api/v1/requests.ndjson?q=', server.url);
    const file = join(folder.path, 'requests.ndjson');
    await expect(saveAnswer(url, file)).rejects.toThrow(/token/);
    await saveAnswer(url, file, token);
    expect(await readdir(folder.path)).toContain('requests.ndjson');
  });

  it('is not begun when the server refuses, which is said in its own words', async () => {
    await using server = await startTestServer();
    await using folder = await temporaryFolder();
    const saved = saveAnswer(
      new URL('/api/v1/requests.har?q=nonsense:1', server.url),
      join(folder.path, 'requests.har'),
    );
    await expect(saved).rejects.toThrow(/nonsense/);
    expect(await readdir(folder.path)).toEqual([]);
  });
});

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'sluice-export-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
