/** The Downloads view on a busy day: real fetches from a store that is slow and sometimes fails, and clients of every pace. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../scripts/process.ts';
import { pacedClient } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { startSlowOrigin } from './slow-origin.ts';

const MiB = 2 ** 20;
const objects = {
  '/platform/monorepo.tar.zst': 384 * MiB + 12_345,
  '/mobile/android.tar.zst': 96 * MiB,
  '/research/models.tar.zst': 160 * MiB,
  '/web/storefront.tar.zst': 24 * MiB + 1,
};

const clients = [
  { path: 'platform/monorepo.tar.zst', rate: 9 },
  { path: 'platform/monorepo.tar.zst', rate: 1.5 },
  { path: 'research/models.tar.zst', rate: 3, range: 'bytes=33554432-' },
  { path: 'mobile/android.tar.zst', rate: 40 },
  { path: 'web/storefront.tar.zst', rate: 40, range: 'bytes=1000-200000' },
] as const;

test('downloads', async ({ host, folder }) => {
  await using origin = await startSlowOrigin(objects, {
    headMs: (request) => 25 + ((request * 37) % 90) + (request % 23 === 0 ? 400 : 0),
    bytesPerMs: 8 * 1024,
    fails: (request) => request % 17 === 5,
  });
  const flags = ['--port', '0', '--data-dir', join(folder, 'data'), '--no-demo', '--store', origin.url];
  const sizes = ['--memory-budget', '96MiB', '--chunk-size', '2MiB', '--window', '8'];
  const caches = ['--memory-cache', '24MiB', '--disk-cache', '128MiB'];
  const sluice = await startHost(host, [...flags, ...sizes, ...caches]);
  const { page } = sluice;
  await sluice.resize(1280, 800);
  const stopping = new AbortController();
  const running = clients.map(({ path, rate, ...rest }) =>
    pacedClient(
      `${sluice.url}/api/v1/object/${path}`,
      'range' in rest ? { range: rest.range } : {},
      rate * MiB,
      stopping.signal,
    ),
  );
  await sleep(26_000);
  await page.getByRole('link', { name: 'Downloads' }).click();
  await page.getByTestId('download').filter({ hasText: 'monorepo' }).click();
  await expect(page.getByTestId('piece').first()).toBeVisible();
  await page.getByTestId('pieces').getByRole('button', { name: 'Held' }).click();
  const images = join(root, 'docs/images');
  await mkdir(images, { recursive: true });
  const shoot = async (name: string): Promise<void> => {
    for (const theme of ['Dark', 'Light']) {
      await page.getByRole('button', { name: theme, exact: true }).click();
      await page.mouse.move(0, 0);
      await sleep(1200);
      await page.screenshot({ path: join(images, `${name}-${theme.toLowerCase()}.png`) });
    }
  };
  const suffix = host === 'browser' ? '-browser' : '';
  await shoot(`downloads${suffix}`);
  await page.getByTestId('pieces').getByRole('button', { name: 'Attempts' }).click();
  await page.getByTestId('piece').first().click();
  await expect(page.getByTestId('piece-drawer')).toBeVisible();
  await shoot(`downloads-chunk${suffix}`);
  stopping.abort();
  await Promise.all(running);
  await sluice.close();
});
