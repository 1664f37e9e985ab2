import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FullChecksum, ObjectRevision } from '#main/object-store/object-store.ts';
import { drains, fetchScripts, play, ranges, scenarios } from '#main/testing/scenarios.ts';
import { ScriptedSums } from '#main/testing/scripted-sums.ts';
import { bytesOf } from '#main/testing/scripted-store.ts';
import { World, type Client, type WorldOptions } from '#main/testing/simulation.ts';
import type { VirtualClock } from '#main/testing/virtual-clock.ts';
import { SluiceError } from '#shared/errors.ts';
import { KiB } from '#shared/units.ts';
import { Verifier } from './verifier.ts';

const chunkBytes = 128 * KiB;
const object = { key: 'a', pin: '1', length: 4 * chunkBytes + 100_000 };
const tailBytes = 64 * KiB;

function checksumOf({ key, length }: ObjectRevision, verdict: 'right' | 'wrong' = 'right'): FullChecksum {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(bytesOf(key, { start: 0, end: length })));
  if (verdict === 'wrong') value[0] = (value[0] ?? 0) ^ 0x80;
  return { algorithm: 'crc32', value: new Uint8Array(value) };
}

const right = { ...object, checksum: checksumOf(object) };
const wrong = { ...object, checksum: checksumOf(object, 'wrong') };

type Learn = (revision: ObjectRevision) => FullChecksum | undefined;

/** A world with a verifier, whose store answers after so long with what it is told to. */
function verified(options: WorldOptions, learn?: { readonly ms: () => number; readonly answer: Learn }) {
  const asked: string[] = [];
  let sums: ScriptedSums | undefined;
  const world = new World({
    ...options,
    verifier: (pool, clock) => {
      sums = new ScriptedSums(clock);
      const checksumOf = async (revision: ObjectRevision) => {
        asked.push(revision.key);
        await new Promise<void>((resolve) => void clock.after(learn?.ms() ?? 0, resolve));
        return learn?.answer(revision);
      };
      return new Verifier({ pool, sums, clock, store: learn ? { checksumOf } : {} });
    },
  });
  if (!sums) throw new Error('no verifier was made');
  return { world, sums, asked, counts: () => ({ ...world.verifier?.counts }) };
}

/** Holds the one pin that there is, for ever. */
function takePin(world: World): Client {
  return world.open({ object: { ...object, key: 'stuck', length: chunkBytes }, drain: { stuckAt: 0 } });
}

describe('an object whose checksum is known', () => {
  it('has its last bytes sent when every chunk has been summed, and not before', async () => {
    for (const ms of [0, 1, 20, 3000]) {
      const { world, sums, counts } = verified({ slabs: 8 });
      sums.ms = ms;
      const client = world.open({ object: right });
      while (counts().right === 0) {
        expect(client.socket.sent).toBeLessThanOrEqual(object.length - tailBytes);
        await world.step();
      }
      await world.end();
      expect([client.outcome, counts(), world.wrong]).toEqual(['done', { right: 1, wrong: 0 }, []]);
    }
  });

  it('is proved once for any number of readers, and holds back nothing of a part', async () => {
    const { world, sums, counts } = verified({ slabs: 8 });
    sums.ms = 500;
    const whole = [0, 1, 2].map(() => world.open({ object: right }));
    const part = world.open({ object: right, range: { start: 1, end: object.length } });
    while (!part.isOver) await world.step();
    expect(counts().right).toBe(0);
    await world.end();
    expect([...whole, part].map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'done']);
    expect([counts(), sums.turns]).toEqual([{ right: 1, wrong: 0 }, 5]);
  });

  it.each([0, 1, 1000, chunkBytes, chunkBytes + 1])('and that has %i bytes is proved', async (length) => {
    const { world, counts } = verified({ slabs: 4 });
    const small = { ...object, length };
    const client = world.open({ object: { ...small, checksum: checksumOf(small) } });
    await world.end();
    expect([client.outcome, counts().right]).toEqual(['done', length === 0 ? 0 : 1]);
  });

  it('waits for no proof that does not come, because the sums fail', async () => {
    for (const failing of [0, 2, 4]) {
      const { world, sums, counts } = verified({ slabs: 8 });
      sums.outcome = (turn) => (turn === failing ? 'failed' : 'right');
      const client = world.open({ object: right });
      await world.end();
      expect([client.outcome, counts()]).toEqual(['done', { right: 0, wrong: 0 }]);
    }
  });
});

describe('an object that proves wrong', () => {
  it('fails whoever reads it, never ends for them, and is not kept', async () => {
    for (const ms of [0, 20, 700]) {
      const { world, sums, counts } = verified({ slabs: 8 });
      sums.ms = ms;
      const readers = [0, 1, 2].map(() => world.open({ object: wrong }));
      const other = world.open({ object: { ...object, key: 'other' } });
      await world.end();
      for (const { error, socket } of readers) {
        expect(error).toMatchObject({ code: 'STORE_MISBEHAVED' });
        expect(socket.sent).toBeLessThanOrEqual(object.length - tailBytes);
      }
      expect([other.outcome, counts(), world.wrong]).toEqual(['done', { right: 0, wrong: 1 }, ['a']]);
      expect([...world.pool.residents()].filter(({ id }) => id.object.key === 'a')).toEqual([]);
    }
  });

  it('An object that does not have the checksum its store keeps never ends for anybody.', async () => {
    for (const length of [1, 1000, chunkBytes, chunkBytes + 1, 3 * chunkBytes - 1, 3 * chunkBytes + 1000]) {
      const { world } = verified({ slabs: 8 });
      const other = { ...object, length };
      const reader = world.open({ object: { ...other, checksum: checksumOf(other, 'wrong') } });
      await world.end();
      expect([reader.outcome, reader.socket.sent < length]).toEqual(['failed', true]);
    }
  });

  it('is brought again for the next reader, and judged anew', async () => {
    const { world, sums, counts } = verified({ slabs: 8 });
    sums.outcome = (turn) => (turn === 1 ? 'wrong' : 'right');
    const first = world.open({ object: right });
    await world.settle();
    const next = world.open({ object: right });
    await world.end();
    expect([first.outcome, next.outcome, counts()]).toEqual(['failed', 'done', { right: 1, wrong: 1 }]);
    expect(world.fetching.bytes).toBe(2 * object.length);
  });

  it('also does so when a chunk comes differently a second time', async () => {
    const { world, sums, counts } = verified({ slabs: 8, cachedBytes: 0 });
    world.open({ object: right, drain: { stuckAt: 0 } });
    const first = world.open({ object: right });
    while (!first.isOver) await world.step();
    const { turns } = sums;
    sums.outcome = (turn) => (turn === turns ? 'wrong' : 'right');
    sums.ms = 500;
    const second = world.open({ object: right });
    await world.end();
    expect([first.outcome, second.outcome, counts()]).toEqual(['done', 'failed', { right: 1, wrong: 1 }]);
    expect(second.socket.sent).toBeLessThanOrEqual(object.length - tailBytes);
  });
});

describe('pins', () => {
  it('that come back let sums go on, which share them with sockets', async () => {
    const { world, sums, counts } = verified({ slabs: 8, pinLimit: 1 });
    sums.ms = 30;
    const client = world.open({ object: right, drain: { ms: () => 10 } });
    await world.end();
    expect([client.outcome, counts()]).toEqual(['done', { right: 1, wrong: 0 }]);
  });

  it('that stuck clients have hold the last bytes back for a second or so', async () => {
    const { world, sums, counts } = verified({ slabs: 8, pinLimit: 1 });
    const stuck = takePin(world);
    while (!stuck.isStuck) await world.step();
    const client = world.open({ object: right });
    await world.pass(900);
    expect(client.socket.sent).toBe(object.length - tailBytes);
    await world.pass(600);
    expect([client.outcome, counts(), sums.turns]).toEqual(['done', { right: 0, wrong: 0 }, 0]);
    await world.end();
  });

  it('that stuck clients have hold nothing back when a chunk was evicted before its turn', async () => {
    const { world, sums } = verified({ slabs: 2, pinLimit: 1 });
    const stuck = takePin(world);
    while (!stuck.isStuck) await world.step();
    const client = world.open({ object: right });
    await world.pass(500);
    expect([client.outcome, sums.turns]).toEqual(['done', 0]);
    await world.end();
  });
});

describe('a checksum that the first look did not tell', () => {
  const answering = (ms: number, answer: Learn) => ({ ms: () => ms, answer });

  it('is asked for once, by the first who reads all of a long object', async () => {
    const { world, asked, counts } = verified({ slabs: 8 }, answering(5, checksumOf));
    world.open({ object, range: { start: 1, end: object.length } });
    world.open({ object: { ...object, key: 'short', length: chunkBytes } });
    world.open({ object: { ...right, key: 'known', checksum: checksumOf({ ...object, key: 'known' }) } });
    await world.settle();
    expect([asked, counts()]).toEqual([[], { right: 1, wrong: 0 }]);
    const clients = [0, 1, 2].map(() => world.open({ object: { ...object, key: 'cold' } }));
    await world.end();
    expect([asked, counts()]).toEqual([['cold'], { right: 2, wrong: 0 }]);
    expect(clients.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
  });

  it('proves what is there already, whenever it comes, and is of no use after the end', async () => {
    const verdicts = new Set<string>();
    for (let ms = 0; ms < 60; ms += 1) {
      const { world, counts } = verified(
        { slabs: 8 },
        answering(ms, (of) => checksumOf(of, 'wrong')),
      );
      const client = world.open({ object, drain: { ms: () => 3 } });
      while (!client.isOver) await world.step();
      const end = client.socket.sent <= object.length - tailBytes ? 'held back' : 'sent';
      await world.end();
      verdicts.add(`${client.outcome}, ${end}, ${counts().wrong}`);
    }
    expect([...verdicts].sort()).toEqual(['done, sent, 1', 'failed, held back, 1']);
  });

  it.each([
    ['there is none', () => undefined],
    [
      'it cannot be had',
      () => {
        throw new SluiceError('STORE_UNAVAILABLE', 'scripted');
      },
    ],
  ])('changes nothing where %s', async (_, answer) => {
    const { world, counts, asked } = verified({ slabs: 8 }, answering(5, answer));
    const client = world.open({ object });
    await world.end();
    expect([client.outcome, counts(), asked]).toEqual(['done', { right: 0, wrong: 0 }, ['a']]);
  });

  it('is not asked for any more when the verifier has been disposed of', async () => {
    let signal: AbortSignal | undefined;
    const world = new World({
      slabs: 8,
      verifier: (pool, clock: VirtualClock) =>
        new Verifier({
          pool,
          clock,
          sums: new ScriptedSums(clock),
          store: {
            checksumOf: (_, asking) => {
              signal = asking;
              return new Promise(() => undefined);
            },
          },
        }),
    });
    world.open({ object });
    await world.end();
    expect(signal?.aborted).toBe(false);
    world.verifier?.[Symbol.dispose]();
    expect(signal?.aborted).toBe(true);
  });
});

describe('whatever clients and store do', () => {
  it('a wrong object that stays in memory never comes to its end', async () => {
    const visit = fc.record({
      atMs: fc.nat(400),
      drain: drains(object.length, 'nasty'),
      range: ranges(object.length),
      isWhole: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(visit, { minLength: 1, maxLength: 6 }),
        fetchScripts('good'),
        fc.constantFrom(0, 1, 30, 300),
        async (visits, script, ms) => {
          const { world, sums } = verified({ slabs: 24, pinLimit: 24 });
          sums.ms = ms;
          world.fetching.script = () => script;
          for (const { atMs, drain, range, isWhole } of visits)
            world.clock.after(atMs, () => world.open({ object: wrong, drain, ...(!isWhole && { range }) }));
          while (world.clients.length < visits.length) await world.step();
          await world.end();
          const isWhole = ({ range }: Client) => range.end - range.start === object.length;
          expect(world.clients.filter((client) => isWhole(client) && client.outcome === 'done')).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('right objects are never taken for wrong, and every body comes to its end', async () => {
    const ms = fc.constantFrom(0, 1, 30, 700);
    await fc.assert(
      fc.asyncProperty(scenarios('willing', 'good', 6), ms, ms, async (scenario, learnMs, sumMs) => {
        const known = new Map<string, FullChecksum>();
        const answer = (revision: ObjectRevision): FullChecksum => {
          const checksum = known.get(revision.key) ?? checksumOf(revision);
          known.set(revision.key, checksum);
          return checksum;
        };
        const verifier: WorldOptions['verifier'] = (pool, clock) => {
          const sums = new ScriptedSums(clock);
          sums.ms = sumMs;
          const checksumOf = async (revision: ObjectRevision) => {
            await new Promise<void>((resolve) => void clock.after(learnMs, resolve));
            return answer(revision);
          };
          return new Verifier({ pool, sums, clock, store: { checksumOf } });
        };
        const world = await play({ ...scenario, options: { ...scenario.options, verifier } });
        for (const { outcome } of world.clients) expect(outcome).toBe('done');
        expect(world.wrong).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
