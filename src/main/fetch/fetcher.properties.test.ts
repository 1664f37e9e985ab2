import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerScript, Fault } from '#main/testing/scripted-origin.ts';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Discovered, Urgency } from './fetch.ts';
import { revision, settle, unavailable, World, type Recorded } from './fetch.fixture.ts';

const letsGo = fc.constantFrom('at once' as const, 'when settled' as const);
const urgency = fc.constantFrom<Urgency>('small', 'demand', 'ahead');
const range = fc
  .record({ start: fc.nat(1000), length: fc.integer({ min: 1, max: 150_000 }) })
  .map(({ start, length }) => ({ start, end: start + length }));

const error = fc.constantFrom<() => SluiceError>(
  () => unavailable(),
  () => unavailable(400),
  () => new SluiceError('STORE_MISBEHAVED', 'scripted'),
  () => new SluiceError('REVISION_CHANGED', 'scripted'),
);
const after = fc.nat(180_000);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  error.map((make) => ({ kind: 'refused' as const, error: make() })),
  fc.constant({ kind: 'no answer' as const }),
  fc
    .record({ after, error })
    .map(({ after, error }) => ({ kind: 'broken off' as const, after, error: error() })),
  after.map((after) => ({ kind: 'silent' as const, after })),
);
const answer: fc.Arbitrary<AnswerScript> = fc.record({
  headMs: fc.nat(700),
  bytesPerMs: fc.constantFrom(5, 50, 1000, 1_000_000),
  earlyBytes: fc.constantFrom(0, 0, 1000, 16_000, 1_000_000),
  fault: fc.option(fault, { nil: undefined, freq: 3 }),
});

const never = new AbortController().signal;

/** The first answers by the script, then good ones. */
function play(world: World, answers: readonly AnswerScript[]): void {
  const left = [...answers];
  world.origin.script = () => left.shift() ?? { headMs: 20, bytesPerMs: 10_000 };
}

function repeat(answers: readonly AnswerScript[]): () => AnswerScript {
  let asked = 0;
  return () => answers[(asked += 1) % answers.length] ?? { headMs: 20, bytesPerMs: 10_000 };
}

/** After 25 answers the store is known well enough for hedges. */
async function acquaint(world: World): Promise<void> {
  world.origin.objects.set(revision.key, revision);
  for (let count = 0; count < 25; count += 1) world.fetch({ range: { start: 0, end: 70_000 } });
  await world.run();
}

describe('whatever the store does', () => {
  const script = fc.record({
    fetches: fc.array(fc.record({ range, urgency }), { minLength: 1, maxLength: 12 }),
    answers: fc.array(answer, { maxLength: 30 }),
    acquainted: fc.boolean(),
    letsGo,
  });

  it('a fetch that is done has each byte once, and one that failed has what it told of', async () => {
    await fc.assert(
      fc.asyncProperty(script, async ({ fetches, answers, acquainted, letsGo }) => {
        const world = new World({ letsGo });
        if (acquainted) await acquaint(world);
        play(world, answers);
        const began = world.fetcher.stats.receivedBytes;
        const records = fetches.map((options) => world.fetch(options));
        await world.run();
        for (const record of records) {
          expect(record.isRight).toBe(true);
          expect(record.events.filter((event) => /^(done|failed)/.test(event))).toHaveLength(1);
          expect(record.receivedBytes === record.into.length).toBe(record.outcome === 'done');
          expect(record.error === undefined || record.error instanceof SluiceError).toBe(true);
        }
        const received = records.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
        expect(world.fetcher.stats.receivedBytes - began).toBe(received);
        expect(world.isQuiet).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('attempts and hedges stay within their bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.nat(8),
        fc.constantFrom('never', 'once'),
        async ({ fetches, answers }, looks, end) => {
          const world = new World();
          await acquaint(world);
          play(world, answers);
          // Without an end: the script over and over, so that some never succeed.
          if (end === 'never') world.origin.script = repeat(answers);
          const before = world.fetcher.stats.attempts;
          const records = fetches.map((options) => world.fetch(options));
          for (let count = 0; count < looks; count += 1) {
            const looking = world.fetcher.discover(revision.key, { start: 0, end: 70_000 }, never);
            looking.then(
              (found) => found?.[Symbol.dispose](),
              () => undefined,
            );
          }
          await world.run();
          const attemptsOf = ({ events }: Recorded) =>
            events.filter((event) => event.startsWith('attempt')).length;
          for (const record of records) {
            const resets = Math.floor(record.into.length / (64 * 1024));
            expect(attemptsOf(record)).toBeLessThanOrEqual(5 * (resets + 1));
          }
          const attempts = records.reduce((sum, record) => sum + attemptsOf(record), 0);
          const { attempts: all, hedges } = world.fetcher.stats;
          expect(all - before - attempts).toBeLessThanOrEqual(5 * looks);
          expect(world.origin.requests.length - all).toBe(hedges.launched);
          expect(hedges.launched).toBeLessThanOrEqual(4 + 0.05 * all);
          expect(world.fetcher.stats.retryQuotaLeft).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('no more requests are out at a time than permits and the burst of hedges allow', async () => {
    await fc.assert(
      fc.asyncProperty(
        script,
        fc.integer({ min: 1, max: 8 }),
        async ({ fetches, answers, letsGo }, connections) => {
          const world = new World({
            letsGo,
            tuning: { connections: { start: connections, min: connections, max: connections } },
          });
          await acquaint(world);
          play(world, answers);
          for (const options of fetches) world.fetch(options);
          await world.run();
          expect(world.origin.mostActive).toBeLessThanOrEqual(connections + 4);
          expect(world.fetcher.stats.hedges.launched > 0 || world.origin.mostActive <= connections).toBe(
            true,
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('whenever it is cancelled', () => {
  const moment = fc.record({ steps: fc.oneof(fc.nat(4), fc.nat(60)), turns: fc.nat(8) });

  /** Some steps of the clock, then some turns of the microtask queue, so that nothing has settled fully; then `act`. */
  const advanceTo = async (
    world: World,
    { steps, turns }: { readonly steps: number; readonly turns: number },
    act: () => void = () => undefined,
  ): Promise<void> => {
    for (let count = 0; count < steps - 1; count += 1) await world.step();
    await settle();
    if (steps > 0) world.clock.step();
    for (let count = 0; count < turns; count += 1) await Promise.resolve();
    act();
  };

  it('a fetch is over in that tick, and its memory is free when it says so', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          jobs: fc.array(fc.record({ range, urgency }), { minLength: 1, maxLength: 6 }),
          moment,
          letsGo,
          answers: fc.array(answer, { maxLength: 6 }),
          acquainted: fc.boolean(),
        }),
        async ({ jobs, moment, letsGo, answers, acquainted }) => {
          const world = new World({ letsGo });
          if (acquainted) await acquaint(world);
          play(world, answers);
          const records = jobs.map((job) => world.fetch(job));
          await advanceTo(world, moment);
          const eventsOf = () => records.map(({ events }) => events.length);
          const events = eventsOf();
          const released = records.map(() => 0);
          const wereOver = records.map(({ outcome }) => outcome !== undefined);
          for (const [index, { fetch, into }] of records.entries())
            fetch.cancel(() => {
              released[index] = (released[index] ?? 0) + 1;
              into.fill(0xee);
            });
          const mustBeReleased = wereOver.map((isOver) => isOver || letsGo === 'at once');
          expect(released.map((times, index) => (mustBeReleased[index] ? times : 1))).toEqual(
            jobs.map(() => 1),
          );
          const { activeRequests, permits, fetches } = world.fetcher.stats;
          expect([activeRequests, permits.inUse, fetches.length, world.origin.active]).toEqual([0, 0, 0, 0]);
          expect(permits.waiting).toEqual({ small: 0, demand: 0, ahead: 0 });
          await settle();
          // Only a store that lets go late may have timers of its own left.
          expect(letsGo === 'at once' ? world.clock.pending : 0).toBe(0);
          for (const { fetch } of records) fetch.promote('small');
          await world.run();
          expect(released).toEqual(jobs.map(() => 1));
          expect(eventsOf()).toEqual(events);
          expect(world.isQuiet).toBe(true);
          expect(records.every(({ into }) => into.every((byte) => byte === 0xee))).toBe(true);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('nothing is forgotten at any instant of an ordinary fetch', async () => {
    const instants = Array.from({ length: 14 * 6 }, (_, index) => ({
      steps: index % 14,
      turns: Math.floor(index / 14),
    }));
    for (const letsGo of ['at once', 'when settled'] as const)
      for (const instant of instants) {
        const world = new World({ letsGo });
        const { fetch, into } = world.fetch({ range: { start: 0, end: 65_000 } });
        await advanceTo(world, instant, () => fetch.cancel(() => into.fill(0xee)));
        expect(world.fetcher.stats.permits.inUse).toBe(0);
        await world.run();
        expect([world.isQuiet, into.every((byte) => byte === 0xee)]).toEqual([true, true]);
      }
  });

  it('a discovery is over in that tick, whether it has been taken over or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          range,
          moment,
          later: moment,
          letsGo,
          answers: fc.array(answer, { maxLength: 3 }),
          acquainted: fc.boolean(),
          finds: fc.constantFrom('bytes', 'no bytes', 'nothing'),
        }),
        async ({ range, moment, later, letsGo, answers, acquainted, finds }) => {
          const world = new World({ letsGo });
          if (acquainted) await acquaint(world);
          world.origin.discovers = finds === 'bytes' ? 'with bytes' : 'without bytes';
          if (finds === 'nothing') world.origin.objects.clear();
          else world.origin.objects.set(revision.key, revision);
          play(world, answers);
          const controller = new AbortController();
          let found: Discovered | undefined;
          let isOver = false;
          let failure: unknown;
          world.fetcher.discover(revision.key, range, controller.signal).then(
            (discovered) => {
              found = discovered;
              isOver = true;
            },
            (error: unknown) => (failure = error),
          );
          await advanceTo(world, moment);
          const fetch = found && world.fetch({ range, discovered: found });
          await advanceTo(world, later);
          controller.abort(new Error('enough'));
          if (fetch) fetch.fetch.cancel(() => undefined);
          expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
          // It may have been found in the last turns, too late to be aborted.
          await settle();
          if (!fetch) found?.[Symbol.dispose]();
          expect(isOver || failure instanceof SluiceError).toBe(true);
          await world.run();
          expect(world.isQuiet).toBe(true);
        },
      ),
      { numRuns: 120 },
    );
  });
});

describe('a discovery that is taken over', () => {
  it('ends in the same bytes, whatever goes wrong after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        range,
        fc.array(answer, { maxLength: 4 }),
        fc.boolean(),
        async (range, answers, acquainted) => {
          const world = new World();
          if (acquainted) await acquaint(world);
          world.origin.objects.set(revision.key, revision);
          play(world, answers);
          let fetch: Recorded | undefined;
          world.fetcher.discover(revision.key, range, never).then(
            (discovered) => (fetch = discovered && world.fetch({ range, discovered })),
            () => undefined,
          );
          await world.run();
          const expected = bytesOf(revision.key, range);
          expect(fetch?.isRight ?? true).toBe(true);
          expect(fetch?.outcome === 'done' ? fetch.into : expected).toEqual(expected);
          expect(world.isQuiet).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });
});
