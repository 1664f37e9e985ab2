/** The settings of a server that was given some by flag and environment, while somebody thinks about a larger budget. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { root } from '../scripts/process.ts';
import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';

const MiB = 2 ** 20;

test('settings', async ({ host, folder }) => {
  const sluice = await startHost(host, [
    '--port',
    '0',
    '--data-dir',
    join(folder, 'data'),
    '--no-demo',
    '--window',
    '6',
  ]);
  const { page } = sluice;
  await sluice.resize(1280, 800);
  const path = `${sluice.url}/api/v1/object/demo/large`;
  await fetch(path, { method: 'POST', body: randomBytes(96 * MiB) });
  await (await fetch(path)).arrayBuffer();
  await page.evaluate(() => (location.hash = '#/settings/memory'));
  await page.getByTestId('setting-memoryBudgetBytes').getByRole('textbox').fill('768MiB');
  await page.getByTestId('setting-chunkBytes').getByRole('textbox').fill('12MiB');
  await expect(page.getByTestId('save-bar')).toBeVisible();
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    await page.mouse.move(0, 0);
    const file = join(root, `docs/images/settings-${theme.toLowerCase()}.png`);
    if (host === 'browser') await page.screenshot({ path: file });
  }
  await sluice.close();
});
