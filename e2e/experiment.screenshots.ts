/** The experiment after the standard run. */
import { join } from 'node:path';
import { root } from '../scripts/process.ts';
import { expect, test } from './fixtures.ts';

test('experiment', async ({ host, sluice, page }) => {
  test.setTimeout(300_000);
  await sluice.resize(1280, 800);
  await page.evaluate(() => (location.hash = '#/experiment'));
  const view = page.getByTestId('experiment');
  await view.getByRole('button', { name: 'Start' }).click();
  await expect(view.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(view.getByTestId('experiment-state')).toContainText(/^Run /, { timeout: 240_000 });
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    await page.mouse.move(0, 0);
    const file = join(root, `docs/images/experiment-page-${theme.toLowerCase()}.png`);
    if (host === 'browser') await page.screenshot({ path: file });
  }
});
