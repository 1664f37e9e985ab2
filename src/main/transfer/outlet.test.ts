import { describe, expect, it } from 'vitest';
import { World } from '#main/testing/simulation.ts';
import { KiB, MiB } from '#shared/units.ts';

const chunkBytes = 512 * KiB;
const objectOf = (key: string) => ({ key, pin: '1', length: 4 * chunkBytes });

describe('the way out', () => {
  it('is without a copy while there are pins', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    const client = world.open({ object: objectOf('a') });
    await world.settle();
    expect([
      client.transfer.outlet.mode,
      world.arenas.bounce.plan.slabs - world.arenas.bounce.available,
    ]).toEqual(['zero-copy', 0]);
    await world.end();
  });

  it('Whoever finds no pin is sent copies from a small buffer, and takes no slab from anybody.', async () => {
    const world = new World({ slabs: 4, pinLimit: 4, chunkBytes });
    for (const key of ['a', 'b']) world.open({ object: objectOf(key), drain: { stuckAt: 0 } });
    await world.pass(50);
    expect(world.pool.pins.chunks.taken).toBe(2);
    const other = world.open({ object: objectOf('c') });
    await world.pass(10);
    expect(other.transfer.outlet.mode).toBe('bounce');
    await world.end();
    expect(other.outcome).toBe('done');
  });

  it('The second half of the pins is for those who have taken more than a connection can hold.', async () => {
    const world = new World({ slabs: 6, pinLimit: 4, chunkBytes });
    for (const key of ['a', 'b', 'c', 'd']) world.open({ object: objectOf(key), drain: { stuckAt: 0 } });
    await world.pass(50);
    expect(world.pool.pins.chunks.taken).toBe(2);
    const reader = world.open({ object: { ...objectOf('e'), length: 60 * chunkBytes } });
    while (reader.transfer.outlet.sentBytes < 4 * MiB) await world.step();
    expect(world.pool.pins.chunks.taken).toBe(2);
    while (!reader.isOver && world.pool.pins.chunks.taken === 2) await world.step();
    expect(reader.transfer.outlet.sentBytes).toBeGreaterThan(16 * MiB);
    await world.end();
    expect(reader.outcome).toBe('done');
  });

  it('has at most two writes, of one chunk, with the socket', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    const client = world.open({ object: objectOf('a'), drain: { ms: () => 7 } });
    let most = 0;
    while (!client.isOver) {
      most = Math.max(most, client.socket.writes);
      expect(new Set([...client.socket.memory()].map(({ buffer }) => buffer)).size).toBeLessThanOrEqual(1);
      await world.step();
    }
    expect(most).toBe(2);
    await world.end();
  });

  it('a client that leaves a write untaken copies while pins are scarce, and not any more when it is prompt', async () => {
    const world = new World({ slabs: 4, pinLimit: 1, chunkBytes });
    let ms = 600;
    const client = world.open({
      object: { ...objectOf('a'), length: 60 * chunkBytes },
      drain: { ms: () => ms },
    });
    await world.pass(3000);
    expect(world.arenas.bounce.out.size).toBe(1);
    expect(world.pool.pins.chunks.taken).toBe(0);
    ms = 1;
    while (world.pool.pins.chunks.taken === 0) await world.step();
    await world.end();
    expect(client.outcome).toBe('done');
  });

  it('knows how long a client has taken nothing', async () => {
    const world = new World({ slabs: 4, chunkBytes });
    const client = world.open({ object: objectOf('a'), drain: { stuckAt: 100 * KiB } });
    await world.pass(100);
    const before = client.transfer.outlet.blockedMs;
    await world.pass(1000);
    expect(client.transfer.outlet.blockedMs - before).toBe(1000);
    await world.end();
    expect(client.transfer.outlet.blockedMs).toBe(0);
  });
});
