import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { World } from '#main/testing/simulation.ts';
import { fetchScripts, worldOf } from '#main/testing/scenarios.ts';
import { KiB } from '#shared/units.ts';

const chunkBytes = 128 * KiB;
const object = { key: 'a', pin: '1', length: 6 * chunkBytes };

describe('readers of one object', () => {
  it('Any number of readers of a missing chunk share one fetch.', async () => {
    const world = new World({ slabs: 8, windowLimit: 4 });
    for (let index = 0; index < 32; index += 1) world.open({ object });
    await world.end();
    expect(world.fetching.jobs.length).toBe(6);
    expect(world.fetching.bytes).toBe(object.length);
    expect(world.pool.counters.joins).toBeGreaterThan(31);
  });

  it('fetch a chunk once, and once more for each time that it was evicted or given up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 10 }),
        fetchScripts('good'),
        async (slabs, starts, script) => {
          const world = worldOf({ options: { slabs, windowLimit: 4 }, scripts: [script] });
          for (const atMs of starts) world.clock.after(atMs, () => world.open({ object }));
          while (world.clients.length < starts.length) await world.step();
          await world.end();
          const { cached, ahead, current, filling } = world.pool.counters.evictions;
          const gaps = world.fetching.jobs.filter(({ range }) => range.start % chunkBytes !== 0).length;
          expect(world.fetching.jobs.length - gaps).toBeLessThanOrEqual(
            6 + cached + ahead + current + filling,
          );
          expect(world.clients.every(({ outcome }) => outcome === 'done')).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('A reader that leaves, the first included, takes nothing from the others.', async () => {
    for (let events = 0; ; events += 1) {
      const world = new World({ slabs: 4, windowLimit: 2 });
      const leader = world.open({ object });
      const followers = [0, 1, 2].map(() => world.open({ object }));
      for (let count = 0; count < events && !leader.isOver; count += 1) await world.step();
      if (leader.isOver) break;
      leader.leave();
      await world.end();
      expect(followers.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
      expect(world.fetching.bytes).toBe(object.length);
    }
  });

  it('who wait for a slab share the first that one of them gets', async () => {
    const world = new World({ slabs: 2, pinLimit: 1 });
    const busy = [0, 1].map((index) =>
      world.open({ object: { ...object, key: `busy-${index}` }, drain: { ms: () => 20 } }),
    );
    const waiting = Array.from({ length: 5 }, () =>
      world.open({ object, range: { start: 0, end: chunkBytes } }),
    );
    expect(world.transfers.waiting('chunks')).toBe(5);
    while (world.transfers.waiting('chunks') === 5) await world.step();
    expect(world.transfers.waiting('chunks')).toBe(0);
    await world.end();
    expect([...busy, ...waiting].every(({ outcome }) => outcome === 'done')).toBe(true);
    expect(world.fetching.jobs.filter(({ revision }) => revision.key === 'a').length).toBe(1);
  });

  it('all fail when their chunk cannot be had, and the next reader tries again', async () => {
    const world = worldOf({
      options: { slabs: 2 },
      scripts: [{ waitMs: 5, pieceBytes: 64 * KiB, pieceMs: 1, lingersMs: 0, failsAfter: 1000 }],
    });
    const readers = [0, 1, 2].map(() => world.open({ object }));
    await world.settle();
    for (const { error } of readers) expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(world.fetching.jobs.length).toBe(1);
    world.fetching.script = () => ({ waitMs: 5, pieceBytes: 64 * KiB, pieceMs: 1, lingersMs: 0 });
    const next = world.open({ object });
    await world.end();
    expect(next.outcome).toBe('done');
  });

  it('do not ask again at once for what could not be read ahead', async () => {
    const world = new World({ slabs: 8, windowLimit: 8 });
    const works = { waitMs: 5, pieceBytes: 64 * KiB, pieceMs: 1, lingersMs: 0 };
    world.fetching.script = ({ range }) => ({
      ...works,
      failsAfter: range.start < 2 * chunkBytes ? undefined : 0,
    });
    const client = world.open({ object, drain: { ms: () => 400 } });
    await world.pass(1000);
    expect([client.outcome, client.transfer.position]).toEqual(['running', 2 * chunkBytes]);
    // A few with each tick, and not one after the other.
    expect(world.fetching.jobs.length).toBeLessThan(15);
    await world.end();
    expect(client.error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
