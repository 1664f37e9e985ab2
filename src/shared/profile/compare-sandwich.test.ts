import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from './builder.ts';
import { compareSandwich } from './compare-sandwich.ts';
import type { Profile } from './profile.ts';
import { sandwich } from './sandwich.ts';

const type = { type: 'inuse_space', unit: 'bytes' };

/** Stacks with their leaf first, and what each has. */
function profileOf(samples: readonly (readonly [stack: readonly string[], value: number])[]): Profile {
  const builder = new ProfileBuilder('pprof', [type]);
  for (const [stack, value] of samples)
    builder.add(
      stack.map((name) => builder.function(name, `${name}.go`)),
      [value],
    );
  return builder.build();
}

const before = profileOf([
  [['get', 'serve', 'main'], 60],
  [['index', 'serve', 'main'], 30],
  [['get', 'prefetch', 'main'], 10],
]);
const after = profileOf([
  [['get', 'serve', 'main'], 140],
  [['write', 'get', 'serve', 'main'], 20],
  [['get', 'backfill', 'main'], 40],
]);
const sandwichOf = (name: string, scale?: Parameters<typeof compareSandwich>[3]) =>
  compareSandwich({ profile: before }, { profile: after }, { type, name }, scale);

describe('a function of two profiles', () => {
  it('has what it holds in both, its callers and callees with what changed most first, and what is new and gone', () => {
    expect(sandwichOf('get')).toEqual({
      name: 'get',
      file: 'get.go',
      before: { flat: 70, cum: 70 },
      after: { flat: 180, cum: 200 },
      presence: 'both',
      callers: [
        { name: 'serve', file: 'serve.go', before: 60, after: 160, presence: 'both' },
        { name: 'backfill', file: 'backfill.go', before: 0, after: 40, presence: 'new' },
        { name: 'prefetch', file: 'prefetch.go', before: 10, after: 0, presence: 'gone' },
      ],
      callees: [{ name: 'write', file: 'write.go', before: 0, after: 20, presence: 'new' }],
    });
  });

  it('has the same as shares of the sum of each', () => {
    const found = sandwichOf('get', { before: 1 / 100, after: 1 / 200 });
    expect(found?.before.cum).toBeCloseTo(0.7, 10);
    expect(found?.after).toMatchObject({ flat: 0.9, cum: 1 });
    // The order is that of the shares: prefetch lost as much as write came to.
    const shares = [...(found?.callers ?? []), ...(found?.callees ?? [])].map((row) => [
      row.name,
      Math.round((row.after - row.before) * 1e6) / 1e6,
    ]);
    expect(Object.fromEntries(shares)).toEqual({ serve: 0.2, backfill: 0.2, prefetch: -0.1, write: 0.1 });
  });

  it('that only one has is new or gone, with all around it', () => {
    expect(sandwichOf('write')).toMatchObject({
      before: { flat: 0, cum: 0 },
      after: { flat: 20, cum: 20 },
      presence: 'new',
      callers: [{ name: 'get', before: 0, after: 20, presence: 'new' }],
      callees: [],
    });
    expect(sandwichOf('index')).toMatchObject({
      file: 'index.go',
      presence: 'gone',
      callers: [{ name: 'serve', before: 30, after: 0, presence: 'gone' }],
    });
    expect(sandwichOf('main')).toMatchObject({ presence: 'both', callers: [] });
  });

  it('that neither has is none, and neither is one without samples', () => {
    expect(sandwichOf('nowhere')).toBeUndefined();
    const zero = { profile: profileOf([[['get'], 0]]) };
    expect(compareSandwich(zero, zero, { type, name: 'get' })).toBeUndefined();
    expect(compareSandwich(zero, { profile: after }, { type, name: 'get' })?.presence).toBe('new');
  });

  it('has on each side what that profile says by itself', () => {
    const samples = fc.array(
      fc.tuple(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 1000 }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(samples, samples, fc.constantFrom('a', 'b', 'c', 'd'), (x, y, name) => {
        const [a, b] = [profileOf(x), profileOf(y)];
        const [was, is] = [sandwich(a, 0, name), sandwich(b, 0, name)];
        const found = compareSandwich({ profile: a }, { profile: b }, { type, name });
        expect(found?.before ?? { flat: 0, cum: 0 }).toEqual({ flat: was?.flat ?? 0, cum: was?.cum ?? 0 });
        expect(found?.after ?? { flat: 0, cum: 0 }).toEqual({ flat: is?.flat ?? 0, cum: is?.cum ?? 0 });
        for (const side of ['callers', 'callees'] as const) {
          const rows = found?.[side] ?? [];
          const valuesOf = (all: readonly { readonly name: string; readonly value: number }[] = []) =>
            new Map(all.map((row) => [row.name, row.value]));
          const part = (key: 'before' | 'after') =>
            new Map(rows.filter((row) => row[key] !== 0).map((row) => [row.name, row[key]]));
          expect(part('before')).toEqual(valuesOf(was?.[side]));
          expect(part('after')).toEqual(valuesOf(is?.[side]));
          const changes = rows.map((row) => Math.abs(row.after - row.before));
          expect(changes).toEqual(changes.toSorted((one, other) => other - one));
        }
      }),
    );
  });
});
