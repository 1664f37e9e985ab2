import { describe, expect, it } from 'vitest';
import { World } from '#main/testing/simulation.ts';
import { KiB, MiB } from '#shared/units.ts';

const chunkBytes = 2 * MiB;
const object = { key: 'a', pin: '1', length: 4 * chunkBytes };
const jobs = (world: World) => world.fetching.jobs.map(({ range, urgency }) => ({ ...range, urgency }));

describe('a small read', () => {
  it('A small read asks the store for its own bytes and no more.', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    world.open({ object, range: { start: 1_000_001, end: 1_000_101 } });
    await world.end();
    expect(jobs(world)).toEqual([{ start: 1_000_001, end: 1_000_101, urgency: 'small' }]);
  });

  it('takes what is in memory already', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    world.open({ object, range: { start: 0, end: chunkBytes } });
    await world.settle();
    world.open({ object, range: { start: 500, end: 600 } });
    await world.end();
    expect(world.fetching.jobs.length).toBe(1);
  });

  it('joins a chunk that is on its way', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    world.open({ object, range: { start: 0, end: chunkBytes } });
    const small = world.open({ object, range: { start: MiB, end: MiB + 10 } });
    await world.end();
    expect([small.outcome, world.fetching.jobs.length]).toEqual(['done', 1]);
  });

  it('across the edge of two chunks brings a piece of each', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    world.open({ object, range: { start: chunkBytes - 10, end: chunkBytes + 20 } });
    await world.end();
    expect(jobs(world).map(({ start, end }) => [start, end])).toEqual([
      [chunkBytes - 10, chunkBytes],
      [chunkBytes, chunkBytes + 20],
    ]);
  });

  it('is served while every large slab is taken', async () => {
    const world = new World({ slabs: 2, pinLimit: 1, chunkBytes });
    for (let index = 0; index < 6; index += 1)
      world.open({ object: { ...object, key: `large-${index}` }, drain: { ms: () => 100 } });
    const small = world.open({ object, range: { start: 5, end: 50 } });
    await world.pass(20);
    expect(small.outcome).toBe('done');
    await world.end();
  });

  it('the third in one chunk within two seconds brings it whole', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    for (const start of [100, 400 * KiB, 800 * KiB, 1200 * KiB]) {
      world.open({ object, range: { start, end: start + 1000 } });
      await world.settle();
    }
    await world.end();
    expect(jobs(world).map(({ start, end }) => end - start)).toEqual([1000, 1000, chunkBytes]);
  });

  it('late ones stay small', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    for (const start of [100, 400 * KiB, 800 * KiB]) {
      world.open({ object, range: { start, end: start + 1000 } });
      await world.pass(2001);
    }
    await world.end();
    expect(jobs(world).map(({ start, end }) => end - start)).toEqual([1000, 1000, 1000]);
  });

  it('is served although as many clients as there are small slabs are stuck with one', async () => {
    const world = new World({ slabs: 2, smallSlabs: 2, chunkBytes });
    for (let index = 0; index < 8; index += 1)
      world.open({
        object,
        range: { start: index * 400 * KiB, end: index * 400 * KiB + 100 * KiB },
        drain: { stuckAt: 0 },
      });
    const small = world.open({ object, range: { start: 3 * chunkBytes, end: 3 * chunkBytes + 9 } });
    await world.end();
    expect(small.outcome).toBe('done');
  });
});
