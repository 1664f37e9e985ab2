/** Clients that stall, crawl, go away or come in crowds: they cost nobody else a byte, and nothing stays behind. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stalled } from '#main/object-store/fault-proxy.ts';
import type { RawClient } from '#main/server/raw-client.fixture.ts';
import { MiB } from '#shared/units.ts';
import { chunkBytes, content, origins, Origins, until, type World } from './world.fixture.ts';

let behind: Origins;
beforeAll(async () => {
  behind = await Origins.start();
});
afterAll(() => behind[Symbol.asyncDispose]());

/** More than the kernel's buffers hold, so that a client that does not read is noticed. */
const large = randomBytes(24 * MiB);

describe.each(origins)('%s', (origin) => {
  let path: string;
  let world: World;
  beforeAll(async () => {
    path = await behind.put(origin, large);
  });
  beforeEach(async () => {
    world = await behind.world({ origin });
  });
  afterEach(async () => {
    await world.settled();
    await world[Symbol.asyncDispose]();
  });

  async function begin(fields: readonly string[] = []): Promise<RawClient> {
    const client = await world.sluice.connect();
    const { status } = await client.request(`GET ${path}`, fields).head();
    expect(status).toBe(fields.length > 0 ? 206 : 200);
    return client;
  }

  /** Whoever behaves gets identical bytes meanwhile: of the same object, and of another. */
  async function others(): Promise<readonly number[]> {
    const other = await world.put();
    const [same, different] = await Promise.all([world.read(path), world.read(other)]);
    return [Buffer.compare(same.body, large), Buffer.compare(different.body, content)];
  }

  it('ten that take nothing: others are served, and their memory is theirs again when they go', async () => {
    const stalled = await Promise.all(Array.from({ length: 10 }, () => begin()));
    expect(await others()).toEqual([0, 0]);
    await until(() => world.sluice.engine.transfers.size === 10);
    for (const client of stalled) client.reset();
  });

  it('ten that crawl: others are served', async () => {
    const crawlers = await Promise.all(Array.from({ length: 10 }, () => begin()));
    const crawl = { isOver: false };
    const crawling = crawlers.map(async (client, index) => {
      let at = 0;
      for (; !crawl.isOver; at += 1) {
        expect([index, (await client.body(1))[0]]).toEqual([index, large[at]]);
        await delay(20);
      }
    });
    expect(await others()).toEqual([0, 0]);
    crawl.isOver = true;
    await Promise.all(crawling);
    for (const client of crawlers) client.reset();
  });

  it('one that stops sending after its request (FIN) gets all of the answer', async () => {
    using client = await world.sluice.connect();
    client.request(`GET ${path}`, ['Connection: close']).endSending();
    expect((await client.head()).status).toBe(200);
    expect(Buffer.compare(await client.body(large.length), large)).toBe(0);
    await client.ended();
  });

  it.each(['RST', 'FIN'])('ones that go (%s) at many offsets: others are served', async (how) => {
    const offsets = [
      0,
      1,
      65_535,
      65_536,
      chunkBytes - 1,
      chunkBytes,
      chunkBytes + 1,
      5 * MiB,
      large.length - 1,
    ];
    await Promise.all(
      offsets.map(async (offset) => {
        const client = await begin();
        expect(Buffer.compare(await client.body(offset), large.subarray(0, offset))).toBe(0);
        if (how === 'RST') client.reset();
        else client[Symbol.dispose]();
      }),
    );
    expect(await others()).toEqual([0, 0]);
  });

  it('ones that go before the answer begins', async () => {
    for (const wait of [0, 1, 2, 5, 10, 20]) {
      const client = await world.sluice.connect();
      client.request(`GET ${path}`);
      await delay(wait);
      client.reset();
    }
    expect(await others()).toEqual([0, 0]);
  });

  it.each([
    ['the object is looked up', true],
    ['a chunk is awaited', false],
  ])('one that goes while %s gives up its request to the store', async (_, isUnknown) => {
    if (!isUnknown) await fetch(world.sluice.url + path, { method: 'HEAD' });
    const closed = world.proxy.closedConnections;
    world.spoil('any', stalled, Infinity);
    using client = await world.sluice.connect();
    client.request(`GET ${path}`);
    await until(() => world.asked.length > 0);
    client.reset();
    await until(() => world.sluice.engine.fetcher.stats.activeRequests === 0);
    await expect.poll(() => world.proxy.closedConnections).toBeGreaterThan(closed);
    world.proxy.heal();
  });

  it('two hundred at the same time: identical bytes for each, within the budget', async () => {
    const other = await world.put();
    const once = async (index: number): Promise<void> => {
      const start = (index * 7919) % (content.length - 1);
      const { status, body, whole } = await world.read(other, [`Range: bytes=${start}-`]);
      // The door is narrow, and says so.
      if (status === 503) return once(index);
      expect({ index, status, whole, wrong: Buffer.compare(body, content.subarray(start)) }).toEqual({
        index,
        status: 206,
        whole: true,
        wrong: 0,
      });
    };
    await Promise.all(Array.from({ length: 200 }, (_, index) => once(index)));
  });

  it('two hundred at the same time, of whom every fourth stalls and every fourth goes', async () => {
    const other = await world.put();
    const lingering: RawClient[] = [];
    const bad = async (index: number): Promise<void> => {
      const client = await world.sluice.connect();
      client.request(`GET ${path}`, [`Range: bytes=${index * 1000}-`]);
      lingering.push(client);
      if (index % 4 === 1) return;
      const { status } = await client.head();
      if (status === 206) await client.body(index * 5000);
      client.reset();
    };
    const good = async (): Promise<void> => {
      const { status, body } = await world.read(other);
      if (status === 503) return good();
      expect(Buffer.compare(body, content)).toBe(0);
    };
    const capacity = await world.metric('transfers_max');
    const stalling = Math.min(50, capacity / 2);
    let stalled = 0;
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        if (index % 4 === 1 && (stalled += 1) > stalling) return;
        await (index % 2 === 1 ? bad(index) : good());
      }),
    );
    for (const client of lingering) client.reset();
  });
});
