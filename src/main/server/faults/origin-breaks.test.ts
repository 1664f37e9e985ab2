/** The origin breaks off, stalls, trickles and asks for rest: the client gets the same bytes all the same. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  after,
  delayed,
  endings,
  honest,
  refusal,
  reset,
  stalled,
  trickled,
  type Ending,
  type Fault,
} from '#main/object-store/fault-proxy.ts';
import {
  chunkBytes,
  content,
  hasty,
  hastyInBodies,
  origins,
  Origins,
  patient,
  places,
  type Place,
  until,
} from './world.fixture.ts';

let behind: Origins;
beforeAll(async () => {
  behind = await Origins.start();
});
afterAll(() => behind[Symbol.asyncDispose]());

/** How much of the body has gone out when the answer breaks off; `undefined`: not even the head. */
const phases: Readonly<Record<string, ((bytes: number) => number) | undefined>> = {
  'before the headers': undefined,
  'after the headers': () => 0,
  'in mid-chunk': (bytes) => bytes / 2,
  'at the last byte': (bytes) => bytes - 1,
};

function broken(phase: string, ending: Ending): Fault {
  const bytesOf = phases[phase];
  return bytesOf ? after(bytesOf, ending) : (_, response) => ending(response);
}

const rows = Object.keys(phases).flatMap((phase) =>
  (Object.keys(places) as Place[]).map((place) => ({ phase, place })),
);

describe.each(origins)('%s', (origin) => {
  describe.each(['RST', 'FIN'] as const)('%s', (how) => {
    it.each(rows)('$phase of the answer to $place: resumed at the watermark', async ({ phase, place }) => {
      await using world = await behind.world({ origin });
      const path = await world.put();
      world.spoil(place, broken(phase, endings[how]));
      const { status, body, whole } = await world.read(path);
      expect({ status, whole, wrong: Buffer.compare(body, content) }).toEqual({
        status: 200,
        whole: true,
        wrong: 0,
      });

      const { asked } = world;
      const [, again] = asked.filter(({ end }) => end === places[place] + chunkBytes);
      const sent = Math.floor(phases[phase]?.(chunkBytes) ?? 0);
      // What a reset overtakes is lost on the way.
      const least = places[place] + (how === 'FIN' ? sent : 0);
      expect(again?.start).toBeGreaterThanOrEqual(least);
      expect(again?.start).toBeLessThanOrEqual(places[place] + sent);
      expect(await world.metric('store_retries_total{code="STORE_UNAVAILABLE"}')).toBe(1);
      expect(await world.metric('store_attempts_total')).toBe(asked.length);
      await world.settled();
    });
  });

  describe('silence', () => {
    it.each(rows)('$phase of the answer to $place: killed and resumed', async ({ phase, place }) => {
      // A store that is late with its head would be given up before anything of the body has come.
      const tuning = phases[phase] ? hastyInBodies : hasty;
      await using world = await behind.world({ origin, tuning });
      const path = await world.put();
      world.spoil(place, broken(phase, endings.silence));
      const { body, whole } = await world.read(path);
      expect({ whole, wrong: Buffer.compare(body, content) }).toEqual({ whole: true, wrong: 0 });
      const sent = Math.floor(phases[phase]?.(chunkBytes) ?? 0);
      const starts = world.asked
        .filter(({ end }) => end === places[place] + chunkBytes)
        .map(({ start }) => start);
      expect(starts[1]).toBe(places[place] + sent);
      const reason = phases[phase] ? 'idle' : 'first byte';
      expect(await world.metric(`store_stalls_total{reason="${reason}"}`)).toBeGreaterThanOrEqual(1);
      await world.settled();
    });
  });

  describe('a request for rest', () => {
    it.each([
      { status: 503, code: 'SlowDown', fields: {}, place: 'the first look' },
      { status: 503, code: 'SlowDown', fields: {}, place: 'a later chunk' },
      { status: 503, code: 'SlowDown', fields: { 'retry-after': '1' }, place: 'the first look' },
      { status: 503, code: 'SlowDown', fields: { 'retry-after': '1' }, place: 'a later chunk' },
      { status: 429, code: 'TooManyRequests', fields: {}, place: 'a later chunk' },
      { status: 429, code: 'TooManyRequests', fields: { 'retry-after': '0' }, place: 'a later chunk' },
    ] as const)(
      '$status with $fields to $place: a pause, fewer requests at a time, no hedge',
      async ({ status, code, fields, place }) => {
        await using world = await behind.world({ origin, tuning: { ...patient, hedging: 'on' } });
        const path = await world.put();
        const mostRequests = () => world.metric('store_requests_max');
        let letGo = (): void => undefined;
        const gate = new Promise<void>((resolve) => (letGo = resolve));
        // While nothing is wrong it goes up, the further the slower the machine is: all else waits until it was seen.
        let limit = 0;
        const refuse = refusal(status, code, fields);
        world.spoil(place, (...answer) => {
          void mostRequests().then((now) => {
            limit = now;
            world.spoil('any', (...other) => void gate.then(() => honest(...other)), Infinity);
            refuse(...answer);
          });
        });
        const reading = world.read(path);
        await vi.waitFor(async () => expect(await mostRequests()).toBeLessThan(limit), 30_000);
        letGo();
        const { body } = await reading;
        expect(Buffer.compare(body, content)).toBe(0);
        expect(await world.metric('store_retries_total{code="STORE_UNAVAILABLE"}')).toBe(1);
        expect(await world.metric('store_hedges_total{event="launched"}')).toBe(0);
        await world.settled();
      },
    );
  });

  it('with one connection to it: what came along with a look does not keep it from a chunk that the look waits for', async () => {
    const connections = { start: 1, min: 1, max: 1 };
    await using world = await behind.world({ origin, tuning: { ...patient, connections } });
    const path = await world.put();
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    world.spoil('any', (...answer) => void gate.then(() => honest(...answer)));
    world.spoil('the first look', delayed(500));
    const permits = () => world.sluice.engine.fetcher.stats.permits;
    // The second chunk, then the beginning.
    const first = world.read(path, [`Range: bytes=${chunkBytes}-${2 * chunkBytes - 1},0-9`]);
    await until(() => permits().inUse === 1);
    // What is known of the object is fresh for a second: the next one looks for itself, and is next.
    await sleep(1200);
    const second = world.read(path);
    await until(() => permits().waiting.small === 1);
    letGo();
    // By the time that it is answered, the first one has asked for the beginning, and waits for the connection.
    expect(await first).toMatchObject({ status: 206, whole: true });
    expect(Buffer.compare((await second).body, content)).toBe(0);
    expect(world.asked.filter(({ start }) => start === 0)).toHaveLength(2);
    await world.settled();
  });

  it('that refuses every request is asked five times, and not for ever', async () => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    world.spoil('any', refusal(503, 'SlowDown'), Infinity);
    const { status } = await world.read(path);
    expect(status).toBe(502);
    expect(world.asked).toHaveLength(5);
    await world.settled();
    world.proxy.heal();
    expect(Buffer.compare((await world.read(path)).body, content)).toBe(0);
    await world.settled();
  });

  it('that resets every request in mid-transfer ends in a broken connection, never in a clean end', async () => {
    await using world = await behind.world({ origin });
    const path = await world.put();
    world.spoil('a later chunk', reset, Infinity);
    const { body, whole } = await world.read(path);
    expect(whole).toBe(false);
    expect(Buffer.compare(body, content.subarray(0, body.length))).toBe(0);
    await world.settled();
  });
});

describe('slowness that shows against what is usual', () => {
  const tuning = { ...patient, hedging: 'on', stalls: { ...patient.stalls, slowMs: 1000 } } as const;

  it.each(Object.keys(places) as Place[])(
    '10 KB/s in the answer to %s: given up and resumed',
    async (place) => {
      // A head that is late on a busy machine is not asked for twice.
      await using world = await behind.world({ tuning: { ...tuning, hedging: 'off' } });
      world.spoil('any', delayed(30), 25);
      const usual = await world.put(Buffer.alloc(25 * chunkBytes, 'usual'));
      expect((await world.read(usual)).whole).toBe(true);
      const path = await world.put();
      world.spoil(place, trickled(10_000));
      const { body } = await world.read(path);
      expect(Buffer.compare(body, content)).toBe(0);
      expect(await world.metric('store_stalls_total{reason="slow"}')).toBe(1);
      const starts = world.asked
        .filter(({ end }) => end === places[place] + chunkBytes)
        .map(({ start }) => start);
      expect(starts.at(-1)).toBeGreaterThan(places[place]);
      await world.settled();
    },
  );

  it('a head that does not come: asked once more, and the second answer wins', async () => {
    await using world = await behind.world({ tuning });
    world.spoil('any', delayed(30), 25);
    const usual = await world.put(Buffer.alloc(25 * chunkBytes, 'usual'));
    expect((await world.read(usual)).whole).toBe(true);
    const path = await world.put();
    world.spoil('a later chunk', stalled);
    const { body } = await world.read(path);
    expect(Buffer.compare(body, content)).toBe(0);
    expect(await world.metric('store_hedges_total{event="won"}')).toBeGreaterThanOrEqual(1);
    expect(await world.metric('store_stalls_total{reason="first byte"}')).toBe(0);
    await world.settled();
  });
});
