/**
 * The Live view as it looks on a busy day: four objects, quick and slow clients, a budget that is nearly full.
 * The load is real; nothing on the pictures is drawn for them.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pacedClient } from './clients.ts';
import { test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { shoot } from './pictures.ts';

const MiB = 2 ** 20;

const objects = [
  { name: 'platform/monorepo', sizeMiB: 96 },
  { name: 'mobile/android', sizeMiB: 64 },
  { name: 'research/models', sizeMiB: 80 },
  { name: 'web/storefront', sizeMiB: 32 },
] as const;

/** MiB per second and, for those that ask for ranges, bytes per range. */
const clients = [
  { object: 0, rate: 0.7 },
  { object: 2, rate: 1.1 },
  { object: 1, rate: 2.2 },
  { object: 0, rate: 5, rangeBytes: 48 * MiB },
  { object: 2, rate: 28, rangeBytes: 64 * MiB },
  { object: 3, rate: 4, rangeBytes: 256 * 1024 },
] as const;

const loadMilliseconds = 60_000;

test('live', async ({ host, folder }) => {
  const flags = ['--port', '0', '--data-dir', join(folder, 'data'), '--no-demo', '--memory-budget', '192MiB'];
  const sizes = ['--chunk-size', '4MiB', '--window', '8', '--memory-cache', '32MiB', '--disk-cache', '0'];
  const sluice = await startHost(host, [...flags, ...sizes]);
  await sluice.resize(1280, 800);
  const urls: string[] = [];
  for (const object of objects) urls.push(await publish(sluice.url, object));

  const stopping = new AbortController();
  const running = clients.map(async ({ object, rate, ...range }) => {
    const url = urls[object] ?? '';
    const rangeBytes = 'rangeBytes' in range ? range.rangeBytes : undefined;
    const totalBytes = objects[object].sizeMiB * MiB;
    for (let start = 0; !stopping.signal.aborted; start += rangeBytes ?? 0) {
      const at = start % totalBytes;
      const headers = rangeBytes === undefined ? {} : { range: `bytes=${at}-${at + rangeBytes - 1}` };
      await pacedClient(url, headers, rate * MiB, stopping.signal);
    }
  });
  await sleep(loadMilliseconds);

  await shoot(sluice.page, 'live');
  stopping.abort();
  await Promise.all(running);
  await sluice.close();
});

async function publish(server: string, { name, sizeMiB }: (typeof objects)[number]): Promise<string> {
  const url = `${server}/api/v1/object/${name}.tar.zst`;
  await fetch(url, { method: 'POST', body: randomBytes(sizeMiB * MiB) });
  return url;
}
