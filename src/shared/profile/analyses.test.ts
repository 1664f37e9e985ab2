import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from './builder.ts';
import { callout, formatValue, shortNameOf } from './callout.ts';
import { compare, compareTrees } from './compare.ts';
import { dominators, none, type Graph } from './dominators.ts';
import { labelsOf, withLabels } from './labels.ts';
import { readPprof } from './pprof.ts';
import { toPprof } from './pprof-writer.ts';
import { sampleCount, type Profile } from './profile.ts';
import { sandwich } from './sandwich.ts';
import { top } from './top.ts';
import { callTree } from './tree.ts';

interface Sample {
  readonly stack: readonly string[];
  readonly values: readonly number[];
  readonly client: string | undefined;
}

const spaceType = { type: 'inuse_space', unit: 'bytes' };

const samplesArb = fc.array(
  fc.record({
    stack: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 6 }),
    values: fc.tuple(fc.nat(1000), fc.integer({ min: -50, max: 2 ** 40 })),
    client: fc.constantFrom(undefined, 'x', 'y'),
  }),
  { maxLength: 30 },
);

function profileOf(samples: readonly Sample[]): Profile {
  const builder = new ProfileBuilder('pprof', [{ type: 'inuse_objects', unit: 'count' }, spaceType]);
  for (const { stack, values, client } of samples) {
    const frames = stack.map((name) => builder.function(name, `${name}.ts`));
    builder.add(frames, values, client === undefined ? undefined : new Map([['client', client]]));
  }
  return builder.build({ defaultType: 1 });
}

const sumOf = (samples: readonly Sample[]): number =>
  samples.reduce((sum, { values }) => sum + (values[1] ?? 0), 0);
/** Of all, whichever sign they have. */
const sizeOf = (samples: readonly Sample[]): number =>
  samples.reduce((sum, { values }) => sum + Math.abs(values[1] ?? 0), 0);
const rowsOf = (profile: Profile) =>
  new Map(top(profile, 1).rows.map(({ name, flat, cum }) => [name, { flat, cum }] as const));

describe('the table', () => {
  it('has for each function the stacks that end in it, and those that have it anywhere', () => {
    fc.assert(
      fc.property(samplesArb, (samples) => {
        const { rows, total, whole } = top(profileOf(samples), 1);
        expect(total).toBe(sumOf(samples));
        expect(whole).toBe(sizeOf(samples));
        for (const { name, flat, cum } of rows) {
          expect(flat).toBe(sumOf(samples.filter(({ stack }) => stack[0] === name)));
          expect(cum).toBe(sumOf(samples.filter(({ stack }) => (stack as readonly string[]).includes(name))));
        }
      }),
    );
  });
});

describe('the tree', () => {
  it('has in each node its own and all below, children after their parents and the largest first', () => {
    fc.assert(
      fc.property(samplesArb, (samples) => {
        const tree = callTree(profileOf(samples), 1);
        expect(tree.total[0]).toBe(sumOf(samples));
        expect(tree.room[0]).toBe(sizeOf(samples));
        for (let node = 0; node < tree.size; node += 1) {
          const children = tree.children(node);
          const totals = children.map((child) => tree.total[child] ?? 0);
          expect((tree.self[node] ?? 0) + totals.reduce((sum, each) => sum + each, 0)).toBe(tree.total[node]);
          // What is below zero takes room, too: the children of a node never want more than it has.
          const rooms = children.map((child) => tree.room[child] ?? 0);
          expect(rooms).toEqual(rooms.toSorted((a, b) => b - a));
          const room = rooms.reduce((sum, each) => sum + each, 0);
          expect(tree.room[node]).toBeGreaterThanOrEqual(Math.max(room, Math.abs(tree.total[node] ?? 0)));
          expect(new Set(children.map((child) => tree.name[child])).size).toBe(children.length);
          for (const child of children) {
            expect(child).toBeGreaterThan(node);
            expect(tree.depth[child]).toBe((tree.depth[node] ?? 0) + 1);
          }
        }
      }),
    );
  });

  it('takes a million nodes', () => {
    const builder = new ProfileBuilder('pprof', [spaceType]);
    const names = Array.from({ length: 1000 }, (_, index) => builder.function(`f${index}`));
    for (let a = 0; a < 1000; a += 1)
      for (let b = 0; b < 1000; b += 1) builder.add([names[b] ?? 0, names[a] ?? 0], [1]);
    const tree = callTree(builder.build(), 0);
    expect(tree.size).toBe(1 + 1000 + 1_000_000);
    expect(tree.children(0)).toHaveLength(1000);
    expect(tree.total[0]).toBe(1_000_000);
  });
});

describe('the sandwich', () => {
  it('has for each neighbour the stacks in which it calls, or is called', () => {
    fc.assert(
      fc.property(samplesArb, (samples) => {
        const profile = profileOf(samples);
        for (const [name, { flat, cum }] of rowsOf(profile)) {
          const found = sandwich(profile, 1, name);
          expect(found).toMatchObject({ flat, cum, whole: sizeOf(samples) });
          const isCalledBy = (caller: string) =>
            sumOf(
              samples.filter(({ stack }) =>
                stack.some((each, at) => each === name && stack[at + 1] === caller),
              ),
            );
          for (const caller of found?.callers ?? []) {
            expect(caller.name).not.toBe(name);
            expect(caller.value).toBe(isCalledBy(caller.name));
            const back = sandwich(profile, 1, caller.name)?.callees.find((each) => each.name === name);
            expect(back?.value).toBe(caller.value);
          }
        }
      }),
    );
    expect(sandwich(profileOf([]), 1, 'a')).toBeUndefined();
  });
});

describe('comparing', () => {
  it('has both tables and both trees, and their differences', () => {
    fc.assert(
      fc.property(samplesArb, samplesArb, (before, after) => {
        const [a, b] = [profileOf(before), profileOf(after)];
        const { rows, totalBefore, totalAfter } = compare({ profile: a }, { profile: b }, spaceType);
        expect([totalBefore, totalAfter]).toEqual([sumOf(before), sumOf(after)]);
        const [wasOf, isOf] = [rowsOf(a), rowsOf(b)];
        expect(new Set(rows.map(({ name }) => name))).toEqual(new Set([...wasOf.keys(), ...isOf.keys()]));
        for (const row of rows) {
          const [was, is] = [wasOf.get(row.name), isOf.get(row.name)];
          expect(row.presence).toBe(was && is ? 'both' : is ? 'new' : 'gone');
          expect(row.deltaFlat).toBe((is?.flat ?? 0) - (was?.flat ?? 0));
          expect(row.deltaCum).toBe((is?.cum ?? 0) - (was?.cum ?? 0));
        }
        const tree = compareTrees({ profile: a }, { profile: b }, spaceType);
        const [left, right] = [callTree(a, 1), callTree(b, 1)];
        expect([tree.totalBefore[0], tree.totalAfter[0]]).toEqual([left.total[0], right.total[0]]);
        const sum = (self: Float64Array) => self.reduce((total, each) => total + each, 0);
        expect([sum(tree.selfBefore), sum(tree.selfAfter)]).toEqual([totalBefore, totalAfter]);
      }),
    );
  });

  it('refuses a type that one of them does not have', () => {
    const profile = profileOf([]);
    expect(() => compare({ profile }, { profile }, { type: 'cpu', unit: 'nanoseconds' })).toThrow(
      'has no cpu in nanoseconds: it has inuse_objects, inuse_space',
    );
  });
});

describe('labels', () => {
  it('have what their samples have, and filter by it', () => {
    fc.assert(
      fc.property(samplesArb, (samples) => {
        const profile = profileOf(samples);
        for (const { key, values } of labelsOf(profile, 1)) {
          for (const { value, total } of values) {
            const filter = withLabels(profile, new Map([[key, value]]));
            expect(top(profile, 1, filter).total).toBe(total);
            expect(total).toBe(sumOf(samples.filter(({ client }) => client === value)));
          }
        }
        expect(top(profile, 1, withLabels(profile, new Map())).total).toBe(sumOf(samples));
      }),
    );
  });
});

describe('pprof', () => {
  it('comes back from what is written as it was', () => {
    fc.assert(
      fc.property(samplesArb, (samples) => {
        const profile = { ...profileOf(samples), at: 1_700_000_000_000, comments: ['for people'] };
        const again = readPprof(toPprof(profile));
        expect(again).toMatchObject({
          sampleTypes: profile.sampleTypes,
          functions: profile.functions,
          starts: profile.starts,
          frames: profile.frames,
          values: profile.values,
          defaultType: 1,
          at: profile.at,
          comments: profile.comments,
        });
        for (let sample = 0; sample < sampleCount(profile); sample += 1)
          expect(again.labels?.[sample]).toEqual(profile.labels?.[sample]);
      }),
    );
  });
});

describe('the sentence', () => {
  it('says who holds the most', () => {
    const builder = new ProfileBuilder('pprof', [spaceType]);
    const [get, main] = ['main.(*S3).parallelGet.func1', 'main.main'].map((name) => builder.function(name));
    builder.add([get ?? 0, main ?? 0], [86]);
    builder.add([main ?? 0], [14]);
    expect(callout(builder.build(), 0)?.sentence).toBe(
      '(*S3).parallelGet.func1 holds 86 % of inuse_space, 86 B',
    );
    expect(callout(new ProfileBuilder('pprof', [spaceType]).build(), 0)).toBeUndefined();
    const difference = new ProfileBuilder('pprof', [spaceType]);
    difference.add([difference.function('more')], [1024]);
    difference.add([difference.function('less')], [-4096]);
    expect(callout(difference.build(), 0)).toMatchObject({
      sentence: 'less has 4 KiB less of inuse_space',
      share: -0.8,
    });
  });

  it('leaves out the time in which nothing ran, and says so', () => {
    const builder = new ProfileBuilder('cpuprofile', [{ type: 'cpu', unit: 'microseconds' }]);
    builder.add([builder.function('(idle)')], [900_000]);
    expect(callout(builder.build(), 0)).toBeUndefined();
    builder.add([builder.function('burn')], [75_000]);
    builder.add([builder.function('read')], [25_000]);
    expect(callout(builder.build(), 0)?.sentence).toBe('burn took 75 % of cpu without idle, 75 ms');
  });

  it.each([
    ['github.com/me/it/store.(*S3).get.func1', '(*S3).get.func1'],
    ['github.com/me/it/store.Open', 'store.Open'],
    ['runtime.main', 'runtime.main'],
    ['(anonymous) read.js:12', '(anonymous) read.js:12'],
  ])('%s is %s in short', (name, short) => {
    expect(shortNameOf(name)).toBe(short);
  });

  it.each([
    [1024, 'bytes', '1 KiB'],
    [-2_500_000_000, 'nanoseconds', '-2.5 s'],
    [1234, 'count', '1,234'],
  ])('%d %s are %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('dominators', () => {
  it('are those without which a node cannot be reached', () => {
    const graphArb = fc.integer({ min: 1, max: 9 }).chain((nodeCount) =>
      fc.array(fc.array(fc.nat(nodeCount - 1), { maxLength: 4 }), {
        minLength: nodeCount,
        maxLength: nodeCount,
      }),
    );
    fc.assert(
      fc.property(graphArb, (edges) => {
        const graph = graphOf(edges);
        const { idom } = dominators(graph);
        const all = reached(edges, none);
        for (const node of edges.keys()) {
          expect(idom[node] === none).toBe(!all.has(node));
          if (!all.has(node)) continue;
          const chain = new Set([node]);
          for (let at = node; at !== 0;) {
            at = idom[at] ?? 0;
            chain.add(at);
          }
          const needed = [...all].filter((other) => other === node || !reached(edges, other).has(node));
          expect(chain).toEqual(new Set(needed));
        }
      }),
    );
  });
});

function graphOf(edges: readonly (readonly number[])[]): Graph {
  const edgeStart = new Uint32Array(edges.length + 1);
  for (const [node, to] of edges.entries()) edgeStart[node + 1] = (edgeStart[node] ?? 0) + to.length;
  return { nodeCount: edges.length, edgeStart, edgeTo: Uint32Array.from(edges.flat()) };
}

/** From node 0, without going through `closed`. */
function reached(edges: readonly (readonly number[])[], closed: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const pending = closed === 0 ? [] : [0];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node) || node === closed) continue;
    seen.add(node);
    pending.push(...(edges[node] ?? []));
  }
  return seen;
}
