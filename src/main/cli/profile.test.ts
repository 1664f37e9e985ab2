/** The profile command as its users run it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { readProfile } from '#shared/profile/read.ts';
import { sluice } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-profile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const incident = fileURLToPath(new URL('../profiling/fixtures/incident.pb.gz', import.meta.url));

describe('sluice profile', { timeout: 60_000 }, () => {
  it('has a profile and the ledger taken by a server, and keeps nothing there', async () => {
    await using server = await startTestServer();
    for (const [kind, format] of [
      ['heap', 'heapprofile'],
      ['cpu', 'cpuprofile'],
      ['ledger', 'pprof'],
    ] as const) {
      const file = join(folder, kind);
      const flags = kind === 'ledger' ? [] : ['--seconds', '1'];
      const taken = await sluice(['profile', kind, '-o', file, '--server', server.url, ...flags]);
      expect(taken).toMatchObject({ code: 0, stderr: '' });
      expect(await readProfile(readFileSync(file), file)).toMatchObject({ profile: { format } });
    }
    expect(await (await server.get('/api/v1/profiles')).json()).toEqual({ captures: [] });
  });

  it('shows who holds the most, and what has changed', async () => {
    const shown = await sluice(['profile', 'top', incident, '--limit', '3']);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout.toString().split('\n')).toEqual([
      '(*S3).parallelGet.func1 holds 86 % of inuse_space, 64 MiB',
      '   FLAT             CUM         FUNCTION',
      ' 64 MiB   86 %   64 MiB   86 %  main.(*S3).parallelGet.func1',
      ' 10 MiB   13 %   10 MiB   13 %  main.frame',
      '162 KiB  < 1 %  162 KiB  < 1 %  internal/bytealg.MakeNoZero',
      '… 8 more; --limit has them',
      '',
    ]);
    const same = await sluice(['profile', 'diff', incident, incident, '--type', 'alloc_space']);
    expect(same.stdout.toString()).toMatch(/^alloc_space: (\S+ \S+) before, \1 after, 0 B\n.*\n$/);
  });

  it('refuses in one line what it cannot read', async () => {
    const other = join(folder, 'none.pb.gz');
    expect(await sluice(['profile', 'top', other])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^sluice: FILE .* cannot be read .*\n$/) as string,
    });
    expect(await sluice(['profile', 'top', incident, '--type', 'wall'])).toMatchObject({
      code: 2,
      stderr: 'sluice: --type "wall": allowed is alloc_objects, alloc_space, inuse_objects, inuse_space\n',
    });
    expect(await sluice(['profile', 'heap'])).toMatchObject({ code: 2 });
  });
});
