import { describe, expect, it } from 'vitest';
import { World, type Client } from '#main/testing/simulation.ts';
import { KiB } from '#shared/units.ts';

const chunkBytes = 256 * KiB;
const drain = { ms: (_offset: number, bytes: number) => bytes / 50_000 };
const big = (name: string) => ({ key: name, pin: '1', length: 40 * chunkBytes });

function worldWith(slabs: number): World {
  const world = new World({ slabs, chunkBytes, windowLimit: 4, latencyMs: 40 });
  world.fetching.script = () => ({ waitMs: 20, pieceBytes: 64 * KiB, pieceMs: 5, lingersMs: 0 });
  return world;
}

/** What each group has taken, in chunks, after every event until somebody is through. */
async function sharesOf(world: World, groups: readonly (readonly Client[])[]): Promise<number[][]> {
  const samples: number[][] = [];
  while (world.clients.every(({ isOver }) => !isOver)) {
    samples.push(groups.map((group) => group.reduce((sum, { socket }) => sum + socket.sent / chunkBytes, 0)));
    await world.step();
  }
  return samples;
}

/** The greatest difference between what two groups took, over any time in which they took `span` chunks on average. */
function spread(samples: readonly (readonly number[])[], span: number): number {
  const mean = (sample: readonly number[] = []) =>
    sample.reduce((sum, part) => sum + part, 0) / sample.length;
  let widest = 0;
  let to = 0;
  for (const first of samples) {
    while (to < samples.length && mean(samples[to]) < mean(first) + span) to += 1;
    const parts = samples[to]?.map((part, index) => part - (first[index] ?? 0));
    if (!parts) break;
    widest = Math.max(widest, Math.max(...parts) - Math.min(...parts));
  }
  return widest;
}

describe('fairness', () => {
  it.each([
    [2, 7],
    [4, 6],
    [8, 8],
    [16, 5],
    [11, 3],
  ])('with %i slabs, %i equal clients stay close to each other', async (slabs, count) => {
    const world = worldWith(slabs);
    const groups = Array.from({ length: count }, (_, index) => [
      world.open({ object: big(`object-${index}`), drain }),
    ]);
    const samples = await sharesOf(world, groups);
    await world.end();
    for (const span of [7, 13, 20]) expect(spread(samples, span)).toBeLessThanOrEqual(3);
  });

  it('a host with many connections gets no more than one with few', async () => {
    const world = worldWith(4);
    const groups = [24, 4, 4].map((connections, host) =>
      Array.from({ length: connections }, (_, index) =>
        world.open({ object: big(`object-${host}-${index}`), client: `host-${host}`, drain }),
      ),
    );
    const samples = await sharesOf(world, groups);
    // It has come first, and no more than that.
    for (const span of [10, 20, 30]) expect(spread(samples, span)).toBeLessThanOrEqual(6);
    for (const client of world.clients) if (!client.isOver) client.leave();
    await world.end();
  });

  it('a client that is stuck costs the others next to nothing while there is memory', async () => {
    const msWith = async (stuck: number): Promise<number> => {
      const world = worldWith(40);
      for (let index = 0; index < stuck; index += 1)
        world.open({ object: big(`stuck-${index}`), drain: { stuckAt: 100 * KiB } });
      await world.pass(2000);
      const from = world.clock.now();
      for (let index = 0; index < 6; index += 1) world.open({ object: big(`object-${index}`), drain });
      await world.settle();
      const ms = world.clock.now() - from;
      await world.end();
      return ms;
    };
    const alone = await msWith(0);
    expect(await msWith(1)).toBeLessThan(1.05 * alone);
    expect(await msWith(12)).toBeLessThan(1.05 * alone);
  });
});
