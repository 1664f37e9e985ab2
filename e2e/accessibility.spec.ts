/** Every view, in every look: axe finds nothing. One console for all of them, so that it stays short. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { putObject, stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';

const looks = [
  { theme: 'Dark', contrast: 'normal' },
  { theme: 'Light', contrast: 'normal' },
  { theme: 'Dark', contrast: 'high' },
  { theme: 'Light', contrast: 'high' },
] as const;

/** What axe has to say, by where. */
async function complaints(page: Page): Promise<unknown> {
  // Legacy mode: the other one opens a second page, which Electron does not offer.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ html }) => html) }));
}

async function show(page: Page, { theme, contrast }: (typeof looks)[number]): Promise<void> {
  await page.getByRole('button', { name: theme, exact: true }).click();
  const button = page.getByRole('button', { name: 'High contrast' });
  if ((await button.getAttribute('aria-pressed')) !== String(contrast === 'high')) await button.click();
}

test('axe finds nothing in any view, in any look', async ({ sluice, page, folder }) => {
  test.setTimeout(240_000);
  const { url } = await putObject(sluice.url, folder, 'shown.bin', 24 * 2 ** 20);
  const client = await stalledClient(url);
  const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
  for (const name of await links.allInnerTexts()) {
    await links.filter({ hasText: name }).click();
    await expect(page).toHaveTitle(`${name.trim()} · Sluice`);
    await expect(page.getByText(`Loading ${name.trim()}`, { exact: true })).toHaveCount(0);
    for (const look of looks) {
      await show(page, look);
      expect.soft(await complaints(page), `${name} in ${look.theme}, ${look.contrast} contrast`).toEqual([]);
    }
    await page.emulateMedia({ forcedColors: 'active' });
    expect.soft(await complaints(page), `${name} in forced colours`).toEqual([]);
    await page.emulateMedia({ forcedColors: null });
  }
  client.leave();
});

test.describe('first steps', () => {
  test.use({ firstSteps: 'shown' });

  test('axe finds nothing in what the shell opens', async ({ page }) => {
    test.setTimeout(240_000);
    const check = async (what: string): Promise<void> => {
      for (const theme of ['dark', 'light']) {
        await page.evaluate((value) => (document.documentElement.dataset['theme'] = value), theme);
        expect.soft(await complaints(page), `${what}, ${theme}`).toEqual([]);
      }
    };
    await expect(page.getByTestId('first-run')).toBeVisible();
    await check('first steps');
    await page.getByRole('button', { name: 'Add a bucket…' }).click();
    await check('bucket');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Connect…' }).click();
    await page.getByLabel('Address').fill('nonsense');
    await check('server');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('palette')).toBeVisible();
    await check('palette');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByTestId('shortcuts')).toBeVisible();
    await check('shortcuts');
    await page.keyboard.press('Escape');
    await page.getByTestId('connection').click();
    await expect(page.getByTestId('servers')).toBeVisible();
    await check('servers');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Start the demo' }).click();
    await expect(page.getByTestId('demo')).toBeVisible();
    await page.keyboard.press('n');
    await expect(page.getByTestId('notifications')).toBeVisible();
    await check('demo and notifications');
  });
});
