import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '#shared/errors.ts';
import { World, revision, settle, unavailable } from './fetch.fixture.ts';

const kib = 1024;

describe('a fetch', () => {
  it('brings its range into memory and tells of it later than it was started', async () => {
    const world = new World();
    const fetch = world.fetch({ range: { start: 5000, end: 105_000 } });
    expect(fetch.events).toEqual([]);
    await world.run();
    expect(fetch.events[0]).toBe('attempt 1');
    expect(fetch.events.at(-1)).toBe('done');
    expect(fetch.receivedBytes).toBe(100_000);
    expect(fetch.isRight).toBe(true);
    expect(world.isQuiet).toBe(true);
  });

  it('goes on at the watermark after a body that broke off', async () => {
    const world = new World();
    const faults = [{ kind: 'broken off', after: 300_000, error: unavailable() } as const];
    world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: faults.shift() });
    const fetch = world.fetch({ range: { start: 1000, end: 501_000 } });
    await world.run();
    expect(world.origin.requests).toEqual([
      { start: 1000, end: 501_000 },
      { start: 301_000, end: 501_000 },
    ]);
    expect(fetch.events).toContain('back off 25 STORE_UNAVAILABLE');
    expect([fetch.outcome, fetch.receivedBytes, fetch.isRight]).toEqual(['done', 500_000, true]);
  });

  it('asks again for the last piece of a body that was longer than it should be, once', async () => {
    const world = new World();
    const misbehaved = new SluiceError('STORE_MISBEHAVED', 'too long');
    world.origin.script = () => ({
      headMs: 20,
      bytesPerMs: 1000,
      fault: { kind: 'broken off', after: Number.POSITIVE_INFINITY, error: misbehaved },
    });
    const fetch = world.fetch({ range: { start: 0, end: 105_000 } });
    await world.run();
    expect(world.origin.requests).toEqual([
      { start: 0, end: 105_000 },
      { start: 100_000, end: 105_000 },
    ]);
    expect([fetch.outcome, fetch.error, fetch.receivedBytes]).toEqual(['failed', misbehaved, 100_000]);
    expect(world.fetcher.stats.discardedBytes).toBe(10_000);
    expect(world.isQuiet).toBe(true);
  });

  it.each(['REVISION_CHANGED', 'STORE_REFUSED', 'INVARIANT', 'ABORTED'] as const)(
    'fails at once with %s',
    async (code) => {
      const world = new World();
      const error = new SluiceError(code, 'scripted');
      world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: { kind: 'refused', error } });
      const fetch = world.fetch();
      await world.run();
      expect([fetch.error, world.origin.requests.length]).toEqual([error, 1]);
    },
  );

  it('fails after five attempts that came to nothing, with the last error', async () => {
    const world = new World();
    let last = unavailable();
    world.origin.script = () => ({
      headMs: 20,
      bytesPerMs: 1000,
      fault: { kind: 'refused', error: (last = unavailable()) },
    });
    const fetch = world.fetch();
    await world.run();
    expect(fetch.events.filter((event) => event.startsWith('back off'))).toEqual(
      [25, 50, 100, 200].map((ms) => `back off ${ms} STORE_UNAVAILABLE`),
    );
    expect([fetch.error, world.origin.requests.length]).toEqual([last, 5]);
  });

  it('leaves the store alone for as long as it asked, and asks for less from then on', async () => {
    const world = new World();
    const faults = [{ kind: 'refused', error: unavailable(3000) } as const];
    world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: faults.shift() });
    const fetch = world.fetch();
    await world.run();
    expect(fetch.events).toContain('back off 3025 STORE_UNAVAILABLE');
    expect(fetch.outcome).toBe('done');
    expect(world.fetcher.stats.permits.limit).toBe(2);
  });

  it('has no memory of a fetch that was cancelled in one of its own events', async () => {
    for (const moment of ['attempt 1', 'received 10000', 'received 5000', 'back off 25 STORE_UNAVAILABLE']) {
      const world = new World();
      const faults = moment.startsWith('back') ? [{ kind: 'refused', error: unavailable() } as const] : [];
      world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: faults.shift() });
      let released = 0;
      const fetch = world.fetch({
        range: { start: 0, end: 105_000 },
        onEvent: (event) => {
          if (event === moment) fetch.fetch.cancel(() => (released += 1));
        },
      });
      await world.run();
      expect([fetch.events.at(-1), released, world.isQuiet]).toEqual([moment, 1, true]);
    }
  });

  it('writes nothing into memory that a cancellation has released, though it came with the head of the answer', async () => {
    for (const letsGo of ['at once', 'when settled'] as const) {
      const world = new World({ letsGo });
      world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, earlyBytes: 2000 });
      const fetch = world.fetch({
        range: { start: 0, end: 105_000 },
        onEvent: (event) => {
          if (event === 'received 2000') fetch.fetch.cancel(() => fetch.into.fill(0xee));
        },
      });
      await world.run();
      const isUntouched = fetch.into.every((byte) => byte === 0xee);
      expect([fetch.events.at(-1), isUntouched, world.isQuiet]).toEqual(['received 2000', true, true]);
    }
  });
});

describe('stalls', () => {
  it('gives up a request without an answer after five seconds, and asks again', async () => {
    const world = new World();
    const faults = [{ kind: 'no answer' } as const];
    world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: faults.shift() });
    const fetch = world.fetch();
    await world.run(5000);
    expect(world.origin.requests).toHaveLength(1);
    await world.run();
    expect(fetch.events).toContain('back off 25 STORE_STALLED');
    expect(fetch.outcome).toBe('done');
    expect(world.fetcher.stats.stalls['first byte']).toBe(1);
  });

  it('gives up sooner once it knows the store', async () => {
    const world = new World({ tuning: { hedging: 'off' } });
    for (let count = 0; count < 30; count += 1) {
      world.fetch({ range: { start: 0, end: kib } });
      await world.run();
    }
    world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: { kind: 'no answer' } });
    const began = world.clock.now();
    const fetch = world.fetch();
    while (!fetch.events.some((event) => event.startsWith('back off'))) await world.step();
    const waited = world.clock.now() - began;
    expect(waited).toBeGreaterThanOrEqual(500);
    expect(waited).toBeLessThan(600);
  });

  it('does not give up for ever when the store has become slower', async () => {
    const world = new World({ tuning: { hedging: 'off' } });
    for (let count = 0; count < 300; count += 1) world.fetch({ range: { start: 0, end: kib } });
    await world.run();
    world.origin.script = () => ({ headMs: 1500, bytesPerMs: 1000 });
    const fetch = world.fetch();
    await world.run();
    expect(fetch.outcome).toBe('done');
  });

  it.each(['at once', 'when settled'] as const)(
    'gives up a body that has fallen silent and goes on at the watermark, where memory comes back %s',
    async (letsGo) => {
      const world = new World({ letsGo });
      const faults = [{ kind: 'silent', after: 200_000 } as const];
      world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: faults.shift() });
      const fetch = world.fetch({ range: { start: 0, end: 500_000 } });
      await world.run();
      expect(world.origin.requests[1]).toEqual({ start: 200_000, end: 500_000 });
      expect([fetch.outcome, fetch.isRight, fetch.receivedBytes]).toEqual(['done', true, 500_000]);
      expect(world.fetcher.stats.stalls.idle).toBe(1);
    },
  );

  it('gives up a body that is much slower than usual, if somebody waits for it', async () => {
    const run = async (urgency: 'demand' | 'ahead') => {
      const world = new World();
      const range = { start: 0, end: 1024 * kib };
      for (let count = 0; count < 25; count += 1) {
        world.fetch({ range });
        await world.run();
      }
      const paces = [20];
      world.origin.script = () => ({ headMs: 20, bytesPerMs: paces.shift() ?? 1000 });
      const fetch = world.fetch({ range, urgency });
      await world.run(5000);
      return [fetch.outcome, world.fetcher.stats.stalls.slow];
    };
    expect(await run('demand')).toEqual(['done', 1]);
    expect(await run('ahead')).toEqual([undefined, 0]);
  });

  it('gives up nothing because our own process was blocked', async () => {
    for (const blockAfterMs of [5, 60, 150]) {
      const world = new World();
      world.origin.script = () => ({ headMs: 30, bytesPerMs: 100 });
      const fetches = [0, 1, 2].map(() => world.fetch({ range: { start: 0, end: 50 * kib } }));
      await world.run(blockAfterMs);
      for (let count = 0; count < 5; count += 1) {
        world.clock.block(6000);
        await settle();
      }
      await world.run();
      expect(fetches.map(({ outcome, events }) => [outcome, events.includes('attempt 2')])).toEqual(
        fetches.map(() => ['done', false]),
      );
      expect(Object.values(world.fetcher.stats.stalls)).toEqual([0, 0, 0, 0]);
    }
  });
});

describe('the order of fetches', () => {
  const fixed = (connections: number) => ({
    connections: { start: connections, min: connections, max: connections },
  });

  it('is urgency first, then the order of asking; a promoted one goes to the end of its new class', async () => {
    const world = new World({ tuning: fixed(1) });
    const order: string[] = [];
    const start = (name: string, urgency: 'small' | 'demand' | 'ahead') =>
      world.fetch({ urgency, onEvent: (event) => event === 'attempt 1' && order.push(name) });
    start('first', 'ahead');
    await settle();
    start('ahead 1', 'ahead');
    const promoted = start('ahead 2', 'ahead');
    start('demand 1', 'demand');
    start('demand 2', 'demand');
    start('small 1', 'small');
    promoted.fetch.promote('demand');
    promoted.fetch.promote('ahead');
    await world.run();
    expect(order).toEqual(['first', 'small 1', 'demand 1', 'demand 2', 'ahead 2', 'ahead 1']);
  });

  it('keeps a quarter of the permits, at most four, for small reads', async () => {
    for (const [connections, bulk, small] of [
      [1, 1, 0],
      [4, 3, 1],
      [8, 6, 2],
      [64, 60, 4],
    ] as const) {
      const world = new World({ tuning: fixed(connections) });
      for (let count = 0; count < 100; count += 1) world.fetch({ urgency: count % 2 ? 'ahead' : 'demand' });
      await settle();
      expect(world.fetcher.stats.permits.inUse).toBe(bulk);
      for (let count = 0; count < 10; count += 1) world.fetch({ urgency: 'small' });
      await settle();
      expect(world.fetcher.stats.permits.inUse).toBe(bulk + small);
      expect(world.fetcher.stats.fetches.filter(({ phase }) => phase === 'waiting')).toHaveLength(
        bulk + small,
      );
    }
  });
});

describe('the number of connections', () => {
  const limitAfter = async (places: number) => {
    const world = new World();
    world.origin.script = () => ({ headMs: 100, bytesPerMs: 500 });
    const range = { start: 0, end: 64 * kib };
    let begun = 0;
    const begin = (): void => {
      if (begun >= 500) return;
      begun += 1;
      world.fetch({ range, urgency: 'ahead', onEvent: (event) => event === 'done' && queueMicrotask(begin) });
    };
    for (let place = 0; place < places; place += 1) begin();
    await world.run();
    return world.fetcher.stats.permits.limit;
  };

  it('grows while fetches wait and more of them bring more', async () => {
    expect(await limitAfter(30)).toBeGreaterThanOrEqual(16);
  });

  it('stays where it is when nobody waits for one', async () => {
    expect(await limitAfter(3)).toBe(4);
  });
});

describe('a discovery', () => {
  const range = { start: 0, end: 100_000 };
  const never = new AbortController().signal;

  const discover = async (world: World, signal = never) => {
    world.origin.objects.set('object', revision);
    const pending = world.fetcher.discover('object', range, signal);
    while (world.clock.now() < 20) await world.step();
    return pending;
  };

  it('brings the first answer of the fetch that takes it over', async () => {
    const world = new World();
    const discovered = await discover(world);
    expect(world.fetcher.stats.permits.inUse).toBe(1);
    const fetch = world.fetch({ range, ...(discovered && { discovered }) });
    expect(fetch.events).toEqual([]);
    await world.run();
    expect([fetch.outcome, fetch.isRight, world.origin.requests.length]).toEqual(['done', true, 1]);
    expect(world.isQuiet).toBe(true);
  });

  it('leaves no listener behind, and ends with the fetch that took it over', async () => {
    const world = new World();
    const controller = new AbortController();
    const discovered = await discover(world, controller.signal);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    const fetch = world.fetch({ range, ...(discovered && { discovered }) });
    fetch.fetch.cancel(() => undefined);
    await settle();
    expect([fetch.events, world.isQuiet]).toEqual([[], true]);
  });

  it('is given up by a fetch of another range', async () => {
    const world = new World();
    const discovered = await discover(world);
    const fetch = world.fetch({ range: { start: 0, end: 50_000 }, ...(discovered && { discovered }) });
    expect([world.origin.active, world.fetcher.stats.permits.inUse]).toEqual([0, 0]);
    await world.run();
    expect([fetch.outcome, world.origin.requests.length, world.isQuiet]).toEqual(['done', 2, true]);
  });

  it('gives its permit and its request back when it is disposed', async () => {
    const world = new World();
    const discovered = await discover(world);
    discovered?.[Symbol.dispose]();
    discovered?.[Symbol.dispose]();
    expect(world.isQuiet).toBe(true);
  });

  it('keeps nothing when there are no bytes, or no object', async () => {
    const world = new World();
    world.origin.discovers = 'without bytes';
    const discovered = await discover(world);
    expect([discovered?.discovery.object.revision, world.isQuiet]).toEqual([revision, true]);
    const missing = world.fetcher.discover('missing', range, never);
    await world.run();
    expect([await missing, world.isQuiet]).toEqual([undefined, true]);
  });

  it('is tried again, like a fetch', async () => {
    const world = new World();
    const faults = [{ kind: 'refused', error: unavailable() } as const, { kind: 'no answer' } as const];
    world.origin.script = () => ({ headMs: 20, bytesPerMs: 1000, fault: faults.shift() });
    const pending = world.fetcher.discover('missing', range, never);
    await world.run();
    expect([await pending, world.origin.requests.length, world.isQuiet]).toEqual([undefined, 3, true]);
  });
});
