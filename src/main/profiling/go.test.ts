/** What is counted and written here, beside what `go tool pprof` counts and reads. */
import { Session } from 'node:inspector/promises';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Profile as Written, StringTable } from 'pprof-format';
import { afterAll, describe, expect, it } from 'vitest';
import { compare } from '#shared/profile/compare.ts';
import { labelsOf } from '#shared/profile/labels.ts';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { ledgerAsProfile, ledgerProfile } from '#shared/profile/ledger-profile.ts';
import { toPprof } from '#shared/profile/pprof-writer.ts';
import type { Profile } from '#shared/profile/profile.ts';
import { readProfile } from '#shared/profile/read.ts';
import { sandwich } from '#shared/profile/sandwich.ts';
import { top } from '#shared/profile/top.ts';
import { goToolPprof, topRows } from './go.fixture.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const incident = fixture('incident.pb.gz');
const folder = mkdtempSync(join(tmpdir(), 'sluice-pprof-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everything = ['-nodefraction=0', '-edgefraction=0', '-nodecount=100000'];

async function read(bytes: Uint8Array, name: string): Promise<Profile> {
  const opened = await readProfile(bytes, name);
  if (opened.kind !== 'profile') throw new Error(`${name} is no profile`);
  return opened.profile;
}

function written(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** The table of `-top` on a file, every row of it. */
async function goTop(file: string, type: string, ...flags: readonly string[]) {
  return topRows(await goTopText(file, type, ...flags));
}

async function goTopText(file: string, type: string, ...flags: readonly string[]): Promise<string> {
  const unit = type === 'cpu' ? ['-unit=ns'] : type.endsWith('space') ? ['-unit=bytes'] : [];
  return goToolPprof('-top', ...everything, ...unit, `-sample_index=${type}`, ...flags, file);
}

/** Ours, as a map like that. */
function ourTop(profile: Profile, type: string): ReturnType<typeof topRows> {
  const index = profile.sampleTypes.findIndex((each) => each.type === type);
  return new Map(top(profile, index).rows.map(({ name, flat, cum }) => [name, [flat, cum] as const]));
}

describe('go tool pprof', () => {
  it('prints of a heap profile of Go the numbers that are counted here, for all four types', async () => {
    const profile = await read(readFileSync(incident), incident);
    expect(profile.sampleTypes).toHaveLength(4);
    for (const { type } of profile.sampleTypes) {
      const theirs = await goTop(incident, type);
      expect(theirs.size).toBeGreaterThan(5);
      expect(ourTop(profile, type)).toEqual(theirs);
    }
  });

  it.each(['labelled.pb.gz', 'unnamed.pb.gz', 'named-later.pb.gz', 'window.pb.gz'])(
    'prints the same numbers of %s, in the same order',
    async (name) => {
      const profile = await read(readFileSync(fixture(name)), name);
      for (const { type } of profile.sampleTypes) {
        const theirs = await goTop(fixture(name), type);
        const ours = ourTop(profile, type);
        expect(ours).toEqual(theirs);
        const flats = (of: typeof theirs) => [...of.values()].map(([flat]) => flat);
        expect(flats(ours)).toEqual(flats(theirs));
      }
    },
  );

  it('calls what has no name as it is called here, and the file says so', async () => {
    const profile = await read(readFileSync(fixture('unnamed.pb.gz')), 'unnamed.pb.gz');
    expect([...ourTop(profile, 'inuse_space').keys()]).toEqual(['<unknown>']);
    expect(profile.hasUnnamed).toBe(true);
    expect(profile.functions.map(({ name }) => name)).not.toContain('');
  });

  it.each(['-base', '-diff_base'])(
    'writes with %s what has values below 0: rows, order and shares are the same',
    async (flag) => {
      const file = join(folder, `difference${flag}.pb.gz`);
      await goToolPprof('-proto', `-output=${file}`, `${flag}=${incident}`, fixture('window.pb.gz'));
      const profile = await read(readFileSync(file), file);
      for (const [index, { type }] of profile.sampleTypes.entries()) {
        const text = await goTopText(file, type);
        const theirs = topRows(text);
        const { rows, whole } = top(profile, index);
        expect(new Map(rows.map(({ name, flat, cum }) => [name, [flat, cum]]))).toEqual(theirs);
        expect(rows.map(({ flat }) => flat)).toEqual([...theirs.values()].map(([flat]) => flat));
        expect(rows.some(({ flat }) => flat < 0)).toBe(true);
        expect(whole).toBe(Number(/ of (\d+)\w* total/.exec(text)?.[1]));
      }
    },
  );

  it('has the same names for what has none', async () => {
    const strings = new StringTable();
    const id = (text: string): number => strings.dedup(text);
    const lines = (...functionIds: readonly number[]) =>
      functionIds.map((functionId) => ({ functionId, line: 1 }));
    const file = written(
      'no-names.pb',
      new Written({
        stringTable: strings,
        sampleType: [{ type: id('inuse_space'), unit: id('bytes') }],
        mapping: [
          { id: 1, filename: id('/usr/lib/libstripped.so.1'), memoryStart: 4096, memoryLimit: 8192 },
          { id: 2, memoryStart: 8192, memoryLimit: 16_384 },
        ],
        function: [
          { id: 1, name: id('main') },
          { id: 2, filename: id('a.c') },
          { id: 3, systemName: id('linked') },
        ],
        location: [
          { id: 1, line: lines(1) },
          { id: 2, mappingId: 1, address: 4200 },
          { id: 3, mappingId: 1, address: 4300 },
          { id: 4, mappingId: 2, address: 8200 },
          { id: 5, mappingId: 1, address: 4400, line: lines(2, 1) },
          { id: 6, mappingId: 2, address: 8300, line: lines(3) },
          { id: 7, address: 1 },
        ],
        sample: [2, 3, 4, 5, 6, 7].map((leaf, index) => ({ locationId: [leaf, 1], value: [10 ** index] })),
      }).encode(),
    );
    // With its own way of finding names: it gives what only the linker named its name.
    const theirs = await goTop(file, 'inuse_space', '-symbolize=local');
    expect([...theirs.keys()].toSorted()).toEqual(['<unknown>', '[libstripped.so.1]', 'linked', 'main']);
    expect(ourTop(await read(readFileSync(file), file), 'inuse_space')).toEqual(theirs);
  });

  it('has the same callers and callees', async () => {
    const profile = await read(readFileSync(incident), incident);
    for (const name of ['main.index', 'main.headers', 'strings.Repeat']) {
      const pattern = `^${name.replaceAll('.', String.raw`\.`)}$`;
      const text = await goToolPprof(
        '-peek',
        pattern,
        ...everything,
        '-unit=bytes',
        '-sample_index=inuse_space',
        incident,
      );
      const lines = text.split('\n');
      const self = lines.findIndex((line) => line.endsWith(`| ${name}`));
      const around = (part: readonly string[]) =>
        part.flatMap((line) => {
          const match = /^\s+(\d+)B\s+[\d.]+%\s\|\s+(.+?)(?: \(inline\))?$/.exec(line);
          return match ? [{ name: match[2] ?? '', value: Number(match[1]) }] : [];
        });
      const found = sandwich(profile, 3, name);
      const plain = (rows: readonly { readonly name: string; readonly value: number }[] = []) =>
        rows.map(({ name, value }) => ({ name, value }));
      expect(plain(found?.callers)).toEqual(around(lines.slice(0, self)));
      expect(plain(found?.callees)).toEqual(around(lines.slice(self)));
      expect((found?.callers ?? []).length).toBeGreaterThan(0);
    }
  });

  it('has the same differences between two profiles', async () => {
    const before = await read(readFileSync(incident), incident);
    // Every other sample has grown by half, and one function is gone.
    const values = before.values.map((value, at) =>
      Math.floor(at / 4) % 2 === 0 ? value + Math.floor(value / 2) : value,
    );
    const after = { ...before, values };
    const file = written('after.pb', toPprof(after));
    const theirs = await goTop(file, 'inuse_space', `-diff_base=${incident}`);
    const { rows } = compare({ profile: before }, { profile: after }, { type: 'inuse_space', unit: 'bytes' });
    const ours = rows
      .filter(({ deltaFlat, deltaCum }) => deltaFlat !== 0 || deltaCum !== 0)
      .map(({ name, deltaFlat, deltaCum }) => [name, [deltaFlat, deltaCum]] as const);
    expect(theirs.size).toBeGreaterThan(2);
    expect(new Map(ours)).toEqual(theirs);
  });

  it('writes a difference into a file, whose numbers and whole are the same here', async () => {
    const before = await read(readFileSync(incident), incident);
    const after = {
      ...before,
      values: before.values.map((value, at) => (at % 8 < 4 ? value * 2 : value / 2)),
    };
    const difference = join(folder, 'difference.pb');
    const base = `-diff_base=${incident}`;
    await goToolPprof('-proto', `-output=${difference}`, base, written('changed.pb', toPprof(after)));
    const profile = await read(readFileSync(difference), difference);
    for (const [index, { type }] of profile.sampleTypes.entries()) {
      const theirs = await goTop(difference, type);
      expect([...theirs.values()].some(([flat]) => flat < 0)).toBe(true);
      expect(ourTop(profile, type)).toEqual(theirs);
      expect(top(profile, index).whole).toBe(top(before, index).total);
    }
    // Without a base, what is below zero counts by its size.
    const bare = await read(Buffer.from('main;grown 5000\nmain;shrunk 3000\n'), 'bare.folded');
    bare.values[1] = -3000;
    expect(top(bare, 0).whole).toBe(8000);
    expect(await goToolPprof('-top', written('bare.pb', toPprof(bare)))).toContain(' of 8000 total');
  });

  it('reads what is written here: a profile of V8, as pprof', async () => {
    const session = new Session();
    session.connect();
    await session.post('HeapProfiler.startSampling', { samplingInterval: 1024 });
    const held = Array.from({ length: 10_000 }, (_, index) => ({ index }));
    const { profile: file } = await session.post('HeapProfiler.stopSampling');
    session.disconnect();
    expect(held).toHaveLength(10_000);
    const profile = await read(Buffer.from(JSON.stringify(file)), 'now.heapprofile');
    // Names that Go takes for templates of C++ would be printed without their arguments.
    const functions = profile.functions.map(({ file: path }, index) => ({
      name: `function_${index}`,
      file: path,
    }));
    const plain = { ...profile, functions };
    expect(ourTop(plain, 'inuse_space')).toEqual(
      await goTop(written('v8.pb', toPprof(plain)), 'inuse_space'),
    );
  });

  it('reads the ledger, with its labels', async () => {
    const owner = (client: string, state: 'held' | 'cached', bytes: number): LedgerOwner => ({
      purpose: state === 'held' ? 'transfer' : 'cache',
      client,
      object: 'git/repo-a.tar.zst',
      tier: 'store',
      state,
      age: '< 10 s',
      bytes,
      count: bytes / 1024,
    });
    const owners = [
      owner('10.1.4.7', 'held', 86 * 1024),
      owner('10.1.4.8', 'held', 10 * 1024),
      owner('', 'cached', 4 * 1024),
    ];
    const file = written('ledger.pb', ledgerProfile(owners, Date.now()));
    const rows = await goTop(file, 'inuse_space');
    expect(rows.get('held')).toEqual([96 * 1024, 96 * 1024]);
    expect(rows.get('sluice')).toEqual([0, 100 * 1024]);
    expect(await goTop(file, 'inuse_objects')).toEqual(ourTop(ledgerAsProfile(owners, 0), 'inuse_objects'));
    const tags = await goToolPprof('-tags', '-unit=bytes', '-sample_index=inuse_space', file);
    const clients = labelsOf(ledgerAsProfile(owners, 0), 1).find(({ key }) => key === 'client');
    for (const { value, total } of clients?.values ?? [])
      expect(tags).toMatch(
        new RegExp(`${total}(?:\\.0)?B \\([ \\d.]+%\\): ${value.replaceAll('.', String.raw`\.`)}`),
      );
    expect(tags).toContain('git/repo-a.tar.zst');
  });
});
