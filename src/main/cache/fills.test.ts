import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkAt, chunkKey } from '#main/cache/chunk.ts';
import { World } from '#main/testing/simulation.ts';
import { play, scenarios } from '#main/testing/scenarios.ts';
import { KiB, MiB } from '#shared/units.ts';

const chunkBytes = 2 * MiB;
const object = { key: 'a', pin: '1', length: 3 * chunkBytes };

function keep(world: World, ...indexes: readonly number[]): void {
  for (const index of indexes)
    world.disk?.kept.add(chunkKey(chunkAt(object, index * chunkBytes, chunkBytes)));
}

describe('a chunk in the middle of which somebody begins', () => {
  it('is brought from there on, and its beginning when somebody needs it', async () => {
    const world = new World({ slabs: 2, chunkBytes });
    const at = MiB + 300 * KiB + 5;
    world.open({ object, range: { start: at, end: chunkBytes } });
    await world.settle();
    expect(world.fetching.jobs.map(({ range }) => range)).toEqual([
      { start: MiB + 256 * KiB, end: chunkBytes },
    ]);
    world.open({ object, range: { start: 64 * KiB + 1, end: chunkBytes } });
    await world.settle();
    world.open({ object, range: { start: 0, end: chunkBytes } });
    await world.end();
    expect(world.fetching.jobs.slice(1).map(({ range }) => range)).toEqual([
      { start: 64 * KiB, end: MiB + 256 * KiB },
      { start: 0, end: 64 * KiB },
    ]);
    expect(world.fetching.bytes).toBe(chunkBytes);
  });

  it('is brought whole when they begin near its start', async () => {
    const world = new World({ slabs: 2, chunkBytes });
    world.open({ object, range: { start: MiB, end: chunkBytes } });
    await world.end();
    expect(world.fetching.jobs.map(({ range }) => range)).toEqual([{ start: 0, end: chunkBytes }]);
  });
});

describe('a chunk on disk', () => {
  it('is not asked of the store', async () => {
    const world = new World({ slabs: 3, chunkBytes, disk: 'scripted' });
    keep(world, 0, 1, 2);
    const client = world.open({ object });
    await world.end();
    expect([client.outcome, world.fetching.jobs.length, world.disk?.reads]).toEqual(['done', 0, 3]);
    expect(world.pool.counters.diskBytes).toBe(object.length);
  });

  it('is asked of the store when it proves torn', async () => {
    const world = new World({ slabs: 3, chunkBytes, disk: 'scripted' });
    keep(world, 0, 1, 2);
    let reads = 0;
    if (world.disk) world.disk.isTorn = () => (reads += 1) === 2;
    const client = world.open({ object });
    await world.end();
    expect([client.outcome, world.fetching.jobs.length, world.disk?.reads]).toEqual(['done', 1, 3]);
  });

  it('is asked of the store whole when its beginning proves torn', async () => {
    const world = new World({ slabs: 3, chunkBytes, disk: 'scripted' });
    keep(world, 0);
    world.open({ object, range: { start: MiB + 256 * KiB, end: chunkBytes } });
    await world.settle();
    if (world.disk) world.disk.isTorn = () => true;
    const client = world.open({ object, range: { start: 0, end: chunkBytes } });
    await world.end();
    expect(client.outcome).toBe('done');
    expect(world.fetching.jobs.map(({ range }) => range)).toEqual([{ start: 0, end: chunkBytes }]);
  });

  it('is not asked of the store for a client that has left meanwhile', async () => {
    const world = new World({ slabs: 3, chunkBytes, disk: 'scripted' });
    keep(world, 0);
    if (world.disk) world.disk.isTorn = () => true;
    const client = world.open({ object });
    client.leave();
    await world.end();
    expect(world.fetching.jobs).toEqual([]);
  });

  it('is read in blocks for a small read', async () => {
    const world = new World({ slabs: 3, chunkBytes, disk: 'scripted' });
    keep(world, 1);
    const start = chunkBytes + 100_000;
    const client = world.open({ object, range: { start, end: start + 70_000 } });
    await world.end();
    expect([client.outcome, world.fetching.jobs.length]).toEqual(['done', 0]);
    expect(world.pool.counters.diskBytes).toBe(128 * KiB);
  });

  it('may prove torn at any time: bodies are right', async () => {
    await fc.assert(
      fc.asyncProperty(
        scenarios('nasty', 'good'),
        fc.integer({ min: 1, max: 4 }),
        async (scenario, every) => {
          const options = { ...scenario.options, disk: 'scripted' as const };
          const world = await play({ ...scenario, options }, ({ disk }) => {
            let reads = 0;
            if (disk) disk.isTorn = () => (reads += 1) % every === 0;
          });
          expect(world.clients.filter(({ outcome }) => outcome === 'running')).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
