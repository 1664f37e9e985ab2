import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fetchScripts, ranges, worldOf } from '#main/testing/scenarios.ts';
import { World } from '#main/testing/simulation.ts';
import { KiB, MiB } from '#shared/units.ts';

const lengthInChunks = 5;

interface Stuck {
  readonly object: number;
  readonly from: number;
  readonly after: number;
}

describe('progress', () => {
  it('Any schedule of any number of transfers advances, with some of them stuck for ever.', async () => {
    const stuck: fc.Arbitrary<Stuck> = fc.record({
      object: fc.nat({ max: 3 }),
      from: fc.double({ min: 0, max: 0.99, noNaN: true }),
      after: fc.nat({ max: 300 * KiB }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          slabs: fc.integer({ min: 2, max: 6 }),
          smallSlabs: fc.integer({ min: 2, max: 3 }),
          chunkBytes: fc.constantFrom(64 * KiB, 128 * KiB, 512 * KiB),
          windowLimit: fc.constantFrom(1, 4, 8),
          latencyMs: fc.constantFrom(5, 50),
          disk: fc.constantFrom('none', 'scripted'),
        }),
        fc.array(stuck, { minLength: 1, maxLength: 20 }),
        fc.array(fetchScripts('good'), { minLength: 1, maxLength: 4 }),
        fc.array(ranges(lengthInChunks * 64 * KiB), { minLength: 1, maxLength: 3 }),
        async (options, others, scripts, wanted) => {
          const world = worldOf({ options, scripts });
          const length = lengthInChunks * options.chunkBytes + 7;
          const objectOf = (index: number) => ({ key: `object-${index}`, pin: '1', length });
          for (const { object, from, after } of others)
            world.open({
              object: objectOf(object),
              range: { start: Math.floor(from * length), end: length },
              drain: { stuckAt: after },
            });
          const readers = wanted.map((range) => world.open({ object: objectOf(0), range }));
          await world.end();
          expect(readers.map(({ outcome }) => outcome)).toEqual(readers.map(() => 'done'));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is made when every slab holds a chunk whose beginning is missing', async () => {
    const world = new World({ slabs: 2, chunkBytes: 4 * MiB });
    const objects = [0, 1, 2].map((index) => ({ key: `object-${index}`, pin: '1', length: 4 * MiB }));
    // Two chunks are begun in the middle; readers of their beginnings wait, and so does a reader without a slab.
    for (const object of objects.slice(0, 2)) world.open({ object, range: { start: 3 * MiB, end: 4 * MiB } });
    for (const object of objects) world.open({ object, range: { start: 2 * MiB, end: 3 * MiB } });
    await world.end();
    expect(world.clients.map(({ outcome }) => outcome)).toEqual(world.clients.map(() => 'done'));
  });

  it('is made by two hundred clients of as many objects with four slabs', async () => {
    const world = new World({ slabs: 4, chunkBytes: 64 * KiB });
    for (let index = 0; index < 200; index += 1)
      world.open({
        object: { key: `object-${index}`, pin: '1', length: 3 * 64 * KiB },
        drain: index % 3 === 0 ? { stuckAt: 100 * KiB } : {},
      });
    await world.end();
    const willing = world.clients.filter((_, index) => index % 3 !== 0);
    expect(willing.every(({ outcome }) => outcome === 'done')).toBe(true);
  });

  it('lets a client go that has taken nothing for long, and gives its slab to others', async () => {
    const world = new World({ slabs: 2, idleSendMs: 10_000 });
    const object = { key: 'a', pin: '1', length: MiB };
    const stuck = world.open({ object, drain: { stuckAt: 64 * KiB, lagMs: 30 } });
    await world.pass(10_500);
    expect(stuck.outcome).toBe('failed');
    await world.pass(100);
    expect(stuck.isOver).toBe(true);
    await world.end();
  });
});
