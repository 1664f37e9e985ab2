/** The process itself: told to stop under load, and held up by its own work. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer } from '#main/app.fixture.ts';
import { startSluiceCommand } from '#main/cli/testing.ts';
import { RawClient } from '#main/server/raw-client.fixture.ts';
import { expectQuiet } from '#main/testing/gauges.ts';
import { MiB } from '#shared/units.ts';
import { content, Origins, until } from './world.fixture.ts';

let behind: Origins;
beforeAll(async () => {
  behind = await Origins.start();
});
afterAll(() => behind[Symbol.asyncDispose]());

/** `sluice serve` in a process of its own, over the embedded S3 server. */
async function serve(dataDir: string) {
  const { embedded } = behind;
  const flags = ['--store', `s3://${embedded.bucket}`, '--s3-endpoint', embedded.endpoint, '--s3-path-style'];
  const child = startSluiceCommand(
    [
      'serve',
      '--json',
      '--no-demo',
      '--port',
      '0',
      '--data-dir',
      dataDir,
      '--s3-region',
      'us-east-1',
      ...flags,
    ],
    { env: { AWS_ACCESS_KEY_ID: embedded.accessKeyId, AWS_SECRET_ACCESS_KEY: 'any' } },
  );
  child.stderr.resume();
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ended: once(child, 'exit'), url: String((JSON.parse(line) as { url: unknown }).url) };
}

describe('SIGTERM under load', () => {
  it.each([
    ['once: transfers end whole, and who stalls is broken off', 1],
    ['twice: it ends at once, and no body looks whole that is not', 2],
  ])(
    '%s',
    async (_, signals) => {
      const dataDir = await mkdtemp(join(tmpdir(), 'sluice-process-'));
      const large = Buffer.alloc(24 * MiB, content);
      const path = await behind.put('S3', large);
      const { child, ended, url } = await serve(dataDir);
      try {
        const clients = await Promise.all(Array.from({ length: 8 }, () => RawClient.connect(url)));
        for (const client of clients)
          expect((await client.request(`GET ${path}`, ['Connection: close']).head()).status).toBe(200);
        const [stalled, ...readers] = clients;
        child.kill('SIGTERM');
        await once(child.stdout, 'data'); // It says that it has heard.
        if (signals === 2) {
          await delay(1500); // Two within a second are one.
          child.kill('SIGTERM');
        }
        // Nobody reads before it has ended: it might get a body out before the second signal gets through.
        if (signals === 2) await ended;
        const bodies = await Promise.all(readers.map((client) => client.body(large.length)));
        for (const body of bodies) expect(Buffer.compare(body, large.subarray(0, body.length))).toBe(0);
        const whole = bodies.filter(({ length }) => length === large.length).length;
        expect(whole).toBe(signals === 1 ? readers.length : 0);
        expect(await ended).toEqual([signals - 1, null]);
        expect((await stalled?.body(large.length))?.length).toBeLessThan(large.length);
        await expect(fetch(url)).rejects.toThrow(TypeError);
      } finally {
        child.kill('SIGKILL');
        await rm(dataDir, { recursive: true, force: true });
      }
    },
    120_000,
  );
});

function holdUp(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('an event loop that is held up for longer than a store is waited for', () => {
  /** Longer than a busy machine may hold up the store, which would count with reason. */
  const patienceMs = 3000;
  const stalls = { firstByteMinMs: patienceMs, firstByteMaxMs: patienceMs, idleMs: patienceMs };

  it.each([1, 3, 6])(
    "in transfer, after %i MiB: takes no delay of its own for the store's",
    async (mebibytes) => {
      const large = Buffer.alloc(12 * MiB, content);
      const path = await behind.put('S3', large);
      // Nothing of this process between it and the store.
      await using sluice = await startTestServer(behind.store('S3', behind.endpoint('S3')), { stalls });
      using client = await sluice.connect();
      await client.request(`GET ${path}`).head();
      const start = await client.body(mebibytes * MiB);
      holdUp(patienceMs + 500);
      const rest = await client.body(large.length - start.length);
      expect(Buffer.compare(Buffer.concat([start, rest]), large)).toBe(0);
      const metrics = await sluice.metrics();
      const given = [...metrics].filter(
        ([name, value]) => name.startsWith('sluice_store_stalls_total') && value > 0,
      );
      expect(given).toEqual([]);
    },
  );

  it('while answers are awaited: gives none of them up', async () => {
    await using sluice = await startTestServer(behind.store('S3', behind.endpoint('S3')), { stalls });
    const paths = await Promise.all(Array.from({ length: 8 }, () => behind.put('S3', content)));
    const reading = paths.map(async (path) => Buffer.from(await (await sluice.get(path)).arrayBuffer()));
    await until(() => sluice.engine.fetcher.stats.activeRequests > 0);
    holdUp(patienceMs + 500);
    for (const body of await Promise.all(reading)) expect(Buffer.compare(body, content)).toBe(0);
    expect(sluice.engine.fetcher.stats.stalls).toEqual({ 'first byte': 0, idle: 0, slow: 0, 'too long': 0 });
    await vi.waitFor(() => expectQuiet(sluice.engine), 15_000);
  });
});
