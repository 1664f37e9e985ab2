/**
 * Who holds the memory while one of several clients hardly reads. The clients are real, and so are their addresses:
 * all of 127.0.0.0/8 is this machine.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pacedClient } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { shoot } from './pictures.ts';

const MiB = 2 ** 20;

const objects = [
  { name: 'platform/monorepo', sizeMiB: 128 },
  { name: 'mobile/android', sizeMiB: 64 },
  { name: 'research/models', sizeMiB: 96 },
  { name: 'web/storefront', sizeMiB: 32 },
] as const;

/** MiB per second. */
const clients = [
  { object: 0, rate: 0.4, address: '127.1.4.7' },
  { object: 2, rate: 0.3, address: '127.1.4.7' },
  { object: 0, rate: 8, address: '127.1.4.12' },
  { object: 1, rate: 3, address: '127.1.9.30' },
  { object: 2, rate: 20, address: '127.1.9.31' },
  { object: 3, rate: 2, address: '127.2.0.5' },
] as const;

const loadMilliseconds = 25_000;

test('heap', async ({ host, folder }) => {
  const flags = ['--port', '0', '--data-dir', join(folder, 'data'), '--no-demo', '--memory-budget', '192MiB'];
  const sizes = ['--chunk-size', '4MiB', '--window', '8', '--memory-cache', '32MiB', '--disk-cache', '0'];
  const sluice = await startHost(host, [...flags, ...sizes]);
  const { page } = sluice;
  await sluice.resize(1280, 800);
  const urls: string[] = [];
  for (const { name, sizeMiB } of objects) {
    const url = `${sluice.url}/api/v1/object/${name}.tar.zst`;
    await fetch(url, { method: 'POST', body: randomBytes(sizeMiB * MiB) });
    urls.push(url);
  }
  const stopping = new AbortController();
  const running = clients.map(async ({ object, rate, address }) => {
    while (!stopping.signal.aborted)
      await pacedClient(urls[object] ?? '', {}, rate * MiB, stopping.signal, address);
  });
  await sleep(loadMilliseconds);
  await page.evaluate(() => (location.hash = '#/heap/now'));
  const slow = page.locator('[data-testid=ledger-group][data-key="127.1.4.7"]');
  await slow.click();
  await expect(page.getByTestId('holder-details')).toBeVisible();
  await shoot(page, 'heap-now');
  stopping.abort();
  await Promise.all(running);
  await sluice.close();
});
