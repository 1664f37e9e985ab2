/** What an abort means to every object store; part of the contract (object-store.contract.ts). */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { bodyOf, metadata, never, newKey, partMemory, testPartBytes } from './object-store.fixture.ts';
import type { ObjectStore } from './object-store.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Defines the tests, of the store that is there when they run. */
export function describeAborts(getStore: () => ObjectStore): void {
  const put = (key: string, bytes: Uint8Array) =>
    getStore().put(key, bodyOf(bytes), metadata(), partMemory(), never);

  it('does nothing for work that is aborted already', async () => {
    const aborted = AbortSignal.abort();
    const key = newKey();
    const store = getStore();
    const { revision } = await put(key, randomBytes(100));
    const expected = { code: 'ABORTED' };
    const range = { start: 0, end: 100 };
    await expect(store.head(key, aborted)).rejects.toMatchObject(expected);
    await expect(store.discover(key, range, aborted)).rejects.toMatchObject(expected);
    await expect(store.openRange(revision, range, aborted)).rejects.toMatchObject(expected);
    await expect(
      store.put(key, bodyOf(randomBytes(5)), metadata(), partMemory(), aborted),
    ).rejects.toMatchObject(expected);
    expect((await store.head(key, never))?.revision).toEqual(revision);
  });

  it('stops a read at an abort and lets go of the memory when it says', async () => {
    const store = getStore();
    const { revision } = await put(newKey(), Buffer.alloc(3 * testPartBytes, 1));
    const controller = new AbortController();
    const into = new Uint8Array(revision.length);
    const whole = { start: 0, end: revision.length };
    let atAbort = '';
    const onBytes = vi.fn(() => {
      controller.abort();
      atAbort = sha256(into);
    });
    const answer = await store.openRange(revision, whole, controller.signal);
    await expect(answer.readInto(into, onBytes)).rejects.toMatchObject({ code: 'ABORTED' });
    if (store.letsGo === 'when settled') atAbort = sha256(into);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sha256(into)).toBe(atAbort);
    expect(into.at(-1)).toBe(0);
    expect(onBytes).toHaveBeenCalledTimes(1);
  });

  it('stops a read at an abort between two arrivals', async () => {
    const store = getStore();
    const { revision } = await put(newKey(), Buffer.alloc(3 * testPartBytes, 1));
    const controller = new AbortController();
    const into = new Uint8Array(revision.length);
    const answer = await store.openRange(revision, { start: 0, end: into.length }, controller.signal);
    const onBytes = vi.fn();
    let atAbort = '';
    const reading = answer.readInto(into, () => {
      onBytes();
      if (onBytes.mock.calls.length > 1) return;
      setImmediate(() => {
        controller.abort();
        onBytes.mockClear();
        atAbort = sha256(into);
      });
    });
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    if (store.letsGo === 'when settled') atAbort = sha256(into);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sha256(into)).toBe(atAbort);
    expect(onBytes).not.toHaveBeenCalled();
  });

  it('gives nothing of an answer that was aborted before it was read', async () => {
    const key = newKey();
    const store = getStore();
    const { revision } = await put(key, randomBytes(testPartBytes));
    const range = { start: 0, end: testPartBytes };
    const opens = [
      (signal: AbortSignal) => store.openRange(revision, range, signal),
      async (signal: AbortSignal) => (await store.discover(key, range, signal))?.answer,
    ];
    for (const open of opens) {
      const controller = new AbortController();
      const answer = await open(controller.signal);
      controller.abort();
      const into = new Uint8Array(testPartBytes);
      const onBytes = vi.fn();
      await expect(answer?.readInto(into, onBytes)).rejects.toMatchObject({ code: 'ABORTED' });
      expect(into.every((byte) => byte === 0)).toBe(true);
      expect(onBytes).not.toHaveBeenCalled();
    }
  });

  it('leaves no listener on the signal of what is over', async () => {
    const key = newKey();
    const store = getStore();
    const { revision } = await put(key, randomBytes(1000));
    const range = { start: 0, end: 1000 };
    const { signal } = new AbortController();
    const answers = [
      await store.openRange(revision, range, signal),
      (await store.discover(key, range, signal))?.answer,
    ];
    for (const answer of answers) await answer?.readInto(new Uint8Array(1000), () => undefined);
    await expect(store.openRange({ ...revision, pin: randomUUID() }, range, signal)).rejects.toMatchObject({
      code: 'REVISION_CHANGED',
    });
    expect(await store.discover(newKey(), range, signal)).toBeUndefined();
    expect((await store.discover(key, { start: 1000, end: 2000 }, signal))?.answer).toBeUndefined();
    await expect.poll(() => getEventListeners(signal, 'abort'), { timeout: 15_000 }).toEqual([]);
  });
}
