import { describe, expect, it } from 'vitest';
import type { ObjectStore } from '#main/object-store/object-store.ts';
import { ScriptedStore } from '#main/testing/scripted-store.ts';
import { Catalog } from './catalog.ts';

function catalogOver(store: ScriptedStore, freshMs = 60_000): Catalog {
  return new Catalog({
    store,
    freshMs,
    discover: async (key, wanted, signal) => {
      const discovery = await store.discover(key, wanted, signal);
      return discovery && { object: discovery.object };
    },
    holds: () => false,
    forget: async () => undefined,
  });
}

describe('catalog', () => {
  it('A burst of readers asks the store once for what is current.', async () => {
    const store = new ScriptedStore();
    store.add('a', 10);
    const catalog = catalogOver(store);
    const found = await Promise.all(Array.from({ length: 50 }, () => catalog.current('a')));
    expect(found.every((object) => object?.revision.length === 10)).toBe(true);
    await catalog.current('a');
    expect(store.heads).toBe(1);
  });

  it('asks again when told that its knowledge is old', async () => {
    const store = new ScriptedStore();
    store.add('a', 10);
    const catalog = catalogOver(store);
    await catalog.current('a');
    store.add('a', 20, 'pin-2');
    expect((await catalog.current('a'))?.revision.length).toBe(10);
    catalog.forget('a');
    expect((await catalog.current('a'))?.revision.length).toBe(20);
  });

  it('An object that was deleted is gone at once.', async () => {
    const store = new ScriptedStore();
    store.add('a', 10);
    const catalog = catalogOver(store);
    await catalog.current('a');
    expect(await catalog.delete('a', new AbortController().signal)).toBe(true);
    expect(await catalog.current('a')).toBeUndefined();
  });

  it('a failed lookup is told to those who wait and not remembered', async () => {
    const store = new ScriptedStore();
    const real = store.head.bind(store);
    store.head = () => Promise.reject(new Error('down'));
    const catalog = catalogOver(store);
    await expect(Promise.all([catalog.current('a'), catalog.current('a')])).rejects.toThrow('down');
    store.head = real;
    store.add('a', 10);
    expect((await catalog.current('a'))?.revision.length).toBe(10);
  });

  it('a lookup is given up when the last who waits for it has gone, and not before', async () => {
    const store = new ScriptedStore();
    store.add('a', 10);
    const real = store.head.bind(store);
    const signals: AbortSignal[] = [];
    const head: ObjectStore['head'] = (_key, signal) => {
      signals.push(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
      });
    };
    Object.assign(store, { head });
    const catalog = catalogOver(store);
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [first, second].map(({ signal }) => catalog.look('a', undefined, signal));
    first.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: 'ABORTED' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    second.abort();
    await expect(waiting[1]).rejects.toMatchObject({ code: 'ABORTED' });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    store.head = real;
    expect((await catalog.current('a'))?.revision.length).toBe(10);
  });
});
