import { expect, it } from 'vitest';
import { type Filter, parseFilter } from '#shared/filter/filter.ts';
import type { RequestRow } from '#shared/request-model.ts';
import { RequestStore } from '../../../state/request-store.ts';
import { blame } from './blame.ts';
import { countsOf, suggest } from './suggestions.ts';

function storeOf(rows: readonly Partial<RequestRow>[]): RequestStore {
  const store = new RequestStore({ rows: 100, stringBytes: 100_000 });
  const base = {
    at: 0,
    method: 'GET',
    target: 'team/project',
    status: 206,
    sentBytes: 5,
    durationMs: 1,
    client: '10.0.0.1',
    complete: true,
  };
  store.append(
    rows.map((row, seq) => ({ seq, ...base, ...row })),
    0,
  );
  return store;
}

function filterOf(text: string): Filter {
  const parsed = parseFilter(text);
  if (parsed.kind === 'error') throw new Error(parsed.errors[0]?.message);
  return parsed.filter;
}

const store = storeOf([
  { tier: 'disk' },
  { tier: 'disk', status: 416 },
  { tier: 'memory' },
  { client: '10.0.0.2' },
]);

it.each([
  ['tier:disk status:418', 'status:418', 2],
  ['status:418', 'status:418', 4],
  ['-tier:disk status:416', 'status:416', 2],
])('what removes everything in %s is %s: without it there are %d', (text, term, without) => {
  const found = blame(store, filterOf(text), 0);
  expect([found?.term.text, found?.without]).toEqual([term, without]);
});

it('no term alone is to blame when two remove each row', () => {
  expect(blame(store, filterOf('status:418 client:10.9.*'), 0)).toBeUndefined();
});

it('values that occur are suggested, the most frequent first, with how many requests have them', () => {
  const list = suggest(store, 'client:', 7);
  expect(list.map(({ label }) => label)).toEqual(['10.0.0.1', '10.0.0.2']);
  expect(countsOf(store, list, 0)).toEqual([3, 1]);
  const tiers = suggest(store, 'tier:di', 7);
  expect(countsOf(store, tiers, 0)).toEqual([2]);
});
