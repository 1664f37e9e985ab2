import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fetchScripts, play, visits, worldOf, worldOptions } from '#main/testing/scenarios.ts';
import { World } from '#main/testing/simulation.ts';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { KiB } from '#shared/units.ts';

const gone = {
  waitMs: 5,
  pieceBytes: 64 * KiB,
  pieceMs: 1,
  lingersMs: 0,
  failsAfter: 0,
  failsWith: 'REVISION_CHANGED',
} as const;
const good = { waitMs: 5, pieceBytes: 64 * KiB, pieceMs: 1, lingersMs: 0 };
const chunkBytes = 128 * KiB;

/** Bytes that belong to one revision alone, so that a socket notices any mixture. */
function distinguish(world: World): void {
  world.fetching.contents = ({ key, pin }, range) => bytesOf(`${key} ${pin}`, range);
}

describe('when the store replaces an object', () => {
  it('A body that finishes is of one revision; any other breaks off.', async () => {
    await fc.assert(
      fc.asyncProperty(
        worldOptions,
        fc.array(visits(128 * KiB, 'nasty', 1), { minLength: 2, maxLength: 8 }),
        fetchScripts('good'),
        fc.nat({ max: 30 }),
        async (options, some, script, changesAt) => {
          // Who comes after the change asks for the new revision.
          const world = await play(
            { options: { ...options, chunkBytes }, visits: some, scripts: [script] },
            (created) => {
              distinguish(created);
              let fetches = 0;
              created.fetching.script = () => {
                fetches += 1;
                return fetches > changesAt
                  ? { ...script, failsAfter: 0, failsWith: 'REVISION_CHANGED' }
                  : script;
              };
            },
          );
          const whole = world.clients.filter(({ outcome }) => outcome === 'done');
          for (const { socket, range } of whole) expect(socket.sent).toBe(range.end - range.start);
          expect(world.clients.filter(({ outcome }) => outcome === 'running')).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('A body whose rest is in memory is finished, whatever became of its object.', async () => {
    const world = new World({ slabs: 8, windowLimit: 8, latencyMs: 400 });
    distinguish(world);
    const object = { key: 'a', pin: '1', length: 4 * chunkBytes };
    world.open({ object, range: { start: 0, end: 2 * chunkBytes } });
    await world.settle();
    const slow = world.open({ object, range: { start: 0, end: 2 * chunkBytes }, drain: { ms: () => 500 } });
    const far = world.open({ object, drain: { ms: () => 500 } });
    await world.pass(10);
    world.fetching.script = () => gone;
    const reader = world.open({ object, range: { start: 3 * chunkBytes, end: 4 * chunkBytes } });
    await world.pass(20);
    expect([reader.outcome, far.outcome, slow.outcome]).toEqual(['failed', 'failed', 'running']);
    expect(reader.error).toMatchObject({ code: 'REVISION_CHANGED' });
    expect(far.error).toMatchObject({ code: 'REVISION_CHANGED' });
    await world.end();
    expect(slow.outcome).toBe('done');
  });

  it('nothing more is asked of a revision that is gone', async () => {
    const world = worldOf({ options: { slabs: 4, windowLimit: 1 }, scripts: [good, good, gone] });
    const object = { key: 'a', pin: '1', length: 8 * chunkBytes };
    world.open({ object, range: { start: 0, end: chunkBytes }, drain: { ms: () => 400 } });
    world.open({ object, range: { start: chunkBytes, end: 8 * chunkBytes } });
    await world.pass(100);
    expect(world.fetching.jobs.length).toBe(3);
    await world.pass(1000);
    expect(world.fetching.jobs.length).toBe(3);
    await world.end();
  });

  it('a revision that has come back is read again', async () => {
    const world = worldOf({ options: { slabs: 4, windowLimit: 1 }, scripts: [good, gone, good] });
    const object = { key: 'a', pin: '1', length: 2 * chunkBytes };
    const first = world.open({ object });
    await world.settle();
    expect(first.outcome).toBe('failed');
    const second = world.open({ object });
    await world.end();
    expect(second.outcome).toBe('done');
  });
});
