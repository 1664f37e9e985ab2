import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planMemory } from '#shared/memory-plan.ts';
import { KiB, MiB } from '#shared/units.ts';
import { Arena, type Slab } from './arena.ts';
import { Budget } from './budget.ts';
import { Ledger } from './ledger.ts';
import { RateMeter } from './rate.ts';

describe('ledger', () => {
  it('The ledger refuses what would pass its limit, and stays as it was.', () => {
    const ledger = new Ledger(100);
    ledger.enter(60, 'held', 'a');
    expect(() => ledger.enter(41, 'held', 'b')).toThrow('above its limit of 100');
    expect(ledger.totalBytes).toBe(60);
    expect(ledger.byState.held).toBe(60);
  });

  it('counts bytes by what they are used for and remembers the peak', () => {
    const ledger = new Ledger(100);
    const entry = ledger.enter(60, 'spare', '');
    expect(ledger.inUseBytes).toBe(0);
    entry.move('receiving', 'transfer 1');
    expect(ledger.byState).toMatchObject({ spare: 0, receiving: 60 });
    expect(entry.owner).toBe('transfer 1');
    entry.move('spare');
    expect(ledger.inUseBytes).toBe(0);
    expect(ledger.peak.bytes).toBe(60);
  });
});

describe('arena', () => {
  const never = new AbortController().signal;

  it('allocates when first needed and recycles ever after', () => {
    const ledger = new Ledger(20);
    const arena = new Arena({ slabBytes: 10, slabs: 2 }, ledger);
    expect(ledger.totalBytes).toBe(0);
    const first = arena.tryTake('held', 'a');
    expect(ledger.totalBytes).toBe(10);
    first?.[Symbol.dispose]();
    expect(arena.tryTake('held', 'b')?.memory).toBe(first?.memory);
    expect(ledger.totalBytes).toBe(10);
    expect(arena.tryTake('held', 'c')).toBeDefined();
    expect(arena.tryTake('held', 'd')).toBeUndefined();
    expect(arena.allocatedBytes).toBe(20);
  });

  it('hands slabs on in the order of asking', async () => {
    const arena = new Arena({ slabBytes: 10, slabs: 1 }, new Ledger(10));
    const first = await arena.take('upload', 'a', never);
    const owners: string[] = [];
    const next = ['b', 'c'].map((owner) =>
      arena.take('upload', owner, never).then((slab) => {
        owners.push(owner);
        slab[Symbol.dispose]();
      }),
    );
    expect(arena.waiting).toBe(2);
    first[Symbol.dispose]();
    await Promise.all(next);
    expect(owners).toEqual(['b', 'c']);
  });

  it('notices a slab that is given back twice', () => {
    const arena = new Arena({ slabBytes: 10, slabs: 1 }, new Ledger(10));
    const slab = arena.tryTake('held', 'a');
    slab?.[Symbol.dispose]();
    expect(() => slab?.[Symbol.dispose]()).toThrow('given back twice');
  });

  it('forgets who stopped waiting', async () => {
    const arena = new Arena({ slabBytes: 10, slabs: 1 }, new Ledger(10));
    const slab = await arena.take('upload', 'a', never);
    const gone = new AbortController();
    const wait = arena.take('upload', 'b', gone.signal);
    gone.abort(new Error('gone'));
    await expect(wait).rejects.toThrow('gone');
    expect(arena.waiting).toBe(0);
    slab[Symbol.dispose]();
    expect(arena.available).toBe(1);
  });

  it('keeps count of every slab, whatever is taken and given back', () => {
    const commands = fc.array(fc.option(fc.nat({ max: 5 })), { maxLength: 60 });
    fc.assert(
      fc.property(commands, fc.integer({ min: 0, max: 6 }), (steps, slabs) => {
        const ledger = new Ledger(10 * slabs);
        const arena = new Arena({ slabBytes: 10, slabs }, ledger);
        const held: Slab[] = [];
        let most = 0;
        for (const step of steps) {
          // A number gives back, nothing takes.
          if (step !== null) held.splice(step, 1)[0]?.[Symbol.dispose]();
          else held.push(...[arena.tryTake('held', 'a')].filter((slab) => slab !== undefined));
          most = Math.max(most, held.length);
          expect(new Set(held.map((slab) => slab.memory)).size).toBe(held.length);
          expect(held.length + arena.available).toBe(slabs);
          expect(arena.allocatedBytes).toBe(10 * most);
          expect(ledger.totalBytes).toBe(arena.allocatedBytes);
          expect(ledger.byState.held).toBe(10 * held.length);
        }
      }),
    );
  });
});

describe('budget', () => {
  it('has an arena for each share of the plan, and what is fetched in shared memory', () => {
    const sizes = { memoryBudgetBytes: 64 * MiB, memoryCacheBytes: 0, chunkBytes: MiB, maxConnections: 2 };
    const plan = planMemory(sizes);
    const budget = new Budget(plan);
    const take = (arena: Arena) => arena.tryTake('held', 'a')?.memory;
    const memories = {
      chunks: take(budget.chunks),
      small: take(budget.small),
      bounce: take(budget.bounce),
      uploads: take(budget.uploads),
      connections: take(budget.connections),
    };
    const lengths = Object.values(memories).map((memory) => memory?.length);
    expect(lengths).toEqual([MiB, 320 * KiB, 64 * KiB, 8 * MiB, 16 * KiB]);
    const shared = Object.values(memories).map((memory) => memory?.buffer instanceof SharedArrayBuffer);
    expect(shared).toEqual([true, true, false, false, false]);
  });
});

describe('rate meter', () => {
  it('is bytes per second over the last second', () => {
    const meter = new RateMeter();
    for (let at = 10_000; at < 12_000; at += 50) meter.add(100, at);
    expect(meter.bytesPerSecond(11_990)).toBeCloseTo(2000, -2);
    expect(meter.bytesPerSecond(14_000)).toBe(0);
    expect(meter.totalBytes).toBe(4000);
  });
});
