/** Random worlds for property tests: objects, clients, how their sockets drain and what the store does. */
import * as fc from 'fast-check';
import type { FetchJob } from '#main/fetch/fetch.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { ByteRange } from '#shared/range.ts';
import { KiB } from '#shared/units.ts';
import type { FetchScript } from './scripted-fetching.ts';
import type { Drain } from './scripted-socket.ts';
import { World, type Client, type WorldOptions } from './simulation.ts';

export interface Visit {
  readonly atMs: number;
  readonly object: ObjectRevision;
  readonly range: ByteRange;
  readonly drain: Drain;
  /** Goes away so long after it came. */
  readonly leavesAfterMs: number | undefined;
}

export interface Scenario {
  readonly options: WorldOptions;
  readonly visits: readonly Visit[];
  /** What the store does, one fetch after the other, over and over. */
  readonly scripts: readonly FetchScript[];
}

const smallest = { key: 'object', pin: 'pin-1' };

/** Sizes at the edges of chunks. */
export function lengths(chunkBytes: number): fc.Arbitrary<number> {
  const edges = [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1];
  const several = fc
    .tuple(fc.integer({ min: 2, max: 9 }), fc.constantFrom(-1, 0, 1))
    .map(([count, off]) => count * chunkBytes + off);
  return fc.oneof(fc.constantFrom(...edges), several, fc.integer({ min: 1, max: 8 * chunkBytes }));
}

export function ranges(length: number): fc.Arbitrary<ByteRange> {
  const full = fc.constant({ start: 0, end: length });
  const any = fc
    .tuple(fc.nat({ max: length }), fc.nat({ max: length }))
    .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
  const small = fc
    .tuple(fc.nat({ max: length }), fc.integer({ min: 1, max: 200 * KiB }))
    .map(([start, bytes]) => ({ start, end: Math.min(length, start + bytes) }));
  return fc.oneof(full, any, small);
}

const paces: fc.Arbitrary<Drain['ms']> = fc.oneof(
  fc.constant(() => 0),
  fc.integer({ min: 1, max: 200 }).map((ms) => () => ms),
  fc.integer({ min: 50, max: 20_000 }).map((bytesPerMs) => (_: number, bytes: number) => bytes / bytesPerMs),
  // In bursts: most writes at once, now and then a long wait.
  fc.tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 100, max: 3000 })).map(
    ([every, ms]) =>
      (offset: number) =>
        Math.floor(offset / (64 * KiB)) % every === 0 ? ms : 0,
  ),
);

/** `stuck` and `dying` clients are the nasty ones. */
export function drains(bytes: number, kind: 'willing' | 'nasty'): fc.Arbitrary<Drain> {
  const lagMs = fc.constantFrom(0, 1, 40);
  const willing = fc.record({ ms: paces, lagMs });
  if (kind === 'willing') return willing;
  const offset = fc.nat({ max: bytes });
  const stuck = fc.record({ ms: paces, lagMs, stuckAt: offset });
  const dying = fc.record({ ms: paces, lagMs, diesAt: offset });
  return fc.oneof({ arbitrary: willing, weight: 2 }, stuck, dying);
}

export function visits(chunkBytes: number, kind: 'willing' | 'nasty', objects = 3): fc.Arbitrary<Visit> {
  return fc
    .tuple(
      fc.nat({ max: objects - 1 }),
      fc.nat({ max: 300 }),
      fc.option(fc.nat({ max: 400 }), { nil: undefined }),
    )
    .chain(([index, atMs, leavesAfterMs]) =>
      // An object's length follows from its name.
      fc.constantFrom(...sizesOf(chunkBytes, index)).chain((length) =>
        ranges(length).chain((range) =>
          drains(range.end - range.start, kind).map((drain) => ({
            atMs,
            object: { ...smallest, key: `object-${index}`, length },
            range,
            drain,
            leavesAfterMs: kind === 'nasty' ? leavesAfterMs : undefined,
          })),
        ),
      ),
    );
}

function sizesOf(chunkBytes: number, index: number): readonly [number] {
  return [[5 * chunkBytes + 1, 3 * chunkBytes, 8 * chunkBytes - 1][index % 3] ?? chunkBytes];
}

/** `good` scripts bring everything in the end; bad ones may fail for good. */
export function fetchScripts(kind: 'good' | 'bad'): fc.Arbitrary<FetchScript> {
  const base = {
    waitMs: fc.constantFrom(0, 1, 5, 30, 400),
    pieceBytes: fc.constantFrom(1000, 16 * KiB, 64 * KiB, 300_000, 4096 * KiB),
    pieceMs: fc.constantFrom(0, 1, 3, 20),
    lingersMs: fc.constantFrom(0, 0, 0, 1, 30),
    retriesAfter: fc.option(fc.nat({ max: 200_000 }), { nil: undefined, freq: 3 }),
  };
  const good = fc.record(base).map(bounded);
  if (kind === 'good') return good;
  const bad = fc.record({ ...base, failsAfter: fc.nat({ max: 200_000 }) }).map(bounded);
  return fc.oneof({ arbitrary: good, weight: 4 }, bad);
}

/** Tiny pieces are for tiny chunks only: thousands of events say nothing new. */
function bounded(script: FetchScript): FetchScript {
  return script.pieceBytes < 16 * KiB && script.pieceMs === 0 ? { ...script, pieceBytes: 16 * KiB } : script;
}

export const worldOptions: fc.Arbitrary<
  WorldOptions & { readonly chunkBytes: number; readonly slabs: number }
> = fc.record({
  slabs: fc.integer({ min: 2, max: 8 }),
  smallSlabs: fc.integer({ min: 2, max: 4 }),
  chunkBytes: fc.constantFrom(64 * KiB, 128 * KiB, 192 * KiB, 512 * KiB),
  cachedBytes: fc.constantFrom(0, 200 * KiB, 1024 * KiB, Number.POSITIVE_INFINITY),
  windowLimit: fc.constantFrom(1, 2, 4, 8),
  latencyMs: fc.constantFrom(0, 5, 50, 500),
  disk: fc.constantFrom('none', 'scripted'),
});

export function scenarios(
  clients: 'willing' | 'nasty',
  store: 'good' | 'bad',
  most = 10,
): fc.Arbitrary<Scenario> {
  return worldOptions.chain((options) =>
    fc.record({
      options: fc.constant(options),
      visits: fc.array(visits(options.chunkBytes, clients), { minLength: 1, maxLength: most }),
      scripts: fc.array(fetchScripts(store), { minLength: 1, maxLength: 6 }),
    }),
  );
}

export function worldOf({ options, scripts }: Pick<Scenario, 'options' | 'scripts'>): World {
  const world = new World(options);
  let turn = 0;
  world.fetching.script = (_job: FetchJob): FetchScript => {
    const script = scripts[turn % scripts.length];
    turn += 1;
    if (!script) throw new Error('a scenario without scripts');
    return script;
  };
  return world;
}

/** Lets everybody come, and leave, as the scenario says; ends with the world at rest. */
export async function play(
  scenario: Scenario,
  prepare: (world: World) => void = () => undefined,
): Promise<World> {
  const world = worldOf(scenario);
  prepare(world);
  for (const visit of scenario.visits) world.clock.after(visit.atMs, () => arrive(world, visit));
  while (world.clients.length < scenario.visits.length) await world.step();
  await world.end();
  return world;
}

function arrive(world: World, { object, range, drain, leavesAfterMs }: Visit): Client {
  const client = world.open({ object, range, drain });
  if (leavesAfterMs !== undefined)
    world.clock.after(leavesAfterMs, () => {
      if (!client.isOver) client.leave();
    });
  return client;
}
