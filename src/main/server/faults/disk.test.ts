/** The disk under the cache fails: everything is served from the store, and nothing wrong is kept. */
import { mkdtemp, open, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chunkBytes, content, Origins, right, until, type World } from './world.fixture.ts';

let behind: Origins;
beforeAll(async () => {
  behind = await Origins.start();
});
afterAll(() => behind[Symbol.asyncDispose]());
afterEach(() => vi.restoreAllMocks());

const chunks = Math.ceil(content.length / chunkBytes);
/** Memory keeps nothing, so that whatever is asked for again comes from disk, or from the store. */
const config = { memoryCacheBytes: 0 };

type Piece = readonly [bytes: Uint8Array, offset: number, length: number, position: number];
type Write = (...piece: Piece) => Promise<unknown>;

/** Every write to a file of this process goes this way; only the disk cache writes files here. */
async function insteadOfWriting(
  replacement: (write: Write, ...piece: Piece) => Promise<unknown>,
): Promise<void> {
  await using file = await open('/dev/null', 'w');
  const handles = Object.getPrototypeOf(file) as { write: Write };
  const { write } = handles;
  vi.spyOn(handles, 'write').mockImplementation(function (this: unknown, ...piece: Piece) {
    return replacement(write.bind(this), ...piece);
  });
}

async function chunkFiles({ sluice }: World): Promise<readonly string[]> {
  // It may have been removed.
  const names = await readdir(sluice.cacheFolder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.chunk')).map((name) => join(sluice.cacheFolder, name));
}

/** Reads until all chunks are on disk: with so little memory some are gone before it is their turn to be written. */
async function readUntilKept(world: World, path: string): Promise<void> {
  for (let reads = 0; reads < 1000 && (await chunkFiles(world)).length < chunks; reads += 1)
    expect(await world.outcome(path)).toEqual(right);
  expect((await chunkFiles(world)).length).toBeGreaterThanOrEqual(chunks);
}

async function fill(world: World): Promise<string> {
  const path = await world.put();
  await readUntilKept(world, path);
  return path;
}

const noSpace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

describe('writing', () => {
  it.each([
    ['ENOSPC at once', 0],
    ['ENOSPC after a part of a chunk was taken', 100_000],
  ])('%s: served from the store, nothing is kept', async (_, takenBytes) => {
    await using world = await behind.world({ config });
    await insteadOfWriting(async (write, bytes, offset, length, position) => {
      if (position >= takenBytes) throw noSpace;
      return write(bytes, offset, Math.min(length, takenBytes), position);
    });
    const path = await world.put();
    expect(await world.outcome(path)).toEqual(right);
    expect(await world.outcome(path)).toEqual(right);
    expect(await readdir(world.sluice.cacheFolder, { recursive: true, withFileTypes: true })).toSatisfy(
      (entries: readonly { isFile(): boolean }[]) => entries.every((entry) => !entry.isFile()),
    );
    expect(await world.metric('tier_events_total{tier="disk",event="faults"}')).toBeGreaterThan(0);
    expect(await world.metric('tier_bytes{tier="disk"}')).toBe(0);

    vi.restoreAllMocks(); // There is space again.
    await readUntilKept(world, path);
  });

  it('slow: clients do not wait for it, and it pins no more than two slabs', async () => {
    await using world = await behind.world({ config });
    let go: () => void = () => undefined;
    const going = new Promise<void>((resolve) => (go = resolve));
    await insteadOfWriting(async (write, ...piece) => {
      await going;
      return write(...piece);
    });
    const path = await world.put();
    for (let reads = 0; reads < 3; reads += 1) {
      const { body } = await world.read(path);
      expect(Buffer.compare(body, content)).toBe(0);
      // Once the transfer has let go of its own.
      await until(() => world.sluice.engine.pool.pins.chunks.taken <= 2);
    }
    go();
    await world.settled();
    expect(await world.outcome(path)).toEqual(right);
  });

  it('into a folder that was removed: made again', async () => {
    await using world = await behind.world({ config });
    await rm(world.sluice.cacheFolder, { recursive: true });
    const path = await fill(world);
    expect(await world.outcome(path)).toEqual(right);
  });

  it('into a folder that is a file now: served from the store', async () => {
    await using world = await behind.world({ config });
    await rm(world.sluice.cacheFolder, { recursive: true });
    await using _file = await open(world.sluice.cacheFolder, 'w');
    const path = await world.put();
    expect(await world.outcome(path)).toEqual(right);
    expect(await world.outcome(path)).toEqual(right);
    expect(await world.metric('tier_bytes{tier="disk"}')).toBe(0);
  });
});

/** What happens to the files of chunks that are kept. */
const harms: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  shortened: (file) => truncate(file, 100_000),
  emptied: (file) => truncate(file, 0),
  'with one bit turned': (file) => turnBit(file, 70_000),
  'with one bit of its checksums turned': (file) => turnBit(file, -20),
  removed: (file) => rm(file),
};

async function turnBit(path: string, offset: number): Promise<void> {
  await using file = await open(path, 'r+');
  const { size } = await file.stat();
  const position = offset < 0 ? size + offset : offset;
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, position);
  await file.write(Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, position);
}

describe('reading', () => {
  it('what is kept is read from disk', async () => {
    await using world = await behind.world({ config });
    const path = await fill(world);
    const before = world.asked.length;
    expect(await world.outcome(path)).toEqual(right);
    // Only the first look goes to the store.
    expect(world.asked).toHaveLength(before);
  });

  it.each(Object.keys(harms))('a file %s while the server runs: identical bytes', async (harm) => {
    await using world = await behind.world({ config });
    const path = await fill(world);
    for (const file of await chunkFiles(world)) await harms[harm]?.(file);
    expect(await world.outcome(path)).toEqual(right);
    expect(await world.outcome(path)).toEqual(right);
  });

  it.each(Object.keys(harms))('a file %s before a restart: from the store, and kept again', async (harm) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'sluice-disk-'));
    try {
      let path: string;
      {
        await using before = await behind.world({ config: { ...config, dataDir } });
        path = await fill(before);
        const files = await chunkFiles(before);
        for (const file of files.toSorted().slice(1, 3)) await harms[harm]?.(file);
      }
      await using world = await behind.world({ config: { ...config, dataDir } });
      expect(await world.outcome(path)).toEqual(right);
      // The first look, and the two chunks that were harmed.
      const chunksAsked = new Set(world.asked.map(({ start }) => Math.floor(start / chunkBytes)));
      expect([...chunksAsked].filter((index) => index > 0)).toHaveLength(2);
      await readUntilKept(world, path);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });

  it('the whole folder removed: identical bytes', async () => {
    await using world = await behind.world({ config });
    const path = await fill(world);
    await rm(world.sluice.cacheFolder, { recursive: true });
    expect(await world.outcome(path)).toEqual(right);
    expect(await world.outcome(path)).toEqual(right);
  });

  it('the whole folder removed in mid-transfer: identical bytes', async () => {
    await using world = await behind.world({ config });
    const path = await fill(world);
    using client = await world.sluice.connect();
    await client.request(`GET ${path}`).head();
    // What is missed meanwhile may be written there again.
    await rm(world.sluice.cacheFolder, { recursive: true, maxRetries: 10 });
    expect(Buffer.compare(await client.body(content.length), content)).toBe(0);
    await world.settled();
  });
});
