import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fetchScripts, lengths, play, scenarios, visits, worldOf } from '#main/testing/scenarios.ts';
import { KiB, MiB } from '#shared/units.ts';

const prompt = { waitMs: 1, pieceBytes: 64 * KiB, pieceMs: 1, lingersMs: 0 };

/** Each socket compares every byte, when it gets it and when it lets it go; invariants hold after each event. */
describe('the bytes of a body', () => {
  it('are right for every range, drain and store that answers in the end', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios('willing', 'good', 8), async (scenario) => {
        const world = await play(scenario);
        for (const { outcome } of world.clients) expect(outcome).toBe('done');
      }),
      { numRuns: 50 },
    );
  });

  it('are right or break off, whatever clients and store do', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios('nasty', 'bad'), async (scenario) => {
        const world = await play(scenario);
        const whole = world.clients.filter(({ outcome }) => outcome === 'done');
        for (const { socket, range } of whole) expect(socket.sent).toBe(range.end - range.start);
      }),
      { numRuns: 100 },
    );
  });

  it('are right for objects that end at the edges of chunks', async () => {
    const chunkBytes = 128 * KiB;
    await fc.assert(
      fc.asyncProperty(lengths(chunkBytes), fetchScripts('good'), async (length, script) => {
        const world = worldOf({ options: { slabs: 2, chunkBytes }, scripts: [script] });
        const client = world.open({ object: { key: 'a', pin: '1', length } });
        await world.end();
        expect([client.outcome, client.socket.sent]).toEqual(['done', length]);
      }),
      {
        examples: [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1].map((length) => [length, prompt]),
        numRuns: 30,
      },
    );
  });

  it('are right at any place of an object of 5 GiB', async () => {
    const length = 5 * 1024 * MiB + 17;
    const place = fc.tuple(
      fc.constantFrom(2 ** 31, 2 ** 32, length, length - 8 * MiB, 640 * 8 * MiB),
      fc.integer({ min: -300_000, max: 300_000 }),
      fc.integer({ min: 1, max: 2 * MiB }),
    );
    await fc.assert(
      fc.asyncProperty(place, fetchScripts('good'), async ([near, off, bytes], script) => {
        const world = worldOf({
          options: { slabs: 3, chunkBytes: 8 * MiB },
          scripts: [{ ...script, pieceBytes: MiB }],
        });
        const start = Math.min(near + off, length - 1);
        const range = { start, end: Math.min(length, start + bytes) };
        const client = world.open({ object: { key: 'huge', pin: '1', length }, range });
        await world.end();
        expect(client.outcome).toBe('done');
      }),
      { numRuns: 20 },
    );
  });

  it('are right when readers begin in the middle of large chunks, and others below them', async () => {
    const chunkBytes = 2 * MiB;
    await fc.assert(
      fc.asyncProperty(
        fc.array(visits(chunkBytes, 'willing', 2), { minLength: 2, maxLength: 8 }),
        fetchScripts('good'),
        fc.integer({ min: 2, max: 4 }),
        fc.constantFrom('none', 'scripted'),
        async (some, script, slabs, disk) => {
          const scripts = [{ ...script, pieceBytes: Math.max(script.pieceBytes, 64 * KiB) }];
          const world = await play({ options: { slabs, chunkBytes, disk }, visits: some, scripts });
          for (const { outcome } of world.clients) expect(outcome).toBe('done');
        },
      ),
      { numRuns: 10 },
    );
  });
});
