import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GiB, KiB, MiB } from '#shared/units.ts';
import { openFileStore } from './file.ts';
import { bodyOf, metadata, never, newKey, partMemory, readAll, readRange } from './object-store.fixture.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { fillSynthetic, SyntheticObjects, withSynthetic } from './synthetic.ts';

describe('synthetic objects before a store', () => {
  const objects = new SyntheticObjects();
  const key = newKey('demo');
  let folder = '';
  let store: ObjectStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-synthetic-'));
    store = withSynthetic(await openFileStore({ root: folder }), objects);
    objects.add(key, 2 * GiB);
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  async function found(): Promise<StoredObject> {
    const object = await store.head(key, never);
    if (!object) throw new Error('not found');
    return object;
  }

  it('have the same byte at the same position, whatever the range', () => {
    const length = 64 * KiB;
    fc.assert(
      fc.property(fc.nat(2 * GiB), fc.nat(length - 1), (position, offset) => {
        const whole = Buffer.alloc(length);
        const part = Buffer.alloc(length - offset);
        fillSynthetic(whole, position);
        fillSynthetic(part, position + offset);
        expect(whole.subarray(offset).equals(part)).toBe(true);
      }),
    );
  });

  it('are found and read like any other, telling what arrives', async () => {
    const { revision } = await found();
    expect(revision.length).toBe(2 * GiB);
    const onBytes = vi.fn<(bytes: number) => void>();
    const range = { start: 2 * GiB - 3 * MiB + 5, end: 2 * GiB };
    const read = await readRange(store, revision, range, onBytes);
    const wanted = new Uint8Array(read.length);
    fillSynthetic(wanted, range.start);
    expect(Buffer.compare(read, wanted)).toBe(0);
    expect(onBytes.mock.calls.reduce((sum, [count]) => sum + count, 0)).toBe(read.length);
    expect(onBytes.mock.calls.length).toBeGreaterThan(1);
  });

  it('are discovered by a range that ends beyond them', async () => {
    const wanted = { start: 2 * GiB - 10, end: 2 * GiB + 10 };
    const first = await store.discover(key, wanted, never);
    expect(first?.range).toEqual({ start: 2 * GiB - 10, end: 2 * GiB });
    await expect(first?.answer?.readInto(new Uint8Array(10), () => undefined)).resolves.toBeUndefined();
    const beyond = await store.discover(key, { start: 2 * GiB, end: 2 * GiB + 10 }, never);
    expect(beyond?.answer).toBeUndefined();
  });

  it('stop writing in the tick in which their reader aborts', async () => {
    const { revision } = await found();
    const stopping = new AbortController();
    const into = new Uint8Array(8 * MiB);
    const answer = await store.openRange(revision, { start: 0, end: into.length }, stopping.signal);
    const reading = answer.readInto(into, () => stopping.abort());
    await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
    expect(into.subarray(4 * MiB).every((byte) => byte === 0)).toBe(true);
  });

  it('leave everything else to the store', async () => {
    const other = newKey('other');
    const bytes = new Uint8Array(1000).fill(7);
    const { revision } = await store.put(other, bodyOf(bytes), metadata(), partMemory(), never);
    expect(Buffer.compare(await readAll(store, revision), bytes)).toBe(0);
    expect(await store.delete(other, never)).toBe(true);
    expect(await store.head(other, never)).toBeUndefined();
  });

  it('are gone for good when they are removed', async () => {
    const { revision } = await found();
    objects.remove(key);
    expect(await store.head(key, never)).toBeUndefined();
    await expect(readRange(store, revision, { start: 0, end: 10 })).rejects.toMatchObject({
      code: 'REVISION_CHANGED',
    });
  });
});
