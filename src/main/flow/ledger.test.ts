import { describe, expect, it } from 'vitest';
import { Arena } from './arena.ts';
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
