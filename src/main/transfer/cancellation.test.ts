import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { play, scenarios, worldOf } from '#main/testing/scenarios.ts';
import { flush, World } from '#main/testing/simulation.ts';
import { KiB } from '#shared/units.ts';

const object = { key: 'a', pin: '1', length: 6 * 128 * KiB };

describe('a transfer that is closed', () => {
  it('A transfer that is closed leaves nothing behind, at whatever event of its life.', async () => {
    for (let events = 0; ; events += 1) {
      const world = new World({ slabs: 3, cachedBytes: 0 });
      const client = world.open({ object, drain: { lagMs: 0 } });
      for (let count = 0; count < events && !client.isOver; count += 1) await world.step();
      if (client.isOver) break;
      client.leave();
      // In this very tick: nothing is fetched, nothing is waited for, and only what the socket has is out.
      expect(world.fetching.active).toBe(0);
      expect(world.transfers.waiting('chunks')).toBe(0);
      expect(world.arenas.chunks.out.size).toBe(Math.min(1, client.socket.writes));
      world.check();
      await world.end();
      expect(world.arenas.chunks.out.size).toBe(0);
    }
  });

  it('leaves nothing behind while others read on', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios('nasty', 'good', 6), fc.nat({ max: 400 }), async (scenario, events) => {
        const world = worldOf(scenario);
        for (const { object: read, range, drain } of scenario.visits)
          world.open({ object: read, range, drain });
        for (let count = 0; count < events; count += 1) await world.step();
        for (const client of world.clients) if (!client.isOver) client.leave();
        world.check();
        // What goes on is what will be kept: chunks for the disk, and those that a crowd of small reads asked for.
        const coming = [...world.pool.residents()].filter(({ filling, isZombie }) => filling && !isZombie);
        const kept = coming.filter(({ outlivesReaders }) => outlivesReaders || world.disk);
        expect([coming.length, world.fetching.active <= coming.length]).toEqual([kept.length, true]);
        await world.end();
      }),
      { numRuns: 60 },
    );
  });

  it('ends whoever waits for it', async () => {
    const world = new World({ slabs: 2 });
    const transfer = world.transfers.open(object, { client: 'a', name: 'a', totalBytes: 1 });
    const priming = transfer.prime({ start: 0, end: 10 });
    const closed = transfer.close();
    await expect(priming).rejects.toMatchObject({ code: 'ABORTED' });
    await closed;
    await expect(transfer.prime({ start: 0, end: 10 })).rejects.toMatchObject({ code: 'ABORTED' });
    await transfer.close();
    await world.end();
  });

  it('takes the others along when all are closed, so that the pool can be emptied', async () => {
    const world = new World({ slabs: 3, windowLimit: 4, cachedBytes: 0 });
    for (let count = 0; count < 4; count += 1)
      world.open({ object: { ...object, key: `${count}` }, drain: { ms: () => 50 } });
    await world.pass(300);
    expect(world.transfers.size).toBe(4);
    const closed = world.transfers.close();
    expect([world.fetching.active, world.transfers.waiting('chunks')]).toEqual([0, 0]);
    world.pool[Symbol.dispose]();
    await world.end();
    await closed;
    expect([world.transfers.size, world.arenas.chunks.out.size]).toEqual([0, 0]);
  });

  it('is closed only when its socket has let go of the memory', async () => {
    const world = new World({ slabs: 2 });
    const client = world.open({ object, drain: { stuckAt: 10, lagMs: 50 } });
    await world.pass(100);
    let isClosed = false;
    void client.transfer.close().then(() => (isClosed = true));
    await flush();
    expect([isClosed, client.socket.writes > 0]).toEqual([false, true]);
    await world.pass(60);
    expect([isClosed, client.socket.writes]).toEqual([true, 0]);
    await world.end();
  });

  it('leaves nothing behind in any world', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios('nasty', 'bad', 12), async (scenario) => {
        await play({ ...scenario, options: { ...scenario.options, cachedBytes: 0 } }).then(({ arenas }) =>
          expect([arenas.chunks.out.size, arenas.small.out.size]).toEqual([0, 0]),
        );
      }),
      { numRuns: 60 },
    );
  });
});
