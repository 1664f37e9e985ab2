import { describe, expect, it } from 'vitest';
import { World } from '#main/testing/simulation.ts';
import { KiB, MiB } from '#shared/units.ts';

const chunkBytes = 128 * KiB;
const objectOf = (key: string, chunks: number) => ({ key, pin: '1', length: chunks * chunkBytes });

describe('backfill', () => {
  it('A complete chunk from the store is written to disk, once.', async () => {
    const world = new World({ slabs: 8, disk: 'scripted' });
    world.open({ object: objectOf('a', 4) });
    await world.end();
    expect(world.disk?.written.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    world.open({ object: objectOf('a', 4) });
    await world.end();
    expect(world.disk?.written.length).toBe(4);
  });

  it('skips what is evicted before its turn', async () => {
    const world = new World({ slabs: 4, disk: 'scripted', cachedBytes: 0 });
    if (world.disk) world.disk.writeMs = 200;
    world.open({ object: objectOf('a', 12) });
    await world.end();
    expect(world.backfill?.skipped).toBeGreaterThan(0);
    expect((world.disk?.written.length ?? 0) + (world.backfill?.skipped ?? 0)).toBe(12);
  });

  it('leaves the last pins to sockets', async () => {
    const world = new World({ slabs: 8, pinLimit: 4, disk: 'scripted' });
    // They have read enough to be trusted with any pin, and then stop.
    for (const key of ['a', 'b', 'c'])
      world.open({ object: objectOf(key, 150), drain: { stuckAt: 17 * MiB } });
    await world.settle();
    await world.pass(1000);
    const written = world.disk?.written.length;
    expect(world.pool.pins.chunks.taken).toBe(3);
    expect(world.backfill?.pending).toBeGreaterThan(0);
    await world.pass(1000);
    expect(world.disk?.written.length).toBe(written);
    await world.end();
  });

  it('does not hold on to what has gone while there is no pin', async () => {
    const world = new World({ slabs: 4, pinLimit: 2, disk: 'scripted' });
    for (const key of ['a', 'b']) world.open({ object: objectOf(key, 3), drain: { stuckAt: 0 } });
    await world.pass(100);
    world.open({ object: objectOf('c', 60) });
    await world.settle();
    expect(world.backfill?.pending).toBeLessThanOrEqual(4);
    await world.end();
  });

  it('keeps a chunk in memory until it is written', async () => {
    const world = new World({ slabs: 8, disk: 'scripted', cachedBytes: 0 });
    if (world.disk) world.disk.writeMs = 50;
    world.open({ object: objectOf('a', 1) });
    await world.settle();
    expect([...world.pool.residents()].map(({ pins }) => pins)).toEqual([1]);
    await world.end();
    expect([world.disk?.written.length, [...world.pool.residents()].length]).toEqual([1, 0]);
  });

  it('ends when it is closed: what has begun is written, and no more', async () => {
    const world = new World({ slabs: 8, pinLimit: 8, disk: 'scripted' });
    if (world.disk) world.disk.writeMs = 50;
    world.open({ object: objectOf('a', 6) });
    await world.settle();
    let isClosed = false;
    void world.backfill?.close().then(() => (isClosed = true));
    await world.pass(200);
    expect([isClosed, world.disk?.written.length]).toEqual([true, 2]);
    await world.end();
  });
});
