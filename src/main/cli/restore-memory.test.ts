/** A repository much larger than what `restore` may hold in memory. */
import { spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { snapshotPath, upstream, Workshop } from '#main/client/restore.fixture.ts';
import { askedRange, serveTest, type Handler } from '#main/client/test-server.ts';
import { MiB } from '#shared/units.ts';
import { startSluiceCommand } from './testing.ts';

/** A clone's archive. Not by way of createArchive, which would spend a minute on looking for similar blobs. */
async function archiveInto(file: string, shop: Workshop): Promise<void> {
  const clone = join(shop.folder, 'source');
  shop.git(shop.folder, 'clone', '--quiet', '--template=', shop.repository, clone);
  shop.git(clone, 'remote', 'set-url', 'origin', upstream);
  const pipe = spawn('sh', ['-c', 'tar -C "$1" -cf - . | zstd -q -1 -o "$2"', 'sh', clone, file], {
    env: shop.env,
  });
  const [code] = (await once(pipe, 'close')) as [number | null];
  expect(code).toBe(0);
}

/** Serves ranges of a file. */
function serveFile(file: string): Handler {
  const length = statSync(file).size;
  return async (request, response) => {
    const [start, askedEnd] = askedRange(request) ?? [0, length];
    const end = Math.min(askedEnd, length);
    const range = { 'content-range': `bytes ${start}-${end - 1}/${length}`, 'content-length': end - start };
    if (request.url !== snapshotPath) throw new Error(`${request.url} was not expected`);
    response.writeHead(askedRange(request) ? 206 : 200, { etag: '"v1"', ...(askedRange(request) && range) });
    if (request.method === 'HEAD') response.end();
    else await pipeline(createReadStream(file, { start, end: end - 1 }), response);
  };
}

/** The most that the process and its helpers have had in memory; the last look before it ends. */
async function peakOf(pid: number, signal: AbortSignal): Promise<number> {
  let peak = 0;
  while (!signal.aborted) {
    try {
      peak =
        Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024 ||
        peak;
    } catch {
      break;
    }
    await sleep(20);
  }
  return peak;
}

it('restores 200 MB of random blobs with no more memory than its window and its own', async () => {
  using shop = new Workshop();
  const blobs = Array.from(
    { length: 50 },
    (_, index) => [`blobs/${index}`, randomFillSync(Buffer.alloc(4_000_000))] as const,
  );
  shop.import(blobs);
  const file = join(shop.folder, 'snapshot.tar.zst');
  await archiveInto(file, shop);
  await using server = await serveTest(serveFile(file));
  const flags = ['--server', server.url.href, '--concurrency', '4', '--chunk-size', '4MiB', '--json'];
  const child = startSluiceCommand(['restore', upstream, 'clone', ...flags], {
    env: shop.env,
    cwd: shop.place,
  });
  child.stdout.resume();
  child.stderr.resume();
  const controller = new AbortController();
  const peak = peakOf(child.pid ?? 0, controller.signal);
  const [code] = (await once(child, 'exit')) as [number | null];
  controller.abort();
  expect(code).toBe(0);
  expect(statSync(file).size).toBeGreaterThan(2 * 200_000_000);
  // A window of 8 ranges is 32 MiB; Node itself, running TypeScript, has about 120 MiB. The rest is garbage, which waits
  // longer where the machine is busy. All of it would be 380 MiB more.
  const peakBytes = await peak;
  expect(peakBytes).toBeGreaterThan(32 * MiB);
  expect(peakBytes).toBeLessThan(320 * MiB);
  expect(shop.git(shop.target, 'status', '--porcelain')).toBe('');
  expect(shop.git(shop.target, 'fsck', '--full', '--strict', '--no-progress')).toBe('');
  for (const command of [
    ['rev-parse', 'HEAD'],
    ['ls-files', '--stage'],
  ])
    expect(shop.git(shop.target, ...command)).toBe(shop.git(join(shop.folder, 'source'), ...command));
  for (const [path, content] of blobs.filter((_, index) => index % 10 === 3))
    expect(readFileSync(join(shop.target, path)).equals(content)).toBe(true);
}, 240_000);
