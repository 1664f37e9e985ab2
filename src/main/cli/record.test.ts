/** `record` and `incident` as their users run them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { MiB } from '#shared/units.ts';
import { sluice } from './testing.ts';

let server: TestServer;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-record-'));
  server = await startTestServer({ recordMinutes: 15, recordBytes: 8 * MiB });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const run = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await sluice(args, { env: { SLUICE_URL: server.url, TZ: 'UTC' } });
  return { code, out: stdout.toString(), err: stderr };
};

describe('record and incident', () => {
  it('start, mark, stop, list and copy a recording, and put it into one file', async () => {
    expect((await run('record', 'start', '--name', 'Nightly')).out).toMatch(
      /^recording \d{8}T\d{6}Z-manual-[0-9a-f]{8}; "sluice record stop" ends it\n$/,
    );
    expect((await run('record', 'mark', 'a deploy')).out).toMatch(/^marked \d{4}-/);
    const file = join(folder, 'nightly.sluicerec');
    const stopped = await run('record', 'stop', '--output', file);
    expect(stopped.out).toMatch(/^saved .*Nightly\ncopied to .*nightly\.sluicerec\n$/);
    expect((await readFile(file)).toString('latin1', 0, 8)).toBe('SLUICREC');
    expect((await run('record', 'list')).out).toMatch(/^kept all the time: .*\n.*-manual-.*Nightly\n$/);

    const [, recording = ''] = /^saved (\S+)/.exec(stopped.out) ?? [];
    const bundle = join(folder, 'incident.tar.gz');
    const made = await run('incident', '--recording', recording, '--note', 'slow', '--output', bundle);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect((await readFile(bundle)).subarray(0, 2)).toEqual(Buffer.of(0x1f, 0x8b));
  }, 120_000);

  it('say what is wrong in one line, and write over nothing', async () => {
    expect(await run('record', 'stop')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/\(no recording goes on\)\n$/),
    });
    expect(await run('record', 'save', '--last', 'soon')).toEqual({
      code: 2,
      out: '',
      err: 'sluice: --last "soon": allowed is a time like 5m or 90s\n',
    });
    const taken = join(folder, 'taken');
    await writeFile(taken, 'mine');
    const refused = await run('incident', '--output', taken);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/allowed is a file that does not exist\n$/);
    expect(await readFile(taken, 'utf8')).toBe('mine');
  }, 120_000);
});
