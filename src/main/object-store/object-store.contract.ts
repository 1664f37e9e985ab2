/** What every object store promises; each implementation's test runs it. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isSluiceError } from '#shared/errors.ts';
import { describeAborts } from './object-store-aborts.contract.ts';
import {
  bodyOf,
  metadata,
  never,
  newKey,
  partMemory,
  readAll,
  readRange,
  testPartBytes,
} from './object-store.fixture.ts';
import type { ObjectMetadata, ObjectStore } from './object-store.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

type Open = (now: () => number) => Promise<ObjectStore>;

/** Runs the suite on stores that `open` gives; `now` is the clock they decide about expiry with. */
export function describeObjectStore(name: string, open: Open): void {
  describe(`${name} keeps the contract of object stores`, () => {
    let store: ObjectStore;
    let offsetMilliseconds = 0;

    beforeAll(async () => {
      store = await open(() => Date.now() + offsetMilliseconds);
    });
    afterAll(async () => {
      await store[Symbol.asyncDispose]();
    });

    const put = (key: string, bytes: Uint8Array, more: Partial<ObjectMetadata> = {}) =>
      store.put(key, bodyOf(bytes), metadata(more), partMemory(), never);

    /** Runs `test` so many milliseconds later, as the store sees it. */
    const later = async <T>(milliseconds: number, test: () => Promise<T>) => {
      offsetMilliseconds = milliseconds;
      try {
        return await test();
      } finally {
        offsetMilliseconds = 0;
      }
    };

    it('can be used', async () => {
      await expect(store.check(never)).resolves.toBeUndefined();
    });

    it('knows nothing of a key that was never put', async () => {
      expect(await store.head(newKey(), never)).toBeUndefined();
      expect(await store.delete(newKey(), never)).toBe(false);
    });

    it.each([
      ['no byte', 0],
      ['one byte', 1],
      ['a part less one', testPartBytes - 1],
      ['a part', testPartBytes],
      ['a part and one', testPartBytes + 1],
      ['three parts and seven', 3 * testPartBytes + 7],
    ])('gives back an object of %s', async (_, length) => {
      const key = newKey('sizes');
      const bytes = randomBytes(length);
      const stored = await put(key, bytes);
      expect(stored.revision).toMatchObject({ key, length });
      const found = await store.head(key, never);
      expect(found).toEqual(stored);
      expect(sha256(await readAll(store, stored.revision))).toBe(sha256(bytes));
    });

    it('reads any range, telling what arrived', async () => {
      const bytes = randomBytes(testPartBytes + 1000);
      const { revision } = await put(newKey(), bytes);
      const ends = [0, 1, testPartBytes - 1, testPartBytes, testPartBytes + 999, bytes.length];
      for (const [index, end] of ends.entries()) {
        for (const start of ends.slice(0, index)) {
          const onBytes = vi.fn<(bytes: number) => void>();
          const read = await readRange(store, revision, { start, end }, onBytes);
          expect(Buffer.compare(read, bytes.subarray(start, end))).toBe(0);
          expect(onBytes.mock.calls.reduce((sum, [count]) => sum + count, 0)).toBe(end - start);
        }
      }
    });

    it.each([
      ['all of it', 1000, { start: 0, end: 1000 }, { start: 0, end: 1000 }],
      ['its beginning', 1000, { start: 0, end: 10 }, { start: 0, end: 10 }],
      ['its end and more', 1000, { start: 900, end: 2000 }, { start: 900, end: 1000 }],
      ['what is beyond its end', 1000, { start: 1000, end: 2000 }, { start: 1000, end: 1000 }],
      ['what is far beyond its end', 1000, { start: 5000, end: 6000 }, { start: 1000, end: 1000 }],
      ['any of an empty one', 0, { start: 0, end: 1000 }, { start: 0, end: 0 }],
    ])('discovers an object by %s', async (_, length, wanted, range) => {
      const key = newKey('discovered');
      const bytes = randomBytes(length);
      const stored = await put(key, bytes, { timeToLiveMs: 3_600_000 });
      const found = await store.discover(key, wanted, never);
      expect(found).toMatchObject({ object: stored, range });
      const into = new Uint8Array(range.end - range.start);
      expect(found?.answer === undefined).toBe(into.length === 0);
      await found?.answer?.readInto(into, () => undefined);
      expect(Buffer.compare(into, bytes.subarray(range.start, range.end))).toBe(0);
    });

    it('discovers nothing where nothing is, or not any more', async () => {
      const wanted = { start: 0, end: 10 };
      expect(await store.discover(newKey(), wanted, never)).toBeUndefined();
      const key = newKey('discovered');
      await put(key, randomBytes(10), { timeToLiveMs: 1000 });
      await later(3000, async () => {
        expect(await store.discover(key, wanted, never)).toBeUndefined();
      });
      await put(key, randomBytes(10));
      await store.delete(key, never);
      expect(await store.discover(key, wanted, never)).toBeUndefined();
    });

    it('gives back validator, headers, and a Last-Modified in whole seconds', async () => {
      const key = newKey('meta');
      const headers = {
        'content-type': ['text/plain; charset=utf-8'],
        'x-list': ['one', 'two, three'],
        'x-name': ['größer – 雪'],
      };
      const before = Math.floor(Date.now() / 1000) * 1000;
      await put(key, randomBytes(10), { headers, etag: 'v1:a/b+c=.d_e-f' });
      const found = await store.head(key, never);
      expect(found).toMatchObject({ headers, etag: 'v1:a/b+c=.d_e-f', expiresAt: undefined });
      expect(found?.lastModified.getMilliseconds()).toBe(0);
      expect(found?.lastModified.getTime()).toBeGreaterThanOrEqual(before - 1000);
    });

    it('forgets an object when its time to live is over', async () => {
      const key = newKey('expiry');
      const stored = await put(key, randomBytes(10), { timeToLiveMs: 3_600_000 });
      const remaining = (stored.expiresAt?.getTime() ?? 0) - Date.now();
      expect(remaining).toBeGreaterThan(3_590_000);
      expect(remaining).toBeLessThanOrEqual(3_601_000);
      expect((await store.head(key, never))?.expiresAt).toEqual(stored.expiresAt);
      await later(3_602_000, async () => {
        expect(await store.head(key, never)).toBeUndefined();
      });
      // It is not only hidden.
      expect(await store.head(key, never)).toBeUndefined();
      await expect(readAll(store, stored.revision)).rejects.toMatchObject({ code: 'REVISION_CHANGED' });
    });

    it('puts the expiry off when an object is looked up in the second half of its life', async () => {
      const key = newKey('expiry');
      const stored = await put(key, randomBytes(10), { timeToLiveMs: 3_600_000 });
      const expiry = async () => (await store.head(key, never))?.expiresAt?.getTime() ?? 0;
      const first = stored.expiresAt?.getTime() ?? 0;
      await later(1_000_000, async () => {
        expect(await expiry()).toBe(first);
      });
      await later(2_700_000, async () => {
        await expect.poll(expiry, { timeout: 15_000 }).toBeGreaterThan(first + 2_600_000);
      });
    });

    it('replaces an object, and refuses its old revision ever after', async () => {
      const key = newKey();
      const old = await put(key, randomBytes(2000));
      const bytes = randomBytes(3000);
      const stored = await put(key, bytes);
      await expect(readAll(store, old.revision)).rejects.toMatchObject({ code: 'REVISION_CHANGED' });
      expect(await store.head(key, never)).toEqual(stored);
      expect(sha256(await readAll(store, stored.revision))).toBe(sha256(bytes));
    });

    it('never mixes revisions under readers while an object is replaced', async () => {
      const key = newKey();
      await put(key, Buffer.alloc(200_000, 0));
      const writer = { done: false };
      const outcomes: unknown[] = [];
      const write = async () => {
        for (const fill of [1, 2, 3, 4, 5]) {
          await put(key, Buffer.alloc(200_000, fill));
          const seen = outcomes.length;
          // Time for one read that nothing disturbs.
          await expect
            .poll(() => outcomes.length, { interval: 1, timeout: 30_000 })
            .toBeGreaterThan(seen + 1);
        }
        writer.done = true;
      };
      const byHead = async () => {
        const found = await store.head(key, never);
        return found && readAll(store, found.revision);
      };
      const byDiscovery = async () => {
        const found = await store.discover(key, { start: 1000, end: 300_000 }, never);
        const into = new Uint8Array(199_000);
        await found?.answer?.readInto(into, () => undefined);
        return found && into;
      };
      const read = async () => {
        while (!writer.done) {
          for (const look of [byHead, byDiscovery]) {
            const bytes = await look().catch((error: unknown) => error);
            // Ceph may answer 500 at the moment of a replacement; whoever reads tries again.
            if (isSluiceError(bytes, 'STORE_UNAVAILABLE')) continue;
            outcomes.push(bytes instanceof Uint8Array ? new Set(bytes).size : bytes);
          }
        }
      };
      await Promise.all([write(), read()]);
      const changed = expect.objectContaining({ code: 'REVISION_CHANGED' });
      expect(outcomes.filter((outcome) => outcome !== 1)).toEqual(
        outcomes.filter((outcome) => outcome !== 1).map(() => changed),
      );
      expect(outcomes).toContain(1);
      const last = await store.head(key, never);
      expect(last && (await readAll(store, last.revision))[0]).toBe(5);
    });

    it('deletes an object once', async () => {
      const key = newKey('gone');
      const { revision } = await put(key, randomBytes(10));
      expect(await store.delete(key, never)).toBe(true);
      expect(await store.head(key, never)).toBeUndefined();
      await expect(readAll(store, revision)).rejects.toMatchObject({ code: 'REVISION_CHANGED' });
      expect(await store.delete(key, never)).toBe(false);
    });

    it('lists the namespaces that hold an object', async () => {
      // Two hex digits look like the folder of an object without a namespace.
      for (const namespace of ['ab', 'Upper', 'upper-2', 'z_9', undefined]) {
        await put(newKey(namespace), randomBytes(1));
      }
      const doomed = newKey('emptied');
      await put(doomed, randomBytes(1));
      await store.delete(doomed, never);
      const namespaces = await store.namespaces(never);
      expect(namespaces).toEqual(namespaces.toSorted());
      expect(namespaces).toEqual(expect.arrayContaining(['Upper', 'ab', 'upper-2', 'z_9']));
      expect(namespaces).not.toContain('emptied');
      expect(namespaces.filter((namespace) => /^[0-9a-f]{2}$/.test(namespace))).toEqual(['ab']);
    });

    it.each([
      '../../etc/passwd',
      'ab',
      '',
      'ns/ab/../x',
      `ab/${'c'.repeat(64)}`,
      `.hidden/ab/${'ab'.repeat(32)}`,
    ])('refuses %j as a key', async (key) => {
      const refused = { code: 'INVALID_INPUT' };
      await expect((async () => store.head(key, never))()).rejects.toMatchObject(refused);
      const wanted = { start: 0, end: 1 };
      await expect((async () => store.discover(key, wanted, never))()).rejects.toMatchObject(refused);
      await expect((async () => store.delete(key, never))()).rejects.toMatchObject(refused);
      await expect((async () => put(key, randomBytes(1)))()).rejects.toMatchObject(refused);
    });

    describe.each([
      ['in the first part', 1000],
      ['in the third part', 2 * testPartBytes + 1000],
    ])('when a put fails %s', (_, afterBytes) => {
      const failures: [string, (abort: () => void) => Promise<void>, object][] = [
        [
          'because the body throws',
          async () => {
            throw new TypeError('the body broke');
          },
          { message: 'the body broke' },
        ],
        [
          'because it is aborted while the body is stuck',
          async (abort) => {
            abort();
            await new Promise(() => undefined);
          },
          { code: 'ABORTED' },
        ],
      ];
      it.each(failures)('leaves nothing, and what was there before, %s', async (_, fail, error) => {
        const controller = new AbortController();
        const body = async function* () {
          yield* bodyOf(Buffer.alloc(afterBytes));
          await fail(() => controller.abort());
        };
        const fresh = newKey('failed');
        const bytes = randomBytes(500);
        const occupied = newKey('failed');
        const stored = await put(occupied, bytes);
        for (const key of [fresh, occupied]) {
          const failing = store.put(key, body(), metadata(), partMemory(), controller.signal);
          await expect(failing).rejects.toMatchObject(key === fresh ? error : {});
        }
        expect(await store.head(fresh, never)).toBeUndefined();
        expect(await store.head(occupied, never)).toEqual(stored);
        expect(sha256(await readAll(store, stored.revision))).toBe(sha256(bytes));
      });
    });

    describeAborts(() => store);

    it('lets one of several puts of one key win, whole', async () => {
      const key = newKey('race');
      const bodies = Array.from({ length: 6 }, (_, index) =>
        Buffer.alloc(index * testPartBytes + 5, index + 1),
      );
      const stored = await Promise.all(bodies.slice(0, 3).map((bytes) => put(key, bytes)));
      const found = await store.head(key, never);
      expect(stored).toContainEqual(found);
      if (!found) return;
      const read = await readAll(store, found.revision);
      expect(bodies.map(sha256)).toContain(sha256(read));
      expect(found.etag).toBe(stored[(read[0] ?? 0) - 1]?.etag);
    });
  });
}
