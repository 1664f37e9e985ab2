import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTier } from '#main/cache/memory-tier.ts';
import { TieredCache } from '#main/cache/tiered.ts';
import { Budget } from '#main/flow/budget.ts';
import { Window } from '#main/flow/window.ts';
import { expectQuiet, expectWithinBudget } from '#main/testing/gauges.ts';
import { bytesOf, ScriptedStore, type ReadScript } from '#main/testing/scripted-store.ts';
import { isSluiceError } from '#shared/errors.ts';
import { orderedRead, type HeldChunk } from './read.ts';

const KiB = 1024;

interface Bench {
  readonly budget: Budget;
  readonly store: ScriptedStore;
  readonly cache: TieredCache;
  readonly chunkBytes: number;
}

function bench(chunkBytes: number, chunks: number, pieces: number): Bench {
  const pieceBytes = 256 * KiB;
  const budget = new Budget({
    budgetBytes: (chunks + 2) * chunkBytes + (pieces + 1) * pieceBytes,
    chunks: { slabBytes: chunkBytes, slabs: chunks },
    pieces: { slabBytes: pieceBytes, slabs: pieces },
    cacheChunks: { slabBytes: chunkBytes, slabs: 2 },
    cachePieces: { slabBytes: pieceBytes, slabs: 1 },
    uploads: { slabBytes: 1, slabs: 0 },
  });
  const store = new ScriptedStore();
  const memory = new MemoryTier({ chunks: budget.cacheChunks, pieces: budget.cachePieces });
  return { budget, store, cache: new TieredCache({ memory, store }), chunkBytes };
}

type Ending = 'whole' | 'left' | 'failed' | 'gone' | 'aborted';

interface Reader {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly limit: number;
  /** Turns that the client takes for each chunk. */
  readonly pace: number;
  /** Gives up after so many chunks. */
  readonly leaveAfter: number;
  /** The client is gone after so many turns. */
  readonly abortAfter: number;
}

/** Reads like a client of that pace, checks every byte against the oracle, and says how it ended. */
async function run(reader: Reader, { budget, store, cache, chunkBytes }: Bench): Promise<Ending> {
  const object = store.objects.get(reader.key);
  if (!object) throw new Error('no such object');
  await using window = new Window(budget, { owner: reader.key, limit: reader.limit });
  const gone = new AbortController();
  if (Number.isFinite(reader.abortAfter)) void abortLater(gone, reader.abortAfter);
  const read = { object, range: reader, chunkBytes, source: cache, window };
  let at = reader.start;
  let chunks = 0;
  try {
    for await (const chunk of orderedRead(read, gone.signal)) {
      expect(
        Buffer.compare(chunk.bytes, bytesOf(reader.key, { start: at, end: at + chunk.bytes.length })),
      ).toBe(0);
      at += chunk.bytes.length;
      chunks += 1;
      returnLater(chunk, reader.pace);
      expect(window.tokens.size).toBeLessThanOrEqual(reader.limit);
      expectWithinBudget(budget);
      if (chunks >= reader.leaveAfter) return 'left';
      for (let count = 0; count < reader.pace % 3; count += 1) await turn();
    }
  } catch (error) {
    if (isSluiceError(error, 'STORE_UNAVAILABLE')) return 'failed';
    if (isSluiceError(error, 'REVISION_CHANGED')) return 'gone';
    if (gone.signal.aborted) return 'aborted';
    throw error;
  }
  expect(at).toBe(reader.end);
  return 'whole';
}

async function abortLater(gone: AbortController, turns: number): Promise<void> {
  for (let count = 0; count < turns; count += 1) await turn();
  gone.abort(new Error('client gone'));
}

/** As a socket does: the memory comes back some turns after it was handed over. */
function returnLater(chunk: HeldChunk, turns: number): void {
  void (async () => {
    for (let count = 0; count < turns; count += 1) await turn();
    chunk[Symbol.dispose]();
  })();
}

const never = Number.POSITIVE_INFINITY;
const abortable = fc.oneof(
  { weight: 4, arbitrary: fc.constant(never) },
  { weight: 1, arbitrary: fc.nat({ max: 30 }) },
);

const readers = fc.array(
  fc.record({
    object: fc.nat({ max: 2 }),
    from: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
    limit: fc.integer({ min: 1, max: 6 }),
    pace: fc.nat({ max: 12 }),
    leaveAfter: fc.oneof(
      { weight: 4, arbitrary: fc.constant(never) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
    ),
    abortAfter: abortable,
  }),
  { minLength: 1, maxLength: 8 },
);

const outcomes = fc.oneof(
  { weight: 30, arbitrary: fc.constant('ok' as const) },
  { weight: 1, arbitrary: fc.constantFrom('fail' as const, 'gone' as const) },
);

describe('ordered read', () => {
  it('any readers, sizes, paces, faults and departures: bytes equal, order kept, held within the budget, all gauges zero at the end', async () => {
    const cases = fc.record({
      lengths: fc.array(fc.integer({ min: 1, max: 3000 * KiB }), { minLength: 3, maxLength: 3 }),
      chunkBytes: fc.constantFrom(256 * KiB, 384 * KiB, 512 * KiB),
      chunks: fc.integer({ min: 2, max: 6 }),
      readers,
      script: fc.infiniteStream(fc.record({ turns: fc.nat({ max: 6 }), outcome: outcomes })),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ lengths, chunkBytes, chunks, readers, script }) => {
        const it = bench(chunkBytes, chunks, readers.length);
        lengths.forEach((length, index) => it.store.add(`object-${index}`, length));
        it.store.script = (): ReadScript => script.next().value ?? { turns: 0, outcome: 'ok' };
        const runs = readers.map((reader) => {
          const length = lengths[reader.object] ?? 1;
          const start = Math.floor(reader.from * length);
          const end = Math.max(start + 1, Math.ceil(reader.to * length));
          return run({ ...reader, key: `object-${reader.object}`, start, end }, it);
        });
        await Promise.all(runs);
        expectQuiet(it.budget);
        expect(it.store.writing).toBe(0);
      }),
      { numRuns: 120 },
    );
  }, 60_000);

  it('Reads ahead go as far as the window and no further.', async () => {
    const it = bench(256 * KiB, 8, 1);
    const object = it.store.add('a', 20 * 256 * KiB);
    const window = new Window(it.budget, { owner: 'a', limit: 3 });
    const read = {
      object,
      range: { start: 0, end: object.length },
      chunkBytes: it.chunkBytes,
      source: it.cache,
      window,
    };
    const chunks = orderedRead(read, new AbortController().signal);
    const first = await chunks.next();
    for (let count = 0; count < 50; count += 1) await turn();
    expect(it.store.reads).toHaveLength(3);
    first.value?.[Symbol.dispose]();
    for (let count = 0; count < 50; count += 1) await turn();
    expect(it.store.reads).toHaveLength(4);
    await chunks.return();
    await window[Symbol.asyncDispose]();
    expectQuiet(it.budget);
  });

  it('a reader that leaves while the store hangs gets its memory back only when nothing writes to it', async () => {
    const it = bench(256 * KiB, 4, 1);
    const object = it.store.add('a', 4 * 256 * KiB);
    it.store.script = () => ({ turns: 0, outcome: 'hang' });
    const gone = new AbortController();
    const window = new Window(it.budget, { owner: 'a', limit: 4 });
    const read = {
      object,
      range: { start: 0, end: object.length },
      chunkBytes: it.chunkBytes,
      source: it.cache,
      window,
    };
    const first = orderedRead(read, gone.signal).next();
    for (let count = 0; count < 10; count += 1) await turn();
    expect(it.store.writing).toBe(4);
    gone.abort(new Error('client gone'));
    await expect(first).rejects.toMatchObject({ code: 'ABORTED' });
    await window[Symbol.asyncDispose]();
    expect(it.store.writing).toBe(0);
    expectQuiet(it.budget);
  });

  it('the failure of a read is thrown when its turn has come, after the bytes before it', async () => {
    const it = bench(256 * KiB, 4, 1);
    const object = it.store.add('a', 3 * 256 * KiB);
    const outcomes = ['ok', 'fail', 'ok'] as const;
    let asked = 0;
    it.store.script = () => ({ turns: 0, outcome: outcomes[asked++] ?? 'ok' });
    await using window = new Window(it.budget, { owner: 'a', limit: 4 });
    const read = {
      object,
      range: { start: 0, end: object.length },
      chunkBytes: it.chunkBytes,
      source: it.cache,
      window,
    };
    let bytes = 0;
    const drain = async (): Promise<void> => {
      for await (const chunk of orderedRead(read, new AbortController().signal)) {
        bytes += chunk.bytes.length;
        chunk[Symbol.dispose]();
      }
    };
    await expect(drain()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(bytes).toBe(256 * KiB);
  });
});
