/** The Cache view of a busy server: more objects than fit, one pinned and open, the last minutes of the hour. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../scripts/process.ts';
import { curl, putObject } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';

const MiB = 2 ** 20;
const sizesMiB = {
  'android-sources.tar.zst': 24,
  'kernel.tar.zst': 30,
  'models-fp16.bin': 40,
  'monorepo.tar.zst': 36,
  'storefront.tar.zst': 6,
  'toolchain-llvm.tar.zst': 18,
  'toolchain-rust.tar.zst': 12,
  'wiki.tar.zst': 3,
} as const;
type Name = keyof typeof sizesMiB;

test('the caches', async ({ host, folder }) => {
  const limits = ['--memory-budget', '96MiB', '--memory-cache', '32MiB', '--chunk-size', '1MiB'];
  const flags = ['--port', '0', '--data-dir', join(folder, 'data'), '--no-demo', '--disk-cache', '112MiB'];
  const sluice = await startHost(host, [...flags, ...limits]);
  const { page } = sluice;
  await sluice.resize(1280, 800);
  const urls = new Map<string, string>();
  for (const [name, size] of Object.entries(sizesMiB))
    urls.set(name, (await putObject(sluice.url, folder, name, size * MiB)).url);
  const read = (name: Name, from: number, to: number) =>
    curl(folder, urls.get(name) ?? '', '-r', `${from * MiB}-${to * MiB - 1}`);
  for (let round = 0; round < 4; round += 1) {
    await read('monorepo.tar.zst', 0, 30);
    await read('android-sources.tar.zst', 0, 24);
    await read('kernel.tar.zst', 8 * (round % 3), 8 * (round % 3) + 8);
    await read('models-fp16.bin', 4, 12 + 4 * round);
    await read('toolchain-llvm.tar.zst', 0, 9);
    await read('toolchain-rust.tar.zst', 0, 12);
    await read('storefront.tar.zst', 0, 6);
    await read('monorepo.tar.zst', 12, 22);
    await read('wiki.tar.zst', 0, 3);
    await sleep(11_000);
  }
  await page.getByRole('link', { name: 'Cache' }).click();
  await page.getByTestId('cached-object').filter({ hasText: 'monorepo' }).click();
  const details = page.getByTestId('cache-details');
  await details.getByRole('button', { name: 'Pin', exact: true }).click();
  await details.getByRole('button', { name: 'Verify' }).click();
  await expect(details.getByTestId('cache-job')).toHaveAttribute('data-state', 'done');
  await shoot('cache');
  await page.getByRole('button', { name: 'Close (Esc)' }).click();
  await page.getByRole('button', { name: 'Evictions' }).click();
  await expect(page.getByTestId('eviction').first()).toBeVisible();
  await shoot('cache-evictions');
  await sluice.close();

  async function shoot(view: string): Promise<void> {
    const images = join(root, 'docs/images');
    await mkdir(images, { recursive: true });
    for (const theme of ['Dark', 'Light']) {
      await page.getByRole('button', { name: theme, exact: true }).click();
      await page.mouse.move(0, 0);
      await sleep(1200);
      const name = `${view}-${host === 'browser' ? 'browser-' : ''}${theme.toLowerCase()}.png`;
      await page.screenshot({ path: join(images, name) });
    }
  }
});
