/** `record` and `incident` as their users run them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileURLToPath } from 'node:url';
import { Tokens } from '#main/access/tokens.ts';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { RecordingList } from '#shared/recording/model.ts';
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

  it('put profiles from elsewhere into the file, and say what is in it, with a token where one is needed', async () => {
    const data = join(folder, 'closed');
    await mkdir(data);
    const { token } = await new Tokens(data).add('operator');
    await using closed = await startTestServer({ requireToken: true, dataDir: data, recordMinutes: 15 });
    const env = { SLUICE_URL: closed.url, SLUICE_TOKEN: token };
    const refused = await sluice(['incident'], { env: { SLUICE_URL: closed.url } });
    expect(refused.code).not.toBe(0);
    expect((await sluice(['record', 'start'], { env })).code).toBe(0);
    await sluice(['record', 'mark', 'here'], { env });
    const stopped = await sluice(['record', 'stop'], { env });
    const [, recording = ''] = /^saved (\S+)/.exec(stopped.stdout.toString()) ?? [];

    const fixture = fileURLToPath(new URL('../profiling/fixtures/incident.pb.gz', import.meta.url));
    const stacks = join(folder, 'stacks.folded');
    await writeFile(stacks, 'main;grow 9\nmain;rest 1\n');
    const output = join(folder, 'with-profiles.tar.gz');
    const told = await sluice(
      ['incident', '--recording', recording, '--profile', fixture, stacks, '--output', output],
      { env },
    );
    expect(told).toMatchObject({ code: 0, stderr: '' });
    const lines = told.stdout.toString();
    expect(lines).toMatch(
      /profiles\/attached-incident\.pb\.gz {2}\(\*S3\)\.parallelGet\S* holds \d+ % of inuse_space/,
    );
    expect(lines).toMatch(/profiles\/attached-stacks\.folded {2}grow /);
    expect(lines).toContain('profiles/ledger.pb.gz');
    expect(lines).toContain('  summary.html\n');

    const damaged = join(folder, 'damaged.pb.gz');
    await writeFile(damaged, (await readFile(fixture)).subarray(0, 200));
    for (const [file, sentence] of [
      [damaged, 'damaged.pb.gz begins as gzip does, but is not whole'],
      [join(folder, 'none'), 'cannot be read'],
      [folder, 'is no file'],
    ] as const) {
      const bad = await sluice(['incident', '--profile', file], { env });
      expect(bad.code).toBe(2);
      expect(bad.stderr).toContain(sentence);
    }
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

  it('have the server do nothing for a file that cannot be written', async () => {
    const known = async () => {
      const { recordings, state } = JSON.parse((await run('record', 'list', '--json')).out) as RecordingList;
      return [recordings.map(({ id }) => id), state.manual?.id];
    };
    expect((await run('record', 'start')).code).toBe(0);
    const before = await known();
    const nowhere = join(folder, 'missing', 'file');
    const taken = join(folder, 'taken-before');
    await writeFile(taken, 'mine');
    for (const output of [nowhere, taken])
      for (const command of [['record', 'save'], ['record', 'stop'], ['incident']]) {
        const { code, out, err } = await run(...command, '--output', output);
        expect({ code, out }).toEqual({ code: 2, out: '' });
        expect(err).toMatch(/^sluice: --output .* allowed is a file that does not exist\n$/);
      }
    expect(await known()).toEqual(before);
    expect((await run('record', 'stop')).code).toBe(0);
  }, 120_000);
});
