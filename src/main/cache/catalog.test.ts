import { describe, expect, it } from 'vitest';
import { Arena } from '#main/flow/arena.ts';
import { Ledger } from '#main/flow/ledger.ts';
import { ScriptedStore } from '#main/testing/scripted-store.ts';
import { Catalog } from './catalog.ts';
import { MemoryTier } from './memory-tier.ts';
import { TieredCache } from './tiered.ts';

function catalogOver(store: ScriptedStore, freshMs?: number): Catalog {
  const ledger = new Ledger(1);
  const arena = (): Arena => new Arena({ slabBytes: 1, slabs: 0 }, ledger);
  const cache = new TieredCache({ memory: new MemoryTier({ chunks: arena(), pieces: arena() }), store });
  return new Catalog({ store, cache, ...(freshMs === undefined ? {} : { freshMs }) });
}

describe('catalog', () => {
  it('A burst of readers asks the store once for what is current.', async () => {
    const store = new ScriptedStore();
    store.add('a', 10);
    const catalog = catalogOver(store, 60_000);
    const found = await Promise.all(Array.from({ length: 50 }, () => catalog.current('a')));
    expect(found.every((object) => object?.revision.length === 10)).toBe(true);
    await catalog.current('a');
    expect(store.heads).toBe(1);
  });

  it('asks again when told that its knowledge is old', async () => {
    const store = new ScriptedStore();
    store.add('a', 10);
    const catalog = catalogOver(store, 60_000);
    await catalog.current('a');
    store.add('a', 20, 'pin-2');
    expect((await catalog.current('a'))?.revision.length).toBe(10);
    catalog.forget('a');
    expect((await catalog.current('a'))?.revision.length).toBe(20);
  });

  it('An object that was deleted is gone at once.', async () => {
    const store = new ScriptedStore();
    store.add('a', 10);
    const catalog = catalogOver(store, 60_000);
    await catalog.current('a');
    expect(await catalog.delete('a', new AbortController().signal)).toBe(true);
    expect(await catalog.current('a')).toBeUndefined();
  });

  it('a failed lookup is told to those who wait and not remembered', async () => {
    const store = new ScriptedStore();
    const real = store.head.bind(store);
    store.head = () => Promise.reject(new Error('down'));
    const catalog = catalogOver(store, 60_000);
    await expect(Promise.all([catalog.current('a'), catalog.current('a')])).rejects.toThrow('down');
    store.head = real;
    store.add('a', 10);
    expect((await catalog.current('a'))?.revision.length).toBe(10);
  });
});
