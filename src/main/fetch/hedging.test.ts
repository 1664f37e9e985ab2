import { describe, expect, it } from 'vitest';
import type { Discovery } from '#main/object-store/object-store.ts';
import { revision, settle, unavailable, World } from './fetch.fixture.ts';
import { HedgeBudget } from './hedging.ts';
import type { FetchTuning } from './tuning.ts';

const range = { start: 0, end: 64 * 1024 };
const requests = 1000;
const never = new AbortController().signal;

/** Heads after 15 to 25 ms; of a hundred requests one, on average, takes 800 ms. */
function straggling(world: World): void {
  let asked = 0;
  world.origin.script = () => {
    asked += 1;
    return { headMs: asked % 97 === 0 ? 800 : 15 + (asked % 11), bytesPerMs: 10_000 };
  };
}

/** Otherwise the stragglers would be given up before they come. */
const patient: FetchTuning = { stalls: { firstByteMinMs: 5000 } };

type Load = 'demand' | 'ahead' | 'discovery';

/** Asks for one range after another, from a few places at a time; `told` hears how long each first byte took. */
function ask(world: World, load: Load, told: (milliseconds: number) => void): void {
  if (load === 'discovery') {
    const beganMs = world.clock.now();
    void world.fetcher.discover(revision.key, range, never).then((discovered) => {
      discovered?.[Symbol.dispose]();
      told(world.clock.now() - beganMs);
    });
    return;
  }
  const record = world.fetch({
    range,
    urgency: load,
    onEvent: (event) => event === 'done' && queueMicrotask(() => told(record.firstByteMs ?? Infinity)),
  });
}

async function run(tuning: FetchTuning, load: Load = 'demand') {
  const world = new World({ tuning });
  world.origin.objects.set(revision.key, revision);
  straggling(world);
  const firstBytes: number[] = [];
  let asked = 0;
  const next = (): void => {
    if (asked === requests) return;
    asked += 1;
    ask(world, load, (milliseconds) => {
      firstBytes.push(milliseconds);
      next();
    });
  };
  for (let place = 0; place < 6; place += 1) next();
  await world.run();
  return {
    p99: firstBytes.sort((a, b) => a - b)[Math.floor(0.99 * requests)] ?? Infinity,
    extra: world.origin.requests.length - requests,
    stats: world.fetcher.stats,
    isQuiet: world.isQuiet,
  };
}

/** A world whose store is known well enough for hedges. */
async function acquainted(): Promise<World> {
  const world = new World({ tuning: patient });
  world.origin.objects.set(revision.key, revision);
  for (let count = 0; count < 25; count += 1) world.fetch({ range });
  await world.run();
  return world;
}

describe('hedging', () => {
  it.each([
    ['fetches', 'demand'],
    ['first looks', 'discovery'],
  ] as const)('brings the p99 of %s down to a quarter for one request more in twenty', async (_, load) => {
    const off = await run({ ...patient, hedging: 'off' }, load);
    const on = await run({ ...patient, hedging: 'on' }, load);
    expect(off.p99).toBeGreaterThanOrEqual(800);
    expect(off.extra).toBe(0);
    expect(on.p99).toBeLessThanOrEqual(off.p99 / 4);
    expect(on.extra).toBeLessThanOrEqual(0.05 * requests + 4);
    const { launched, won, lost } = on.stats.hedges;
    expect([won + lost, won > 0, on.isQuiet]).toEqual([launched, true, true]);
  });

  it('is for fetches that somebody waits for', async () => {
    expect((await run(patient, 'ahead')).extra).toBe(0);
  });

  it('goes on with one of two requests when the other fails', async () => {
    const world = await acquainted();
    for (const [first, second] of [
      ['refused', 'good'],
      ['good', 'refused'],
    ] as const) {
      const before = world.fetcher.stats.hedges;
      const answers = {
        good: { headMs: 400, bytesPerMs: 10_000 },
        refused: { headMs: 300, bytesPerMs: 1, fault: { kind: 'refused', error: unavailable() } as const },
      };
      const script = [answers[first], answers[second]];
      world.origin.script = () => script.shift() ?? answers.good;
      const fetch = world.fetch({ range });
      await world.run();
      expect(fetch.events.filter((event) => !event.startsWith('received'))).toEqual(['attempt 1', 'done']);
      expect(world.fetcher.stats.hedges.launched).toBe(before.launched + 1);
      expect(world.isQuiet).toBe(true);
    }
  });

  it('is told, and which of the two was answered first', async () => {
    const world = await acquainted();
    for (const [slow, winner] of [
      [4000, 'hedge'],
      [400, 'request'],
    ] as const) {
      const script = [{ headMs: slow, bytesPerMs: 10_000 }];
      world.origin.script = () =>
        script.shift() ?? { headMs: winner === 'hedge' ? 20 : 1000, bytesPerMs: 10_000 };
      const told: string[] = [];
      world.fetcher.start({
        revision,
        range,
        into: new Uint8Array(range.end),
        urgency: 'demand',
        events: {
          attempt: () => told.push('attempt'),
          hedged: () => told.push('hedged'),
          answered: (by) => told.push(`answered by ${by}`),
          received: () => undefined,
          backOff: () => told.push('back off'),
          done: () => told.push('done'),
          failed: () => told.push('failed'),
        },
      });
      await world.run();
      expect(told).toEqual(['attempt', 'hedged', `answered by ${winner}`, 'done']);
    }
  });

  it('leaves a store alone that has asked us to slow down', async () => {
    const world = await acquainted();
    const faults = [{ kind: 'refused', error: unavailable(0) } as const];
    // Slower each time, so that each is late by what is known.
    let headMs = 200;
    world.origin.script = () => ({ headMs: (headMs *= 1.5), bytesPerMs: 10_000, fault: faults.shift() });
    const hedgesOf = async (): Promise<number> => {
      const before = world.fetcher.stats.hedges.launched;
      world.fetch({ range });
      await world.run();
      return world.fetcher.stats.hedges.launched - before;
    };
    // The hedge of the first goes out before anything is known to be wrong.
    expect(await hedgesOf()).toBe(1);
    expect(await hedgesOf()).toBe(0);
    expect(world.fetcher.stats.hedges.refused).toBe(1);
    world.clock.advance(10_000);
    expect(await hedgesOf()).toBe(1);
  });
});

describe('a first look that was hedged', () => {
  const object = { revision, headers: {}, etag: revision.pin, lastModified: new Date(0) };
  const answer = { readInto: () => Promise.resolve() };
  const outcomes: readonly [string, Discovery | undefined][] = [
    ['bytes', { object, range, answer }],
    ['an object without bytes', { object, range }],
    ['no object', undefined],
  ];

  /** Two requests whose answers are the test's to give, and the promise of what comes of them. */
  async function hedged(signal = never) {
    const world = await acquainted();
    const { launched } = world.fetcher.stats.hedges;
    const asked: { readonly signal: AbortSignal; readonly answer: (found: Discovery | undefined) => void }[] =
      [];
    world.origin.discover = (_key, _range, signal) =>
      new Promise((answer) => void asked.push({ signal, answer }));
    const looking = world.fetcher.discover(revision.key, range, signal);
    while (asked.length < 2) await world.step();
    const [first, hedge] = asked;
    if (!first || !hedge) throw new Error('nothing was asked');
    const hedges = () => {
      const { won, lost } = world.fetcher.stats.hedges;
      return { launched: world.fetcher.stats.hedges.launched - launched, won, lost };
    };
    return { world, looking, first, hedge, hedges };
  }

  describe.each(['first', 'hedge'] as const)('where the %s is answered', (winner) => {
    it.each(outcomes)('with %s brings that, and the other ends in that tick', async (_, found) => {
      for (const when of ['later', 'in the same turn', 'never'] as const) {
        const { world, looking, hedges, ...asked } = await hedged();
        const loser = asked[winner === 'first' ? 'hedge' : 'first'];
        let atOnce: boolean | undefined;
        asked[winner].answer(found);
        if (when === 'in the same turn')
          loser.answer({ object: { ...object, etag: 'other' }, range, answer });
        const discovered = await looking.then((value) => {
          atOnce = loser.signal.aborted;
          return value;
        });
        if (when === 'later') loser.answer({ object: { ...object, etag: 'other' }, range, answer });
        await settle();
        expect([discovered?.discovery, atOnce]).toEqual([found, true]);
        expect(asked[winner].signal.aborted).toBe(false);
        const held = found?.answer ? 1 : 0;
        const { activeRequests, permits } = world.fetcher.stats;
        expect([activeRequests, permits.inUse]).toEqual([held, held]);
        discovered?.[Symbol.dispose]();
        expect(asked[winner].signal.aborted).toBe(held === 1);
        expect(hedges()).toEqual({
          launched: 1,
          won: winner === 'hedge' ? 1 : 0,
          lost: winner === 'hedge' ? 0 : 1,
        });
        expect(world.isQuiet).toBe(true);
      }
    });
  });

  it('ends both requests in the tick in which nobody wants it any more', async () => {
    const controller = new AbortController();
    const { world, looking, first, hedge } = await hedged(controller.signal);
    first.answer({ object, range, answer });
    controller.abort();
    expect([first.signal.aborted, hedge.signal.aborted, world.isQuiet]).toEqual([true, true, true]);
    await expect(looking).rejects.toMatchObject({ code: 'ABORTED' });
    await settle();
    expect(world.isQuiet).toBe(true);
  });
});

describe('the budget of hedges', () => {
  it('starts with four and gains one in twenty requests', () => {
    const budget = new HedgeBudget();
    const paid = (): number => [0, 0, 0, 0, 0].filter(() => budget.tryPay(0)).length;
    expect(paid()).toBe(4);
    for (let count = 0; count < 19; count += 1) budget.requested();
    expect(paid()).toBe(0);
    for (let count = 0; count < 2; count += 1) budget.requested();
    expect(paid()).toBe(1);
    for (let count = 0; count < 1000; count += 1) budget.requested();
    expect(paid()).toBe(4);
  });

  it('is closed while lateness is the rule', () => {
    const budget = new HedgeBudget();
    for (let count = 0; count < 12; count += 1) budget.noteHead('late');
    expect(budget.tryPay(0)).toBe(false);
    for (let count = 0; count < 50; count += 1) budget.noteHead('in time');
    expect(budget.tryPay(0)).toBe(true);
  });
});
