import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { flush, World, type WorldOptions } from '#main/testing/simulation.ts';
import { SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';
import { prefetch } from './prefetch.ts';

const chunkBytes = 128 * KiB;
const objectOf = (key: string, chunks: number): ObjectRevision => ({
  key,
  pin: '1',
  length: chunks * chunkBytes - 7,
});
const withDisk = (options: Partial<WorldOptions> = {}): World =>
  new World({ slabs: 8, chunkBytes, disk: 'scripted', ...options });

/** A prefetch in a world, and what it has told. */
class Prefetching {
  outcome: 'running' | 'done' | 'failed' = 'running';
  error: unknown;
  readonly bytes = { there: 0, brought: 0 };
  readonly waited = new Set<string>();
  readonly life = new AbortController();
  readonly #world: World;

  constructor(world: World, object: ObjectRevision, range = { start: 0, end: object.length }) {
    this.#world = world;
    const { transfers, disk, backfill } = world;
    const options = { transfers, disk, backfill, latencyMs: () => 20, isStoreSaturated: () => false };
    const job = {
      object,
      range,
      onDone: (bytes: number, from: 'there' | 'brought') => void (this.bytes[from] += bytes),
      onWaiting: (what: string) => void this.waited.add(what),
    };
    prefetch(options, job, this.life.signal).then(
      () => {
        this.outcome = 'done';
      },
      (error: unknown) => {
        this.outcome = 'failed';
        this.error = error;
      },
    );
  }

  /** Runs the world until it has ended. */
  async end(): Promise<void> {
    for (let steps = 0; this.outcome === 'running'; steps += 1) {
      if (steps > 100_000) throw new Error(`it does not end: ${this.#world.describe()}`);
      await this.#world.step();
    }
    await flush();
  }
}

describe('a prefetch', () => {
  it('brings an object to disk, with two slabs at a time, and leaves nothing in memory', async () => {
    const world = withDisk();
    const object = objectOf('a', 20);
    const fetching = new Prefetching(world, object);
    let most = 0;
    while (fetching.outcome === 'running') {
      await world.step();
      most = Math.max(most, [...world.pool.residents()].length);
    }
    expect(fetching).toMatchObject({ outcome: 'done', bytes: { there: 0, brought: object.length } });
    expect(world.disk?.written.length).toBe(20);
    expect(most).toBeLessThanOrEqual(2);
    expect([...world.pool.residents()]).toEqual([]);

    const again = new Prefetching(world, object);
    await again.end();
    expect(again.bytes).toEqual({ there: object.length, brought: 0 });
    await world.end();
  });

  it('brings the whole chunks of a range, and no others', async () => {
    const world = withDisk();
    await new Prefetching(world, objectOf('a', 20), {
      start: 3 * chunkBytes + 5,
      end: 5 * chunkBytes + 1,
    }).end();
    expect(world.disk?.written.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([3, 4, 5]);
    await world.end();
  });

  it('keeps what it brings in memory where there is no disk', async () => {
    const world = new World({ slabs: 8, chunkBytes });
    await new Prefetching(world, objectOf('a', 4)).end();
    expect([...world.pool.residents()].map(({ id }) => id.index)).toEqual([0, 1, 2, 3]);
    world.open({ object: objectOf('a', 4) });
    await world.end();
    expect(world.fetching.jobs.length).toBe(4);
  });

  it('costs the memory cache two chunks at most', async () => {
    const world = withDisk();
    world.open({ object: objectOf('kept', 8) });
    await world.settle();
    await new Prefetching(world, objectOf('a', 20)).end();
    const kept = [...world.pool.residents()].filter(({ id }) => id.object.key === 'kept');
    expect(kept.length).toBeGreaterThanOrEqual(6);
    await world.end();
  });

  it('takes nothing while clients have all slabs, and says what it waits for', async () => {
    const world = withDisk({ slabs: 2, pinLimit: 2 });
    const stuck = [0, 1].map((index) =>
      world.open({ object: objectOf(`stuck-${index}`, 1), drain: { stuckAt: 10 } }),
    );
    await world.pass(100);
    const fetching = new Prefetching(world, objectOf('a', 2));
    await world.pass(1000);
    expect(fetching.outcome).toBe('running');
    expect([...fetching.waited]).toContain('memory');
    for (const client of stuck) client.leave();
    await fetching.end();
    expect(fetching.outcome).toBe('done');
    await world.end();
  });

  it('fails with what the store says, and when the object has been replaced', async () => {
    const world = withDisk();
    world.fetching.script = () => ({
      waitMs: 1,
      pieceBytes: 1024,
      pieceMs: 1,
      lingersMs: 0,
      failsAfter: 2048,
    });
    const failing = new Prefetching(world, objectOf('a', 4));
    await failing.end();
    expect(failing.error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    world.fetching.script = () => ({
      waitMs: 1,
      pieceBytes: 1024,
      pieceMs: 1,
      lingersMs: 0,
      failsAfter: 0,
      failsWith: 'REVISION_CHANGED',
    });
    const replaced = new Prefetching(world, objectOf('b', 4));
    await replaced.end();
    expect(replaced.error).toMatchObject({ code: 'REVISION_CHANGED' });
    await world.end();
  });

  it('ends when it is cancelled, and leaves no slab behind', async () => {
    const world = withDisk();
    const fetching = new Prefetching(world, objectOf('a', 20));
    await world.pass(20);
    fetching.life.abort(new SluiceError('ABORTED', 'cancelled'));
    await fetching.end();
    expect(fetching.error).toMatchObject({ code: 'ABORTED' });
    await world.end();
  });

  it('harms no client, whatever clients do: every body comes, and comes right', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 6 }),
        fc.array(
          fc.record({
            key: fc.constantFrom('a', 'b', 'ahead'),
            chunks: fc.integer({ min: 1, max: 6 }),
            ms: fc.integer({ min: 0, max: 40 }),
            afterMs: fc.integer({ min: 0, max: 60 }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (slabs, clients) => {
          const world = withDisk({ slabs });
          const fetching = new Prefetching(world, objectOf('ahead', 8));
          for (const { key, chunks, ms, afterMs } of clients) {
            await world.pass(afterMs);
            const object = key === 'ahead' ? objectOf(key, 8) : objectOf(key, chunks);
            world.open({ object, drain: { ms: () => ms } });
          }
          await world.settle();
          await fetching.end();
          expect(fetching.outcome).toBe('done');
          expect(world.clients.every(({ outcome }) => outcome === 'done')).toBe(true);
          await world.end();
        },
      ),
      { numRuns: 40 },
    );
  });
});
