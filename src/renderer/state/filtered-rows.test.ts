import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRow } from '#shared/request-model.ts';
import { allRows, FilteredRows, type RowList } from './filtered-rows.ts';
import { RequestStore } from './request-store.ts';

function request(seq: number, more: Partial<RequestRow> = {}): RequestRow {
  return {
    seq,
    at: seq * 10,
    method: 'GET',
    target: `/objects/${seq % 7}`,
    status: seq % 3 === 0 ? 416 : 206,
    sentBytes: seq,
    durationMs: 5,
    client: '10.0.0.1',
    complete: true,
    ...more,
  };
}

const numbersIn = (list: RowList): readonly number[] =>
  Array.from({ length: list.size }, (_, index) => list.at(index));

const never = (): boolean => false;
const always = (): boolean => true;
const isBad = ({ status }: { readonly status: number }): boolean => status === 416;

function storeWith(count: number, rows = 1000): RequestStore {
  const store = new RequestStore({ rows, stringBytes: 1_000_000 });
  store.append(
    Array.from({ length: count }, (_, seq) => request(seq)),
    0,
  );
  return store;
}

describe('all rows', () => {
  it('are those that are kept, up to where a pause has put the end', () => {
    const store = storeWith(30, 20);
    const list = allRows(store, 25);
    expect([list.size, list.at(0), list.at(14)]).toEqual([15, 10, 24]);
    expect([list.indexOf(3), list.indexOf(12), list.indexOf(99)]).toEqual([0, 2, 15]);
  });
});

describe('filtered rows', () => {
  it('are found from the newest back, a slice at a time', () => {
    const store = storeWith(300);
    const rows = new FilteredRows(store, isBad, undefined);
    expect(rows.advance(0, always)).toBe(false);
    const some = numbersIn(rows);
    expect(some.length).toBeGreaterThan(0);
    expect(Math.min(...some)).toBeGreaterThan(200);
    while (!rows.advance(0, always));
    expect(numbersIn(rows)).toEqual(Array.from({ length: 100 }, (_, index) => index * 3));
    expect(rows.isDone).toBe(true);
  });

  it('grow at both ends, and lose what leaves the store', () => {
    const store = storeWith(10, 12);
    const rows = new FilteredRows(store, isBad, undefined);
    rows.advance(0, never);
    expect(numbersIn(rows)).toEqual([0, 3, 6, 9]);
    store.append([request(10), request(11), request(12), request(13), request(14), request(15)], 0);
    expect(rows.isDone).toBe(false);
    rows.advance(0, never);
    expect(numbersIn(rows)).toEqual([6, 9, 12, 15]);
  });

  it('take in older rows that the server still had', () => {
    const store = new RequestStore({ rows: 20, stringBytes: 100_000 });
    store.append([request(6), request(7)], 0);
    const rows = new FilteredRows(store, isBad, undefined);
    rows.advance(0, never);
    store.prepend([5, 4, 3, 2, 1, 0].map((seq) => request(seq)));
    rows.advance(0, never);
    expect(numbersIn(rows).map((number) => store.row(number)?.seq)).toEqual([0, 3, 6]);
  });

  it('are those under way in a stretch of time', () => {
    const rows = new FilteredRows(storeWith(30), always, { from: 105, to: 130 });
    rows.advance(0, never);
    expect(numbersIn(rows)).toEqual([10, 11, 12, 13]);
  });

  it('are always the rows that pass, in order, however rows come and go', () => {
    const steps = fc.array(fc.record({ rows: fc.nat(40), slices: fc.nat(3) }), { maxLength: 20 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (steps, capacity) => {
        const store = new RequestStore({ rows: capacity, stringBytes: 1_000_000 });
        const rows = new FilteredRows(store, isBad, undefined);
        let seq = 0;
        for (const { rows: count, slices } of steps) {
          store.append(
            Array.from({ length: count }, () => request(seq++)),
            0,
          );
          for (let slice = 0; slice < slices; slice += 1) rows.advance(0, always);
        }
        rows.advance(0, never);
        const kept = Array.from({ length: store.size }, (_, index) => store.first + index);
        expect(numbersIn(rows)).toEqual(kept.filter((number) => isBad(store.row(number)!)));
        for (const [index, number] of numbersIn(rows).entries()) expect(rows.indexOf(number)).toBe(index);
        expect(new Set(numbersIn(rows).map((_, index) => rows.keyAt(index))).size).toBe(rows.size);
      }),
    );
  });
});
