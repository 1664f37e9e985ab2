/** What every object store promises; each implementation's test runs it. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MiB } from '#shared/units.ts';
import type {
  ObjectMetadata,
  ObjectRevision,
  ObjectStore,
  PartMemory,
  ReadObserver,
} from './object-store.ts';

/** The smallest part that S3 takes. */
export const testPartBytes = 5 * MiB;

export const never: AbortSignal = new AbortController().signal;

export const silent: ReadObserver = {
  attempt: () => undefined,
  received: () => undefined,
  backOff: () => undefined,
};

export function partMemory(): PartMemory {
  return { bytes: new Uint8Array(testPartBytes), [Symbol.dispose]: () => undefined };
}

/** A key that nobody has used. */
export function newKey(namespace?: string): string {
  const digest = randomBytes(32).toString('hex');
  return `${namespace === undefined ? '' : `${namespace}/`}${digest.slice(0, 2)}/${digest}`;
}

/** Bytes in pieces of a size that does not divide a part. */
export async function* bodyOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const pieceBytes = 100_003;
  for (let start = 0; start < bytes.length; start += pieceBytes)
    yield bytes.subarray(start, start + pieceBytes);
}

export function metadata(more: Partial<ObjectMetadata> = {}): ObjectMetadata {
  return { headers: { 'content-type': ['application/zstd'] }, etag: randomUUID(), ...more };
}

export async function readAll(
  store: ObjectStore,
  revision: ObjectRevision,
  observer: ReadObserver = silent,
): Promise<Uint8Array> {
  const into = new Uint8Array(revision.length);
  await store.readRange(revision, { start: 0, end: revision.length }, into, observer, never);
  return into;
}

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

    it('reads any range, telling the observer what arrived', async () => {
      const bytes = randomBytes(testPartBytes + 1000);
      const { revision } = await put(newKey(), bytes);
      const ends = [0, 1, testPartBytes - 1, testPartBytes, testPartBytes + 999, bytes.length];
      for (const [index, end] of ends.entries()) {
        for (const start of ends.slice(0, index + 1)) {
          const into = new Uint8Array(end - start);
          const received = vi.fn<(bytes: number) => void>();
          await store.readRange(revision, { start, end }, into, { ...silent, received }, never);
          expect(Buffer.compare(into, bytes.subarray(start, end))).toBe(0);
          expect(received.mock.calls.reduce((sum, [count]) => sum + count, 0)).toBe(end - start);
        }
      }
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
        await vi.waitFor(async () => expect(await expiry()).toBeGreaterThan(first + 2_600_000), 5000);
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
          await vi.waitFor(() => expect(outcomes.length).toBeGreaterThan(seen + 1), { interval: 1 });
        }
        writer.done = true;
      };
      const read = async () => {
        while (!writer.done) {
          const found = await store.head(key, never);
          const bytes = found && (await readAll(store, found.revision).catch((error: unknown) => error));
          outcomes.push(bytes instanceof Uint8Array ? new Set(bytes).size : bytes);
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

    it('does nothing for work that is aborted already', async () => {
      const aborted = AbortSignal.abort();
      const key = newKey();
      const { revision } = await put(key, randomBytes(100));
      const expected = { code: 'ABORTED' };
      const into = new Uint8Array(100).fill(7);
      await expect(store.head(key, aborted)).rejects.toMatchObject(expected);
      await expect(
        store.readRange(revision, { start: 0, end: 100 }, into, silent, aborted),
      ).rejects.toMatchObject(expected);
      expect(into).toEqual(new Uint8Array(100).fill(7));
      await expect(
        store.put(key, bodyOf(randomBytes(5)), metadata(), partMemory(), aborted),
      ).rejects.toMatchObject(expected);
      expect((await store.head(key, never))?.revision).toEqual(revision);
    });

    it('stops a read at an abort and writes nothing more into the buffer', async () => {
      const { revision } = await put(newKey(), Buffer.alloc(3 * testPartBytes, 1));
      const controller = new AbortController();
      const into = new Uint8Array(revision.length);
      const received = () => controller.abort();
      const whole = { start: 0, end: revision.length };
      const reading = store.readRange(revision, whole, into, { ...silent, received }, controller.signal);
      await expect(reading).rejects.toMatchObject({ code: 'ABORTED' });
      const settled = sha256(into);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(sha256(into)).toBe(settled);
      expect(into.at(-1)).toBe(0);
    });

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
