import { describe, expect, it } from 'vitest';
import type { Tier } from '#shared/model.ts';
import { Arena } from '#main/flow/arena.ts';
import { Ledger } from '#main/flow/ledger.ts';
import { bytesOf, ScriptedStore } from '#main/testing/scripted-store.ts';
import { blockBytes, chunkAt } from './chunk.ts';
import { MemoryTier } from './memory-tier.ts';
import { TieredCache, type ChunkMemory } from './tiered.ts';

const chunkBytes = 4 * blockBytes;
const signal = new AbortController().signal;

class Target implements ChunkMemory {
  readonly memory = new Uint8Array(chunkBytes);
  tier: Tier | undefined;
  holders = 1;
  attempt(): void {}
  received(): void {}
  backOff(): void {}
  complete(): void {}
  retain(): Disposable {
    this.holders += 1;
    return {
      [Symbol.dispose]: () => {
        this.holders -= 1;
      },
    };
  }
}

function memoryTier(slabs = 4): MemoryTier {
  const ledger = new Ledger(slabs * chunkBytes);
  return new MemoryTier({
    chunks: new Arena({ slabBytes: chunkBytes, slabs }, ledger),
    pieces: new Arena({ slabBytes: 1, slabs: 0 }, ledger),
  });
}

describe('tiered cache', () => {
  const setUp = () => {
    const store = new ScriptedStore();
    const object = store.add('a', chunkBytes * 2);
    const [memory, disk] = [memoryTier(), memoryTier()];
    return {
      store,
      memory,
      disk,
      cache: new TieredCache({ memory, disk, store }),
      chunk: chunkAt(object, 0, chunkBytes),
    };
  };

  it('A whole chunk from the store fills the levels above, which answer from then on.', async () => {
    const { store, memory, cache, chunk } = setUp();
    const seen: (Tier | undefined)[] = [];
    for (let round = 0; round < 3; round += 1) {
      const target = new Target();
      await cache.read(chunk, chunk.range, target, signal);
      expect(target.memory).toEqual(bytesOf('a', chunk.range));
      seen.push(target.tier);
      if (round === 1) await memory.evict('a');
    }
    expect(seen).toEqual(['store', 'memory', 'disk']);
    expect(store.reads).toHaveLength(1);
    expect(cache.storeBytes).toBe(chunkBytes);
  });

  it('A piece of a chunk fills nothing.', async () => {
    const { store, cache, chunk } = setUp();
    const piece = { start: blockBytes, end: 2 * blockBytes };
    for (let round = 0; round < 2; round += 1) {
      const target = new Target();
      await cache.read(chunk, piece, target, signal);
      expect(target.memory.subarray(0, blockBytes)).toEqual(bytesOf('a', piece));
    }
    expect(store.reads).toEqual([piece, piece]);
    expect(cache.isCached(chunk)).toBe(false);
  });

  it('memory stays held until the disk has it', async () => {
    const { disk, cache, chunk } = setUp();
    let finish: (() => void) | undefined;
    disk.fill = () =>
      new Promise((resolve) => {
        finish = resolve;
      });
    const target = new Target();
    await cache.read(chunk, chunk.range, target, signal);
    expect(target.holders).toBe(2);
    finish?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(target.holders).toBe(1);
  });

  it('An object is forgotten in every level but the authoritative one.', async () => {
    const { store, cache, chunk } = setUp();
    await cache.read(chunk, chunk.range, new Target(), signal);
    await cache.evict('a');
    expect(cache.isCached(chunk)).toBe(false);
    expect(store.objects.has('a')).toBe(true);
  });
});
