import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerOwner } from '#shared/profile/ledger-owner.ts';
import { parseRecords } from '#shared/recording/records.ts';
import { encodeRecords, recordLine } from '#shared/recording/writer.ts';
import { KiB, MiB } from '#shared/units.ts';
import { nodeCodec } from './node-codec.ts';
import { maxRecordedOwners, OwnerRecords } from './owner-records.ts';

const base: LedgerOwner = {
  purpose: 'transfer',
  client: '10.1.4.7',
  object: 'platform/monorepo.tar.zst',
  tier: 'store',
  state: 'held',
  age: '< 10 s',
  bytes: 8 * MiB,
  count: 1,
};

function readingOf(owners: readonly LedgerOwner[]) {
  return { totalBytes: owners.reduce((sum, { bytes }) => sum + bytes, 0), owners };
}

/** How many records there are of each second, for as long as `ownersAt` is asked. */
function recordsOver(seconds: number, ownersAt: (second: number) => readonly LedgerOwner[]): number[] {
  let second = 0;
  const records = new OwnerRecords(() => readingOf(ownersAt(second)));
  const counts: number[] = [];
  for (; second < seconds; second += 1) {
    let count = 0;
    for (let tick = 0; tick < 5; tick += 1) count += records.due(second * 1000 + tick * 200).length;
    counts.push(count);
  }
  return counts;
}

describe('OwnerRecords', () => {
  it('tell of what stays the same every five seconds, for a whole day', () => {
    const day = 86_400;
    const counts = recordsOver(day, () => [base]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(day / 5);
  });

  it('tell once a second of what changes much, however much', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 5, maxLength: 40 }), (sizes) => {
        const counts = recordsOver(sizes.length, (second) => [
          { ...base, client: `10.0.0.${second % 2}`, bytes: (sizes[second] ?? 1) * MiB },
        ]);
        expect(counts).toEqual(sizes.map(() => 1));
      }),
    );
  });

  it('wait with what changes little, or only gets older', () => {
    const other = { ...base, client: '10.1.4.8', bytes: 128 * KiB };
    const counts = recordsOver(5, (second) => [
      { ...base, age: second < 2 ? '< 10 s' : '< 1 min' },
      ...(second % 2 === 0 ? [other] : []),
    ]);
    expect(counts).toEqual([1, 0, 0, 0, 0]);
  });

  it('tell at once where a file begins', () => {
    const records = new OwnerRecords(() => readingOf([base]));
    expect(records.due(1000)).toHaveLength(1);
    expect(records.due(2000)).toHaveLength(0);
    records.beginAgain();
    expect(records.due(2100)).toEqual([
      { kind: 'owners', at: 2100, ledger: { at: 2100, totalBytes: base.bytes, owners: [base] } },
    ]);
  });

  it('take a few KiB a block when there are as many owners as there may be, and come back as they were', async () => {
    const owners = Array.from({ length: maxRecordedOwners + 1 }, (_, at) => ({
      ...base,
      client: `10.1.${at % 7}.${at}`,
      object: `namespace-${at % 13}/object-${at * 7919}.tar.zst`,
      bytes: (at + 1) * 65_536,
      count: at + 1,
    }));
    const records = new OwnerRecords(() => readingOf(owners));
    const told = records.due(5000);
    const lines = told.map(recordLine);
    const block = await encodeRecords({ lines, firstAt: 5000, lastAt: 5000, hasEvents: false }, nodeCodec);
    expect(block.length).toBeLessThan(4 * KiB);
    expect(parseRecords(lines.join(''))).toEqual({ records: told, unreadable: 0 });
  });
});
