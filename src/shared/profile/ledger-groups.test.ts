import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';
import { ledgerStates } from '#shared/vocabulary/live.ts';
import { groupings, groupOwners, ownersWith, partsOf, sumOf } from './ledger-groups.ts';
import { ledgerAges, type LedgerOwner, ledgerPurposes, severalClients } from './ledger-owner.ts';
import { mainHolder, ownersSentence } from './ledger-sentence.ts';

const base: LedgerOwner = {
  purpose: 'transfer',
  client: '10.1.4.7',
  object: 'platform/monorepo.tar.zst',
  tier: 'store',
  state: 'held',
  age: '< 1 min',
  bytes: 8 * MiB,
  count: 1,
};
const spare: LedgerOwner = {
  ...base,
  purpose: 'spare',
  client: '',
  object: '',
  tier: 'none',
  state: 'spare',
  age: 'older',
};
const cache: LedgerOwner = { ...base, purpose: 'cache', client: '', state: 'cached' };

const owners = fc.array(
  fc.record({
    purpose: fc.constantFrom(...ledgerPurposes),
    client: fc.constantFrom('', '10.1.4.7', '10.1.4.8', severalClients),
    object: fc.constantFrom('', 'a/b.tar.zst', 'c'),
    tier: fc.constantFrom('store', 'disk', 'none'),
    state: fc.constantFrom(...ledgerStates, '' as const),
    age: fc.constantFrom(...ledgerAges),
    bytes: fc.nat(512 * MiB),
    count: fc.nat(100),
  }),
  { maxLength: 40 },
);

describe('groupOwners', () => {
  it('puts each owner into one group, whose bytes and buffers are those of its owners and of its parts', () => {
    fc.assert(
      fc.property(owners, fc.constantFrom(...groupings), (all, by) => {
        const groups = groupOwners(all, by);
        expect(groups.flatMap((group) => group.owners)).toHaveLength(all.length);
        expect(sumOf(groups, 'bytes')).toBe(sumOf(all, 'bytes'));
        expect(sumOf(groups, 'count')).toBe(sumOf(all, 'count'));
        expect(new Set(groups.map(({ key }) => key)).size).toBe(groups.length);
        for (const group of groups) {
          expect(group.bytes).toBe(sumOf(group.owners, 'bytes'));
          expect(group.parts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(group.bytes);
        }
      }),
    );
  });

  it('has those with a name first, the most bytes first, and what is spare last', () => {
    const groups = groupOwners(
      [{ ...spare, bytes: 99 * MiB }, cache, { ...base, client: '10.1.4.8', bytes: 9 * MiB }, base],
      'client',
    );
    expect(groups.map(({ name }) => name)).toEqual(['10.1.4.8', '10.1.4.7', 'the memory cache', 'spare']);
  });

  it('has ages from the youngest, however large they are', () => {
    const sizes = new Map(ledgerAges.map((age, at) => [age, (9 - at) * MiB]));
    const all = [...sizes].map(([age, bytes]) => Object.assign({}, base, { age, bytes }));
    expect(groupOwners([spare, ...all.toReversed()], 'age').map(({ key }) => key)).toEqual([
      ...ledgerAges,
      '(spare)',
    ]);
  });

  it('has a part for every state of the ledger', () => {
    const parts = partsOf(ledgerStates.map((state) => ({ ...base, state })));
    expect(parts.map(({ state }) => state).toSorted()).toEqual([...ledgerStates].toSorted());
  });
});

describe('ownersWith', () => {
  it.each([
    ['10.1.4', [base]],
    ['  MonoRepo ', [base, cache]],
    ['memory cache', [cache]],
    ['spare', [spare]],
    ['', [base, cache, spare]],
    ['held', []],
  ])('has for “%s” those with it in a name, or in what stands in place of one', (text, expected) => {
    expect(ownersWith([base, cache, spare], text)).toEqual(expected);
  });

  it('takes from each grouping only what does not match: the sums of both sides are the whole', () => {
    fc.assert(
      fc.property(
        owners,
        fc.constantFrom(...groupings),
        fc.constantFrom('10.1', 'b.tar', 'c', ''),
        (all, by, text) => {
          const matching = ownersWith(all, text);
          const others = all.filter((owner) => !matching.includes(owner));
          const [shown, hidden] = [matching, others].map((part) => sumOf(groupOwners(part, by), 'bytes'));
          expect((shown ?? 0) + (hidden ?? 0)).toBe(sumOf(all, 'bytes'));
          expect(ownersWith(all, ' ')).toEqual(all);
        },
      ),
    );
  });
});

describe('the sentence', () => {
  const said = (all: readonly LedgerOwner[], lanes: Parameters<typeof ownersSentence>[1] = []): string =>
    ownersSentence({ owners: [...all], totalBytes: sumOf(all, 'bytes') }, lanes);

  it('names the client, its share, what it holds and since when, and how fast it reads', () => {
    const lane = { client: '10.1.4.7', outBytesPerSecond: 200 * 1024 };
    const other = { ...base, client: '10.1.4.8', bytes: 2 * MiB };
    expect(said([{ ...base, bytes: 14 * MiB }, other], [lane, lane, { ...lane, client: '10.1.4.8' }])).toBe(
      '10.1.4.7 holds 88 % of the ledger, 14 MiB of platform/monorepo.tar.zst, most of it held for more than 10 s while it reads 400 KiB/s.',
    );
    expect(said([base], [{ client: '10.1.4.7', outBytesPerSecond: 0 }])).toContain('while it reads nothing.');
  });

  it('says nothing of a state or an object that has no majority, nor of an age that has none', () => {
    const halves = [base, { ...base, object: 'other', state: 'draining' as const }];
    expect(said(halves)).toBe('10.1.4.7 holds 100 % of the ledger, 16 MiB.');
    expect(said(halves, [{ client: '10.1.4.7', outBytesPerSecond: 0 }])).toBe(
      '10.1.4.7 holds 100 % of the ledger, 16 MiB, and it reads nothing.',
    );
    expect(said([{ ...base, age: '< 1 s' }])).toMatch(/most of it held\.$/);
  });

  it('tells of the cache when that has more than any client, and of clients that share', () => {
    expect(
      said([
        { ...base, client: severalClients },
        { ...cache, bytes: 24 * MiB },
      ]),
    ).toBe(
      'Several clients share 25 % of the ledger, 8 MiB of platform/monorepo.tar.zst, most of it held for more than 10 s. ' +
        'The memory cache has 75 % of the ledger, 24 MiB, and gives it up when somebody needs it.',
    );
    expect(said([cache])).toMatch(/^The memory cache has 100 % of the ledger/);
    expect(said([{ ...cache, purpose: 'upload', state: 'upload' }])).toBe(
      'Uploads have 100 % of the ledger, 8 MiB.',
    );
  });

  it('says when nobody holds anything', () => {
    expect(said([])).toMatch(/^Nobody holds anything: no memory/);
    expect(said([spare])).toBe(
      'Nobody holds anything: the ledger’s 8 MiB are spare, and wait to be used again.',
    );
    expect(mainHolder([spare, cache])).toBeUndefined();
  });
});
