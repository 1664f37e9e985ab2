import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';

test('the rail goes from view to view, the address says where, and back goes back', async ({ page }) => {
  const rail = page.getByRole('navigation', { name: 'Views' });
  await expect(page.getByTestId('live')).toBeVisible();
  await expect(rail.getByRole('link', { name: 'Live' })).toHaveAttribute('aria-current', 'page');
  await rail.getByRole('link', { name: 'Repositories' }).click();
  await expect(page.getByTestId('repositories')).toBeVisible();
  await expect(page.getByTestId('live')).toBeHidden();
  expect(new URL(page.url()).hash).toBe('#/repositories');
  await expect(rail.getByRole('link', { name: 'Repositories' })).toHaveAttribute('aria-current', 'page');
  await expect(rail.getByRole('link', { name: 'Live' })).not.toHaveAttribute('aria-current');

  await page.reload();
  await expect(page.getByTestId('repositories')).toBeVisible();
  await page.evaluate(() => history.back());
  await expect(page.getByTestId('live')).toBeVisible();
  await page.evaluate(() => (location.hash = '#/no-such-view'));
  await expect(page.getByTestId('live')).toBeVisible();
});

test('the rail can be used with the keyboard alone', async ({ page }) => {
  const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
  await links.first().focus();
  for (let passed = 1; passed < (await links.count()); passed += 1) {
    await page.keyboard.press('Tab');
    await expect(links.nth(passed)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await expect(links.last()).toHaveAttribute('aria-current', 'page');
});

test('what only one view needs comes when somebody goes there', async ({ page }) => {
  const parts = page.locator('link[href*="repositories-view"]');
  await expect(page.getByTestId('live')).toBeVisible();
  await expect(parts).toHaveCount(0);
  await page.getByRole('link', { name: 'Repositories' }).click();
  await expect(page.getByTestId('repositories')).toBeVisible();
  await expect(parts).not.toHaveCount(0);
  await expect(page).toHaveTitle('Repositories · Sluice');
});

test('a server without repositories says with which flag to configure them', async ({ page }) => {
  await page.getByRole('link', { name: 'Repositories' }).click();
  await expect(page.getByTestId('none-configured')).toContainText(
    '--repository https://github.com/OWNER/NAME',
  );
  for (const theme of ['Light', 'Dark']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }))).toEqual([]);
  }
});
