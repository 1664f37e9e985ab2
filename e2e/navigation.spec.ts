import { expect, test } from './fixtures.ts';

test('the rail goes from view to view, each with its own parts, the address says where, and back goes back', async ({
  page,
}) => {
  const rail = page.getByRole('navigation', { name: 'Views' });
  const parts = page.locator('link[href*="repositories-view"]');
  await expect(page.getByTestId('live')).toBeVisible();
  await expect(rail.getByRole('link', { name: 'Live' })).toHaveAttribute('aria-current', 'page');
  await expect(parts).toHaveCount(0);
  await rail.getByRole('link', { name: 'Repositories' }).click();
  await expect(page.getByTestId('repositories')).toBeVisible();
  await expect(parts).not.toHaveCount(0);
  await expect(page).toHaveTitle('Repositories · Sluice');
  await expect(page.getByTestId('live')).toBeHidden();
  await expect.poll(() => new URL(page.url()).hash).toBe('#/repositories');
  await expect(rail.getByRole('link', { name: 'Repositories' })).toHaveAttribute('aria-current', 'page');
  await expect(rail.getByRole('link', { name: 'Live' })).not.toHaveAttribute('aria-current');

  await page.reload();
  await expect(page.getByTestId('repositories')).toBeVisible();
  await expect(page.getByTestId('none-configured')).toContainText(
    '--repository https://github.com/OWNER/NAME',
  );
  await page.evaluate(() => history.back());
  await expect(page.getByTestId('live')).toBeVisible();
  await page.evaluate(() => (location.hash = '#/no-such-view'));
  await expect(page.getByTestId('live')).toBeVisible();

  const links = rail.getByRole('link');
  await expect(links).toHaveCount(9);
  await links.first().focus();
  for (let passed = 1; passed < (await links.count()); passed += 1) {
    await page.keyboard.press('Tab');
    await expect(links.nth(passed)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(links.last()).toHaveAttribute('aria-current', 'page');
});
