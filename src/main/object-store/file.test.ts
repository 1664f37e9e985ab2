import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readlink, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftoverMilliseconds } from './file-sweep.ts';
import { openFileStore } from './file.ts';
import { describeObjectStore } from './object-store.contract.ts';
import { bodyOf, metadata, never, newKey, partMemory, readAll } from './object-store.fixture.ts';
import type { RangeAnswer } from './object-store.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-file-store-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const newRoot = () => join(folder, randomUUID());

describeObjectStore('the file store', (now) => openFileStore({ root: newRoot(), now }));

/** How many files below a folder this process has open, as Linux tells. */
async function openFilesIn(root: string): Promise<number> {
  const descriptors = (await readdir('/proc/self/fd')).map((name) => `/proc/self/fd/${name}`);
  const paths = await Promise.all(descriptors.map((path) => readlink(path).catch(() => '')));
  return paths.filter((path) => path.startsWith(root)).length;
}

/** Every file below a folder. */
async function filesIn(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('the file store', () => {
  it('keeps its objects when it is opened again', async () => {
    const root = newRoot();
    const key = newKey('kept');
    const bytes = randomBytes(1000);
    const stored = await (
      await openFileStore({ root })
    ).put(key, bodyOf(bytes), metadata(), partMemory(), never);
    const reopened = await openFileStore({ root });
    expect(await reopened.head(key, never)).toEqual(stored);
    expect(Buffer.compare(await readAll(reopened, stored.revision), bytes)).toBe(0);
  });

  it('keeps two files for an object, and none of a replaced, deleted or failed one', async () => {
    const root = newRoot();
    const store = await openFileStore({ root });
    const key = newKey();
    const put = (body: AsyncIterable<Uint8Array>) => store.put(key, body, metadata(), partMemory(), never);
    const broken = async function* () {
      yield new Uint8Array(10);
      throw new Error('broken');
    };
    for (let round = 0; round < 3; round += 1) await put(bodyOf(randomBytes(100)));
    await expect(put(broken())).rejects.toThrow('broken');
    expect(await filesIn(root)).toHaveLength(2);
    await store.delete(key, never);
    expect(await filesIn(root)).toEqual([]);
  });

  it('sweeps what a crash has left, but nothing fresh and nothing that is named', async () => {
    const root = newRoot();
    const store = await openFileStore({ root });
    const key = newKey('swept');
    const bytes = randomBytes(1000);
    const { revision } = await store.put(key, bodyOf(bytes), metadata(), partMemory(), never);
    const data = (await filesIn(root)).find((path) => path.endsWith('.data')) ?? '';
    const digest = key.slice(-64);
    const leftovers = [
      join(root, 'incoming', `${randomUUID()}.data`),
      join(dirname(data), `${digest}.${randomUUID()}.data`),
      join(root, 'objects', '00', `${'0'.repeat(64)}.${randomUUID()}.data`),
    ];
    const fresh = leftovers.map((path) => path.replace(/[0-9a-f-]{36}\.data/, `${randomUUID()}.data`));
    await mkdir(join(root, 'objects', '00'));
    for (const path of [...leftovers, ...fresh]) await writeFile(path, 'x');
    const old = new Date(Date.now() - leftoverMilliseconds - 60_000);
    for (const path of [...leftovers, data]) await utimes(path, old, old);
    const before = await filesIn(root);
    const reopened = await openFileStore({ root });
    expect((await filesIn(root)).toSorted()).toEqual(
      before.filter((path) => !leftovers.includes(path)).toSorted(),
    );
    expect(Buffer.compare(await readAll(reopened, revision), bytes)).toBe(0);
  });

  it('leaves every object whole or absent when it is killed while writing', async () => {
    const root = newRoot();
    const replaced = [newKey(), newKey('crash')];
    for (let round = 0; round < 6; round += 1) {
      const added = Array.from({ length: 100 }, () => newKey('crash'));
      const writer = execFile(process.execPath, [
        '--input-type=module',
        '--eval',
        writing(root, replaced, added),
      ]);
      // From now on: where we are held up, it comes to its end before it is killed.
      const ended = once(writer, 'exit');
      await once(writer.stdout!, 'data');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      writer.kill('SIGKILL');
      await ended;
      const store = await openFileStore({ root });
      const found = await Promise.all([...replaced, ...added].map((key) => store.head(key, never)));
      expect(found.slice(0, replaced.length)).not.toContain(undefined);
      for (const object of found.filter((object) => object !== undefined)) {
        const bytes = await readAll(store, object.revision);
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(object.etag);
      }
    }
  });

  it('refuses a folder that cannot be one, in a sentence', async () => {
    const root = join(newRoot());
    await writeFile(root, 'a file');
    const opening = openFileStore({ root: join(root, 'below') });
    await expect(opening).rejects.toMatchObject({ code: 'STORE_REFUSED' });
    await expect(opening).rejects.toThrow(pathToFileURL(root).href);
  });

  it('keeps a file open only while its answer may be read', async () => {
    const root = newRoot();
    const store = await openFileStore({ root });
    const key = newKey();
    const bytes = randomBytes(3_000_000);
    const { revision } = await store.put(key, bodyOf(bytes), metadata(), partMemory(), never);
    const range = { start: 0, end: bytes.length };
    const into = new Uint8Array(bytes.length);
    const ends: ((answer: RangeAnswer | undefined, abort: () => void) => Promise<unknown>)[] = [
      async (answer) => answer?.readInto(into, () => undefined),
      async (_, abort) => abort(),
      async (answer, abort) => {
        await expect(answer?.readInto(into, abort)).rejects.toMatchObject({ code: 'ABORTED' });
      },
      async (answer, abort) => {
        await expect(answer?.readInto(new Uint8Array(5), abort)).rejects.toMatchObject({ code: 'INVARIANT' });
      },
    ];
    for (const end of ends) {
      for (const look of ['openRange', 'discover'] as const) {
        const controller = new AbortController();
        const { signal } = controller;
        const answer =
          look === 'discover'
            ? (await store.discover(key, range, signal))?.answer
            : await store.openRange(revision, range, signal);
        expect(await openFilesIn(root)).toBe(1);
        await end(answer, () => controller.abort());
        await expect.poll(() => openFilesIn(root)).toBe(0);
      }
    }
  });

  it('reads to its end a revision that has been replaced since it was opened', async () => {
    const store = await openFileStore({ root: newRoot() });
    const key = newKey();
    const put = (bytes: Uint8Array) => store.put(key, bodyOf(bytes), metadata(), partMemory(), never);
    const bytes = randomBytes(100_000);
    await put(bytes);
    const found = await store.discover(key, { start: 10, end: 200_000 }, never);
    await put(randomBytes(50_000));
    const into = new Uint8Array(99_990);
    await found?.answer?.readInto(into, () => undefined);
    expect(Buffer.compare(into, bytes.subarray(10))).toBe(0);
  });

  it('fails, and does not look for ever, when a record has lost its data', async () => {
    const root = newRoot();
    const store = await openFileStore({ root });
    const key = newKey();
    await store.put(key, bodyOf(randomBytes(10)), metadata(), partMemory(), never);
    for (const path of await filesIn(root)) if (path.endsWith('.data')) await rm(path);
    const looking = store.discover(key, { start: 0, end: 10 }, never);
    await expect(looking).rejects.toMatchObject({ code: 'REVISION_CHANGED' });
  });

  it('says when a data file is shorter than its record', async () => {
    const root = newRoot();
    const store = await openFileStore({ root });
    const { revision } = await store.put(newKey(), bodyOf(randomBytes(100)), metadata(), partMemory(), never);
    const data = (await filesIn(root)).find((path) => path.endsWith('.data')) ?? '';
    await writeFile(data, 'torn');
    await expect(readAll(store, revision)).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
  });
});

/** Source text that replaces some objects again and again, adds others, and says when the first round is done. */
function writing(root: string, replaced: readonly string[], added: readonly string[]): string {
  const url = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  return `
    import { createHash, randomBytes } from 'node:crypto';
    import { openFileStore } from ${url('./file.ts')};
    const store = await openFileStore({ root: ${JSON.stringify(root)} });
    const part = { bytes: new Uint8Array(300_000) };
    const { signal } = new AbortController();
    for (const key of ${JSON.stringify(added)}) {
      for (const name of [...${JSON.stringify(replaced)}, key]) {
        const bytes = randomBytes(Math.random() * 1_000_000);
        const etag = createHash('sha256').update(bytes).digest('hex');
        await store.put(name, (async function* () { yield bytes; })(), { headers: {}, etag }, part, signal);
      }
      console.log(key);
    }
  `;
}
