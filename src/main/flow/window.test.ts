import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectQuiet, expectWithinBudget } from '#main/testing/gauges.ts';
import { Budget } from './budget.ts';
import type { WindowToken } from './token.ts';
import { Window } from './window.ts';

const KiB = 1024;
const chunkBytes = 512 * KiB;
const pieceBytes = 256 * KiB;

/** A budget of `chunks` chunks and `pieces` guaranteed pieces, and nothing else. */
function budgetOf(chunks: number, pieces: number): Budget {
  const none = { slabBytes: 1, slabs: 0 };
  return new Budget({
    budgetBytes: chunks * chunkBytes + pieces * pieceBytes,
    chunks: { slabBytes: chunkBytes, slabs: chunks },
    pieces: { slabBytes: pieceBytes, slabs: pieces },
    cacheChunks: none,
    cachePieces: none,
    uploads: none,
  });
}

const never = new AbortController().signal;

async function settled<T>(promise: Promise<T>): Promise<T | 'pending'> {
  await new Promise((resolve) => setImmediate(resolve));
  return Promise.race([promise, Promise.resolve('pending' as const)]);
}

describe('window', () => {
  it('gives whole chunks up to its limit, then waits for a return', async () => {
    const budget = budgetOf(8, 2);
    const window = new Window(budget, { owner: 'a', limit: 2 });
    const first = await window.take(chunkBytes, never);
    const second = await window.take(chunkBytes, never);
    expect([first.memory.length, second.memory.length]).toEqual([chunkBytes, chunkBytes]);
    const third = window.take(chunkBytes, never);
    expect(await settled(third)).toBe('pending');
    expect(window.isBudgetBound).toBe(false);
    first[Symbol.dispose]();
    const token = await third;
    for (const held of [second, token]) held[Symbol.dispose]();
    await window[Symbol.asyncDispose]();
    expectQuiet(budget);
  });

  it('A transfer that holds nothing gets a piece when others have taken every chunk.', async () => {
    const budget = budgetOf(2, 2);
    const hog = new Window(budget, { owner: 'hog', limit: 8 });
    const held = [await hog.take(chunkBytes, never), await hog.take(chunkBytes, never)];
    const late = new Window(budget, { owner: 'late', limit: 8 });
    const piece = await late.take(chunkBytes, never);
    expect(piece.memory.length).toBe(pieceBytes);
    const next = late.take(chunkBytes, never);
    expect(await settled(next)).toBe('pending');
    expect(late.isBudgetBound).toBe(true);
    piece[Symbol.dispose]();
    const again = await next;
    expect(again.memory.length).toBe(pieceBytes);
    for (const token of [...held, again]) token[Symbol.dispose]();
    await Promise.all([hog[Symbol.asyncDispose](), late[Symbol.asyncDispose]()]);
    expectQuiet(budget);
  });

  it('A chunk that comes back goes to the one who holds fewer than its share.', async () => {
    const budget = budgetOf(4, 3);
    const rich = new Window(budget, { owner: 'rich', limit: 8 });
    const held: WindowToken[] = [];
    for (let count = 0; count < 4; count += 1) held.push(await rich.take(chunkBytes, never));
    const more = rich.take(chunkBytes, never);
    const poor = new Window(budget, { owner: 'poor', limit: 8 });
    const piece = await poor.take(chunkBytes, never);
    const wish = poor.take(chunkBytes, never);
    held.shift()?.[Symbol.dispose]();
    expect((await wish).memory.length).toBe(chunkBytes);
    expect(await settled(more)).toBe('pending');
    for (const token of [...held, piece, await wish]) token[Symbol.dispose]();
    (await more)[Symbol.dispose]();
    await Promise.all([rich[Symbol.asyncDispose](), poor[Symbol.asyncDispose]()]);
    expectQuiet(budget);
  });

  it('an abandoned wait takes nothing and leaves nothing behind', async () => {
    const budget = budgetOf(2, 1);
    const window = new Window(budget, { owner: 'a', limit: 1 });
    const token = await window.take(chunkBytes, never);
    const gone = new AbortController();
    const wait = window.take(chunkBytes, gone.signal);
    gone.abort(new Error('client gone'));
    await expect(wait).rejects.toThrow('client gone');
    expect(budget.waiting).toBe(0);
    token[Symbol.dispose]();
    await window[Symbol.asyncDispose]();
    expectQuiet(budget);
  });

  it('a token with two holders returns with the last of them, and only once', async () => {
    const budget = budgetOf(2, 1);
    const window = new Window(budget, { owner: 'a', limit: 1 });
    const token = await window.take(chunkBytes, never);
    const writer = token.retain();
    token[Symbol.dispose]();
    expect(window.tokens.size).toBe(1);
    writer[Symbol.dispose]();
    expect(window.tokens.size).toBe(0);
    expect(() => token[Symbol.dispose]()).toThrow('returned twice');
    expect(() => token.retain()).toThrow('returned token');
    await window[Symbol.asyncDispose]();
    expectQuiet(budget);
  });

  it('Any schedule of any number of transfers advances, with some of them stuck for ever.', async () => {
    const schedule = fc.record({
      chunks: fc.integer({ min: 2, max: 6 }),
      transfers: fc.integer({ min: 1, max: 12 }),
      stuck: fc.integer({ min: 0, max: 11 }),
      limit: fc.integer({ min: 1, max: 8 }),
      wants: fc.array(fc.constantFrom(1, pieceBytes, chunkBytes), { minLength: 5, maxLength: 5 }),
      order: fc.infiniteStream(fc.nat({ max: 1000 })),
    });
    await fc.assert(
      fc.asyncProperty(schedule, async ({ chunks, transfers, stuck, limit, wants, order }) => {
        const budget = budgetOf(chunks, transfers);
        const windows = Array.from(
          { length: transfers },
          (_, id) => new Window(budget, { owner: `${id}`, limit }),
        );
        const held: WindowToken[] = [];
        const stop = new AbortController();
        const runs = windows.map(async (window, id) => {
          const isStuck = id < Math.min(stuck, transfers - 1);
          for (let round = 0; ; round += 1) {
            const want = wants[round % wants.length] ?? 1;
            if (!isStuck && round >= 12) return;
            if (isStuck && window.tokens.size >= limit) return;
            const token = await window.take(want, isStuck ? stop.signal : never).catch(() => undefined);
            if (!token) return;
            expectWithinBudget(budget);
            if (isStuck) held.push(token);
            else {
              const pause = (order.next().value ?? 0) % 3;
              for (let turn = 0; turn < pause; turn += 1) await Promise.resolve();
              setImmediate(() => token[Symbol.dispose]());
            }
          }
        });
        const advanced = await Promise.all(runs.slice(Math.min(stuck, transfers - 1)));
        expect(advanced.length).toBeGreaterThan(0);
        stop.abort();
        await Promise.all(runs);
        for (const token of held.splice(0)) token[Symbol.dispose]();
        await Promise.all(windows.map((window) => window[Symbol.asyncDispose]()));
        expectQuiet(budget);
      }),
      { numRuns: 150 },
    );
  });
});
