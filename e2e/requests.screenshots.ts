/** The Requests view of a busy quarter of an hour, with one request open. The requests are real. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { root } from '../scripts/process.ts';
import { putObject } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { ask, leavingClient, variousRequests } from './requests.ts';

const MiB = 2 ** 20;

test('requests', async ({ sluice, page, host, folder }) => {
  await sluice.resize(1280, 800);
  const names = ['monorepo.tar.zst', 'android.tar.zst', 'models.bin'];
  for (const [index, name] of names.entries()) {
    const object = await putObject(sluice.url, folder, name, (24 + index * 8) * MiB);
    for (let start = 0; start < 20 * MiB; start += 4 * MiB) {
      await ask(object.url, { range: `bytes=${start}-${start + 2 * MiB - 1}` });
    }
    await leavingClient(object.url);
    await variousRequests(object);
  }
  await page.getByRole('link', { name: 'Requests' }).click();
  await shoot(page, host, 'requests-grid');
  const multi = page.locator('[data-testid=request][data-range*=","]').last();
  await multi.click();
  await page.getByRole('tab', { name: 'Range' }).click();
  await expect(page.getByTestId('verdict')).toBeVisible();
  await shoot(page, host, 'requests');
});

async function shoot(page: Page, host: string, view: string): Promise<void> {
  const images = join(root, 'docs/images');
  await mkdir(images, { recursive: true });
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    await page.mouse.move(0, 0);
    await sleep(1000);
    const name = `${view}-${host === 'browser' ? 'browser-' : ''}${theme.toLowerCase()}.png`;
    await page.screenshot({ path: join(images, name) });
  }
}
