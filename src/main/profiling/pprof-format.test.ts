/** The same format in other hands: what the library of Datadog's Node client writes is read, and it reads ours. */
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { Profile as Theirs, StringTable } from 'pprof-format';
import { describe, expect, it } from 'vitest';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { ledgerAsProfile } from '#shared/profile/ledger-profile.ts';
import { toPprof } from '#shared/profile/pprof-writer.ts';
import { sampleCount } from '#shared/profile/profile.ts';
import { readProfile } from '#shared/profile/read.ts';

interface Written {
  /** Leaf first; of each location its lines, innermost first. */
  readonly stack: readonly (readonly string[])[];
  readonly values: readonly [number, number, number, number];
  readonly labels: Readonly<Record<string, string>>;
  readonly bytesLabel: number;
}

const types = ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space'] as const;

/** As that library writes it: its own table of strings, a location of its own for each place on a stack. */
function writtenByThem(samples: readonly Written[]): Uint8Array {
  const strings = new StringTable();
  const id = (text: string): number => strings.dedup(text);
  const names = [...new Set(samples.flatMap(({ stack }) => stack.flat()))];
  const places = samples.flatMap(({ stack }) => stack);
  const first = samples.map((_, index) => samples.slice(0, index).flatMap(({ stack }) => stack).length);
  const profile = new Theirs({
    stringTable: strings,
    sampleType: types.map((type) => ({
      type: id(type),
      unit: id(type.endsWith('space') ? 'bytes' : 'count'),
    })),
    defaultSampleType: id('inuse_space'),
    function: names.map((name, index) => ({ id: index + 1, name: id(name), filename: id(`${name}.go`) })),
    location: places.map((lines, index) => ({
      id: index + 1,
      line: lines.map((name) => ({ functionId: names.indexOf(name) + 1, line: 7 })),
    })),
    sample: samples.map(({ stack, values, labels, bytesLabel }, index) => ({
      locationId: stack.map((_, depth) => (first[index] ?? 0) + depth + 1),
      value: [...values],
      label: [
        ...Object.entries(labels).map(([key, value]) => ({ key: id(key), str: id(value) })),
        { key: id('bytes'), num: bytesLabel, numUnit: id('bytes') },
      ],
    })),
    timeNanos: 1_790_000_000_000_000_000n,
    periodType: { type: id('space'), unit: id('bytes') },
    period: 524_288,
  });
  return profile.encode();
}

const word = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const amount = fc.nat({ max: 2 ** 50 });
const samples = fc.array(
  fc.record({
    stack: fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
    values: fc.tuple(amount, amount, amount, amount),
    labels: fc.dictionary(fc.constantFrom('client', 'object', 'tier'), word),
    bytesLabel: fc.integer({ min: 1, max: 1e9 }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('pprof-format', () => {
  it('writes what is read here to the last frame, value and label, gzipped or not', async () => {
    await fc.assert(
      fc.asyncProperty(samples, fc.boolean(), async (written, isGzipped) => {
        const bytes = writtenByThem(written);
        const opened = await readProfile(isGzipped ? gzipSync(bytes) : bytes, 'theirs.pb.gz');
        if (opened.kind !== 'profile') throw new Error('not a profile');
        const { profile } = opened;
        expect(profile.sampleTypes.map(({ type }) => type)).toEqual([...types]);
        expect(profile.sampleTypes[profile.defaultType]?.type).toBe('inuse_space');
        expect(profile).toMatchObject({ at: 1_790_000_000_000, period: { value: 524_288 } });
        const read = written.map((_, sample) => ({
          stack: Array.from(
            profile.frames.subarray(profile.starts[sample], profile.starts[sample + 1]),
            (index) => profile.functions[index]?.name,
          ),
          values: Array.from(profile.values.subarray(sample * 4, sample * 4 + 4)),
          labels: profile.labels?.[sample],
        }));
        expect(read).toEqual(
          written.map(({ stack, values, labels, bytesLabel }) => ({
            stack: stack.flat(),
            values,
            labels: new Map([...Object.entries(labels), ['bytes', expect.stringContaining(`${bytesLabel}`)]]),
          })),
        );
      }),
    );
  });

  it('reads the ledger as it is exported: every owner with its bytes, its count and its labels', () => {
    const owner = (client: string, bytes: number): LedgerOwner => ({
      purpose: 'transfer',
      client,
      object: 'acme/app/snapshot.tar.zst',
      tier: 'store',
      state: 'held',
      age: '< 10 s',
      bytes,
      count: bytes / 1024,
    });
    const owners = [owner('10.1.4.7', 308 * 1024 * 1024), owner('10.1.4.8', 1024)];
    const ours = ledgerAsProfile(owners, 1_790_000_000_000);
    const { sample, sampleType, stringTable, timeNanos } = Theirs.decode(toPprof(ours));
    const text = (index: number | bigint): string | undefined => stringTable.strings[Number(index)];
    expect(sampleType.map(({ type, unit }) => [text(type), text(unit)])).toEqual([
      ['inuse_objects', 'count'],
      ['inuse_space', 'bytes'],
    ]);
    expect(sample).toHaveLength(sampleCount(ours));
    expect(Number(timeNanos)).toBe(1.79e18);
    const told = sample.map(({ value, label }) => [
      value.map(Number),
      Object.fromEntries(label.map(({ key, str }) => [text(key), text(str)])),
    ]);
    expect(told).toEqual(
      owners.map(({ client, object, tier, state, bytes, count }) => [
        [count, bytes],
        expect.objectContaining({ client, object, tier, state }),
      ]),
    );
  });
});
