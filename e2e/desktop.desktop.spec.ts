import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testSwitches } from '../scripts/electron.ts';
import { root } from '../scripts/process.ts';
import { expect, serverFlags, test } from './fixtures.ts';
import { startHost } from './hosts.ts';

test('a link goes to its place in the window that is open, the native menu does what the console does, and opens windows', async ({
  sluice,
  page,
  folder,
}) => {
  await openLink(folder, 'sluice://repositories/git.example/team/app?q=a');
  await expect(page.getByTestId('repositories')).toBeVisible();
  await expect.poll(() => new URL(page.url()).hash).toBe('#/repositories/git.example/team/app?q=a');
  await openLink(folder, 'sluice://live');
  await expect(page.getByTestId('live')).toBeVisible();
  await openLink(folder, "sluice://repositories/');alert(1)//");
  await expect(page.getByTestId('repositories')).toBeVisible();

  const titles = await sluice.menuTitles?.('Go');
  expect(titles).toEqual(expect.arrayContaining(['Live', 'Repositories', 'Settings']));
  await sluice.clickMenu?.('go.settings');
  await expect(page.getByTestId('settings')).toBeVisible();
  await sluice.clickMenu?.('go.live');
  await expect(page.getByTestId('live')).toBeVisible();

  await page.evaluate(() => (location.hash = '#/settings/store'));
  const opening = page.context().waitForEvent('page');
  await sluice.clickMenu?.('view.detach');
  const second = await opening;
  await expect(second.getByTestId('setting-store')).toBeVisible();
  await expect(second.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await second.close();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
});

test('the window comes back where it was, as large and as near', async ({ folder }) => {
  const flags = serverFlags(folder);
  const first = await startHost('desktop', flags);
  await first.place?.({ x: 40, y: 30, width: 1000, height: 640 }, 1.25);
  const placed = { bounds: { width: 1000, height: 640 }, zoom: 1.25 };
  // The system moves the window when it comes to it.
  await expect.poll(async () => first.placed?.()).toMatchObject(placed);
  await first.quit?.();
  const kept = JSON.parse(await readFile(join(folder, 'data/desktop/windows.json'), 'utf8')) as {
    readonly displays: Readonly<Record<string, { readonly zoom: number }>>;
  };
  expect(Object.values(kept.displays).map(({ zoom }) => zoom)).toEqual([1.25]);
  const second = await startHost('desktop', flags);
  await expect.poll(async () => second.placed?.()).toMatchObject(placed);
  await second.close();
});

async function openLink(folder: string, link: string): Promise<void> {
  const executable = process.env['SLUICE_TEST_ELECTRON'] ?? '';
  const second = spawn(executable, [...testSwitches(), root, ...serverFlags(folder), link], {
    stdio: 'ignore',
  });
  await once(second, 'close');
}
