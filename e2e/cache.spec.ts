import type { Page } from '@playwright/test';
import { curl, putObject } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { pressSequence } from './keys.ts';

const MiB = 2 ** 20;
test.use({ flags: ['--disk-cache', '16MiB'] });

const rowOf = (page: Page, name: string) =>
  page.locator(`[data-testid="cached-object"][data-name="e2e/${name}"]`);

test('what is read is in the caches, and can be prefetched, verified, pinned and evicted', async ({
  sluice,
  page,
  folder,
}) => {
  const { url } = await putObject(sluice.url, folder, 'large', 6 * MiB);
  await pressSequence(page, 'g c', page.getByTestId('nothing-cached'));
  await curl(folder, url, '-r', `0-${2 * MiB - 1}`);
  await rowOf(page, 'large').click();
  await expect.poll(() => new URL(page.url()).hash).toBe('#/cache/e2e/large');
  const details = page.getByTestId('cache-details');
  await expect(details).toContainText('6 chunks of 1 MiB');
  await expect(details.getByTestId('residency-map')).toHaveAttribute('aria-label', /6 chunks/);

  await details.getByRole('button', { name: 'Prefetch…' }).click();
  const dialog = page.getByTestId('prefetch-dialog');
  await dialog.getByLabel('From').fill('9MiB');
  await expect(dialog.getByRole('button', { name: 'Prefetch', exact: true })).toBeDisabled();
  await dialog.getByLabel('From').fill('');
  await dialog.getByRole('button', { name: 'Prefetch', exact: true }).click();
  const prefetch = details.locator('[data-kind="prefetch"]');
  await expect(prefetch).toHaveAttribute('data-state', 'done');
  await expect(details).toContainText('6 MiB · 100 %');

  await details.getByRole('button', { name: 'Verify' }).click();
  await expect(details.locator('[data-kind="verify"]')).toContainText('intact');

  await details.getByRole('button', { name: 'Pin', exact: true }).click();
  await expect(details.getByRole('button', { name: 'Evict…' })).toBeDisabled();
  await page.getByRole('button', { name: 'Pinned' }).click();
  await expect(rowOf(page, 'large')).toBeVisible();
  await details.getByRole('button', { name: 'Unpin' }).click();
  await expect(page.getByTestId('nothing-matches')).toContainText('Nothing is pinned');
  await page.getByRole('button', { name: 'Drop this' }).click();

  await details.getByRole('button', { name: 'Evict…' }).click();
  await expect(page.getByTestId('evict-dialog').getByRole('button', { name: 'Keep' })).toBeFocused();
  await page.getByTestId('evict-dialog').getByRole('button', { name: 'Evict', exact: true }).click();
  await expect(rowOf(page, 'large')).toHaveCount(0);
  await expect(page.getByTestId('cache-gone')).toContainText('in no cache now');
  await page.getByRole('button', { name: 'Evictions' }).click();
  const gone = page.locator('[data-testid="eviction"][data-reason="operator"]').first();
  await expect(gone).toContainText('an operator evicted the object');
  await expect(gone).toContainText('e2e/large');
});

test('the table and the log are filtered, sorted and opened, and the address says how', async ({
  sluice,
  page,
  folder,
}) => {
  for (const name of ['alpha', 'beta', 'gamma']) {
    const { url } = await putObject(sluice.url, folder, name, 7 * MiB);
    await curl(folder, url);
  }
  await page.getByRole('link', { name: 'Cache' }).click();
  await page.getByRole('button', { name: 'Object', exact: true }).click();
  const rows = page.getByTestId('cached-object');
  await expect(rows.first()).toHaveAttribute('data-name', 'e2e/alpha');
  await page.getByRole('button', { name: 'Object', exact: true }).click();
  await expect(rows.first()).toHaveAttribute('data-name', 'e2e/gamma');
  const grid = page.getByTestId('objects');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cache-details')).toContainText('e2e/beta');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('cache-details')).toBeHidden();
  await page.getByLabel('Filter by name').fill('no such');
  await expect(page.getByTestId('nothing-matches')).toContainText('No name has “no such” in it');
  await page.getByLabel('Filter by name').fill('alp');
  await expect(rows).toHaveCount(1);

  await page.getByRole('button', { name: 'Evictions' }).click();
  await page.getByRole('button', { name: 'From disk' }).click();
  const evictions = page.getByTestId('eviction');
  await expect(evictions.first()).toContainText('the disk cache was full');
  await page.getByLabel('Reason').selectOption({ label: 'it failed its checksum' });
  await expect(page.getByTestId('nothing-matches')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('nothing-matches')).toContainText('it failed its checksum');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(evictions.first()).toBeVisible();
  await page.keyboard.press('t');
  await expect(page.getByTestId('hit-table')).toBeVisible();
});
