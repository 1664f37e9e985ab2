import { describe, expect, it } from 'vitest';
import { World } from '#main/testing/simulation.ts';
import { KiB } from '#shared/units.ts';

const chunkBytes = 128 * KiB;
const objectOf = (key: string, chunks = 1) => ({ key, pin: '1', length: chunks * chunkBytes });
const smooth = { ms: (_offset: number, bytes: number) => bytes / 20_000 };
const resident = (world: World) =>
  [...world.pool.residents()]
    .filter(({ isZombie }) => !isZombie)
    .map(({ id }) => `${id.object.key}${id.index}`)
    .toSorted();

describe('what stays in memory', () => {
  it('is what has been read, even by a client that takes the last byte as it comes', async () => {
    const world = new World({ slabs: 4 });
    world.open({ object: objectOf('a', 3), drain: { ms: () => 0 } });
    await world.end();
    expect(resident(world)).toEqual(['a0', 'a1', 'a2']);
    world.open({ object: objectOf('a', 3) });
    await world.end();
    expect([world.fetching.jobs.length, world.pool.counters.hits]).toEqual([3, 3]);
  });

  it('is nothing when nothing may be kept', async () => {
    const world = new World({ slabs: 4, cachedBytes: 0 });
    world.open({ object: objectOf('a', 3) });
    await world.end();
    expect(resident(world)).toEqual([]);
  });

  it('is no more than may be kept, the latest used', async () => {
    const world = new World({ slabs: 6, cachedBytes: 2 * chunkBytes });
    for (const key of ['a', 'b', 'c']) {
      world.open({ object: objectOf(key) });
      await world.settle();
    }
    await world.end();
    expect(resident(world)).toEqual(['b0', 'c0']);
  });

  it('goes in the order of last use', async () => {
    const world = new World({ slabs: 3 });
    for (const key of ['a', 'b', 'c', 'a', 'd']) {
      world.open({ object: objectOf(key) });
      await world.settle();
    }
    await world.end();
    expect(resident(world)).toEqual(['a0', 'c0', 'd0']);
    expect(world.pool.counters.evictions).toEqual({ cached: 1, ahead: 0, current: 0, filling: 0 });
  });

  it('keeps a pinned object longest, as long as it fills no more than half of what may be kept', async () => {
    let pinned = 'a';
    const world = new World({
      slabs: 8,
      cachedBytes: 4 * chunkBytes,
      isKept: ({ key }) => key === pinned,
    });
    const readAll = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) {
        world.open({ object: objectOf(key, key === 'a' ? 3 : 1) });
        await world.settle();
      }
    };
    await readAll('a', 'b', 'c', 'd');
    expect(resident(world)).toEqual(['a0', 'a1', 'c0', 'd0']);
    await readAll('e', 'f', 'g', 'h');
    expect(resident(world)).toEqual(['a0', 'a1', 'g0', 'h0']);
    pinned = '';
    world.pool.pinsChanged();
    await readAll('i');
    expect(resident(world)).toEqual(['a0', 'a1', 'h0', 'i0']);
    await world.end();
  });

  it('An object that is invalidated is forgotten in memory.', async () => {
    const world = new World({ slabs: 8 });
    world.open({ object: objectOf('a', 6) });
    world.open({ object: objectOf('b') });
    await world.settle();
    // Its socket has the first chunk; its window is the next two.
    const stuck = world.open({ object: objectOf('a', 6), drain: { stuckAt: 10 } });
    await world.pass(10);
    world.pool.forget('a');
    expect(resident(world)).toEqual(['a1', 'a2', 'b0']);
    expect(stuck.outcome).toBe('running');
    await world.end();
  });
});

describe('when clients are more than slabs', () => {
  it('a client that takes a chunk keeps it for its turn: nothing is brought twice', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    world.fetching.script = () => ({ waitMs: 20, pieceBytes: 64 * KiB, pieceMs: 5, lingersMs: 0 });
    for (let index = 0; index < 20; index += 1)
      world.open({ object: objectOf(`object-${index}`, 5), drain: smooth });
    await world.end();
    expect(world.pool.counters.waste.againBytes).toBe(0);
  });

  it('what stuck clients hold is what goes, and most of what is brought is used', async () => {
    const world = new World({ slabs: 8, chunkBytes });
    for (let index = 0; index < 30; index += 1)
      world.open({
        object: objectOf(`object-${index}`, 5),
        drain: index % 2 === 0 ? { stuckAt: 3 * chunkBytes } : smooth,
      });
    await world.settle();
    const { waste } = world.pool.counters;
    expect(waste.againBytes).toBeLessThan(0.1 * waste.firstBytes);
    await world.end();
  });

  it('a chunk that is taken in small steps goes after its turn', async () => {
    const world = new World({ slabs: 2, pinLimit: 1, chunkBytes: 1024 * KiB });
    const length = 1024 * KiB;
    const slow = [0, 1].map((index) =>
      world.open({
        object: { key: `slow-${index}`, pin: '1', length },
        drain: { ms: (_offset, bytes) => bytes / 400 },
      }),
    );
    await world.pass(100);
    const other = world.open({ object: { key: 'other', pin: '1', length } });
    await world.pass(500);
    expect(other.socket.sent).toBe(0);
    await world.pass(1200);
    expect(other.outcome).toBe('done');
    await world.end();
    expect(slow.every(({ outcome }) => outcome === 'done')).toBe(true);
  });
});
