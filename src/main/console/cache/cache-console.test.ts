import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient, ORPCError } from '@orpc/server';
import { describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { expectQuiet } from '#main/testing/gauges.ts';
import type { CachedObject, CacheJob } from '#shared/cache-model.ts';
import type { Role } from '#shared/vocabulary/live.ts';
import { KiB, MiB } from '#shared/units.ts';

const chunkBytes = 256 * KiB;

function consoleOf(server: TestServer, role: Role = 'operator') {
  return createRouterClient(server.router, { context: { role } }).cache;
}
type Console = ReturnType<typeof consoleOf>;

/** Reads until `found` finds something. */
async function until<T>(found: () => Promise<T | undefined>): Promise<T> {
  for (const giveUpAt = performance.now() + 30_000; performance.now() < giveUpAt;) {
    const value = await found();
    if (value !== undefined) return value;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  throw new Error('it did not come about');
}

/** Whatever was going on has ended. */
const quiet = ({ engine }: TestServer) =>
  vi.waitFor(() => {
    expect(engine.backfill?.pending).toBe(0);
    expectQuiet(engine);
  }, 15_000);

const rowWith = (console: Console, name: string, isIt: (row: CachedObject) => boolean) =>
  until(async () => (await console.list()).objects.find((row) => row.name === name && isIt(row)));

const ended = (console: Console, { id }: CacheJob) =>
  until(async () => (await console.list()).jobs.find((job) => job.id === id && job.endedAt !== undefined));

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ORPCError)) throw new Error('it was not refused');
  return error.message;
}

const read = async (server: TestServer, path: string, range?: string): Promise<void> => {
  await (await server.get(path, range === undefined ? {} : { range })).arrayBuffer();
};

describe('the caches of the console', () => {
  it('are listed: how full each level is, and where the parts of each object are', async () => {
    await using server = await startTestServer();
    const console = consoleOf(server);
    const path = await server.put('half', new Uint8Array(8 * chunkBytes));
    await read(server, path, `bytes=0-${4 * chunkBytes - 1}`);
    const row = await rowWith(console, 'test/half', ({ diskBytes }) => diskBytes >= 4 * chunkBytes);
    const whole = '9'.repeat(32);
    expect(row.disk.startsWith(whole)).toBe(true);
    expect(row.memory.startsWith(whole)).toBe(true);
    expect(row).toMatchObject({ bytes: 8 * chunkBytes, isPinned: false });
    const { tiers, pins, unnamed } = await console.list();
    expect(tiers.map(({ name }) => name)).toEqual(['memory', 'disk']);
    expect(tiers.every(({ bytes, limitBytes }) => bytes > 0 && bytes <= limitBytes)).toBe(true);
    expect(pins).toEqual({ limitBytes: 32 * MiB, bytes: 0, count: 0 });
    expect(unnamed).toEqual({ objects: 0, bytes: 0 });
    const detail = await console.object({ object: 'test/half' });
    expect(detail.chunks).toBe(8);
    expect(detail.disk[0]?.[0]).toBe(0);
    expect(await refusalOf(console.object({ object: 'test/none' }))).toContain('test/none');
    const { tiers: hour } = await console.history();
    // Ten seconds may have ended since.
    const [before, now] = hour[0]?.misses.slice(-2) ?? [];
    expect((before ?? 0) + (now ?? 0)).toBeGreaterThanOrEqual(4);
    expect(hour[0]?.misses[0]).toBeNull();
  });

  it('lose an object when an operator says so, and say so in the log; the store keeps it', async () => {
    await using server = await startTestServer();
    const console = consoleOf(server);
    const bytes = Buffer.alloc(4 * chunkBytes, 7);
    const path = await server.put('gone', bytes);
    await read(server, path);
    await rowWith(console, 'test/gone', ({ diskBytes }) => diskBytes === bytes.length);
    await console.evict({ object: 'test/gone' });
    expect((await console.list()).objects).toEqual([]);
    const { rows, matching } = await console.evictions({ search: 'GONE', reason: 'operator' });
    expect(matching).toBe(2);
    expect(rows.map(({ tier, chunks }) => [tier, chunks])).toEqual([
      ['disk', 4],
      ['memory', 4],
    ]);
    expect((await console.evictions({ search: 'other' })).matching).toBe(0);
    expect(Buffer.from(await (await server.get(path)).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('say why something went: the memory cache had its share, the disk was full', async () => {
    await using server = await startTestServer({ memoryCacheBytes: MiB, diskCacheBytes: 2 * MiB });
    const console = consoleOf(server);
    for (const name of ['a', 'b', 'c']) {
      await read(server, await server.put(name, new Uint8Array(MiB)));
      // What is evicted from memory before it is its turn is not written.
      if (name !== 'c') await rowWith(console, `test/${name}`, ({ diskBytes }) => diskBytes === MiB);
    }
    await until(async () => ((await console.evictions({ reason: 'full' })).matching > 0 ? true : undefined));
    const full = await console.evictions({ reason: 'full' });
    expect(full.rows.at(-1)).toMatchObject({ object: 'test/a', tier: 'disk', chunks: 1 });
    expect((await console.evictions({ reason: 'share', tier: 'memory' })).matching).toBeGreaterThan(0);
    await server.put('c', 'new');
    expect((await console.evictions({ reason: 'replaced' })).matching).toBeGreaterThan(0);
  });

  it('keep a pinned object when others come, refuse what would be too much, and know pins after a restart', async () => {
    await using server = await startTestServer({ diskCacheBytes: 4 * MiB });
    const console = consoleOf(server);
    const paths = new Map<string, string>();
    for (const name of ['kept', 'a', 'b', 'c', 'd', 'e'])
      paths.set(name, await server.put(name, new Uint8Array(MiB)));
    const large = await server.put('large', new Uint8Array(3 * MiB));
    await read(server, paths.get('kept') ?? '');
    await rowWith(console, 'test/kept', ({ diskBytes }) => diskBytes === MiB);
    await console.pin({ object: 'test/kept' });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await read(server, paths.get(name) ?? '');
      await rowWith(console, `test/${name}`, ({ diskBytes }) => diskBytes === MiB);
    }
    expect(await rowWith(console, 'test/kept', () => true)).toMatchObject({ diskBytes: MiB, isPinned: true });
    expect((await console.list()).tiers[1]?.pinnedBytes).toBe(MiB);
    expect(await refusalOf(console.evict({ object: 'test/kept' }))).toContain('unpin it first');
    await read(server, large, 'bytes=0-0');
    expect(await refusalOf(console.pin({ object: 'test/large' }))).toMatch(/would come to 4 MiB.*2 MiB/);

    const saved = await readFile(join(server.cacheFolder, '../cached-objects.json'), 'utf8');
    expect(saved).toContain('"name":"test/kept"');
    await console.unpin({ object: 'test/kept' });
    expect((await console.list()).pins).toMatchObject({ bytes: 0, count: 0 });
  });

  it('are brought an object ahead of anybody, as a job, without a client noticing', async () => {
    await using server = await startTestServer();
    const console = consoleOf(server);
    const path = await server.put('ahead', new Uint8Array(40 * chunkBytes + 5));
    await read(server, path, 'bytes=0-0');
    const job = await console.prefetch({ object: 'test/ahead' });
    expect(await console.prefetch({ object: 'test/ahead' })).toMatchObject({ id: job.id });
    expect(await ended(console, job)).toMatchObject({ state: 'done', doneBytes: 40 * chunkBytes + 5 });
    // It went through memory, and took none of the memory cache.
    const row = await rowWith(console, 'test/ahead', ({ memoryBytes }) => memoryBytes <= 3 * chunkBytes);
    expect(row.diskBytes).toBe(40 * chunkBytes + 5);
    const again = await ended(console, await console.prefetch({ object: 'test/ahead' }));
    expect(again.outcome).toContain('nothing to bring');
    const part = { start: 5, end: 9 };
    await console.evict({ object: 'test/ahead' });
    expect(await ended(console, await console.prefetch({ object: 'test/ahead', range: part }))).toMatchObject(
      {
        state: 'done',
        totalBytes: chunkBytes,
      },
    );
    const outside = console.prefetch({ object: 'test/ahead', range: { start: 5, end: 99 * MiB } });
    expect(await refusalOf(outside)).toContain('is not a part of it');
    await quiet(server);
  });

  it('are brought an object into memory where there is no disk, and never more than there is room for', async () => {
    await using server = await startTestServer({ diskCacheBytes: 0 });
    const console = consoleOf(server);
    const path = await server.put('small', new Uint8Array(6 * chunkBytes));
    await read(server, path, 'bytes=0-0');
    const job = await ended(console, await console.prefetch({ object: 'test/small' }));
    expect(job.outcome).toContain('into memory');
    expect(await rowWith(console, 'test/small', () => true)).toMatchObject({ memory: '9'.repeat(64) });
    await read(server, await server.put('large', new Uint8Array(9 * MiB)), 'bytes=0-0');
    expect(await refusalOf(console.prefetch({ object: 'test/large' }))).toContain('do not fit');
  });

  it('are verified block by block: what is bad is dropped, said, and brought again', async () => {
    await using server = await startTestServer({ memoryCacheBytes: 0 });
    const console = consoleOf(server);
    const bytes = Buffer.alloc(6 * chunkBytes, 3);
    const path = await server.put('proof', bytes);
    await read(server, path, 'bytes=0-0');
    await ended(console, await console.prefetch({ object: 'test/proof' }));
    const fine = await ended(console, await console.verify({ object: 'test/proof' }));
    expect(fine.outcome).toContain('6 chunks, 1.50 MiB intact');

    const found = (await readdir(server.cacheFolder, { recursive: true })).find((name) =>
      name.endsWith(`${2 * chunkBytes}-${3 * chunkBytes}.chunk`),
    );
    const file = join(server.cacheFolder, found ?? '');
    const altered = await readFile(file);
    altered[70_000] = 4;
    await writeFile(file, altered);
    const bad = await ended(console, await console.verify({ object: 'test/proof' }));
    expect(bad.outcome).toContain('1 bad and dropped');
    expect((await console.evictions({ reason: 'faulty' })).rows).toMatchObject([{ start: 2 * chunkBytes }]);
    expect(Buffer.from(await (await server.get(path)).arrayBuffer()).equals(bytes)).toBe(true);
    await quiet(server);
  });

  it('are looked at by viewers, and changed by operators alone', async () => {
    await using server = await startTestServer();
    const console = consoleOf(server, 'viewer');
    await read(server, await server.put('a', new Uint8Array(chunkBytes)));
    await rowWith(console, 'test/a', () => true);
    const object = 'test/a';
    const calls = [
      console.pin({ object }),
      console.unpin({ object }),
      console.evict({ object }),
      console.prefetch({ object }),
      console.verify({ object }),
      console.cancel({ job: 1 }),
    ];
    for (const call of calls) expect(await refusalOf(call)).toContain('operator role');
  });

  it('end a job that is cancelled', async () => {
    await using server = await startTestServer();
    const console = consoleOf(server);
    await read(server, await server.put('a', new Uint8Array(30 * MiB)), 'bytes=0-0');
    const job = await console.prefetch({ object: 'test/a' });
    expect(await console.cancel({ job: job.id })).toEqual({ ended: true });
    expect(await ended(console, job)).toMatchObject({ state: 'cancelled' });
    expect(await console.cancel({ job: job.id })).toEqual({ ended: false });
    await quiet(server);
  });
});
