/** Every view, in every look: axe finds nothing. One console for all of them, so that it stays short. */
import { check } from './axe.ts';
import { expect, test as base } from './fixtures.ts';
import { type Scene, startScene } from './scene.ts';

const test = base.extend<{ readonly scene: Scene }>({
  scene: async ({ host, folder }, use) => {
    await using scene = await startScene(host, folder);
    await use(scene);
  },
});

test('axe finds nothing in any view, in any look', async ({ scene }) => {
  test.setTimeout(480_000);
  const { page } = scene.sluice;
  // Not by its role: a dialog that is open hides it from assistive technology.
  const rail = page.locator('nav[aria-label="Views"]');
  const seen = new Set<string>();
  for (const { name, open } of scene.stops) {
    await open(page);
    await check(page, name);
    seen.add((await rail.locator('[aria-current="page"]').innerText()).trim());
  }
  // A view that is added to the rail has to be added to the scene.
  expect([...seen].toSorted()).toEqual(
    (await rail.locator('a').allInnerTexts()).map((name) => name.trim()).toSorted(),
  );
});

base.describe('first steps', () => {
  base.use({ firstSteps: 'shown' });

  base('axe finds nothing in what the shell opens', async ({ page }) => {
    base.setTimeout(240_000);
    await expect(page.getByTestId('first-run')).toBeVisible();
    await check(page, 'first steps');
    await page.getByRole('button', { name: 'Add a bucket…' }).click();
    await check(page, 'bucket');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Connect…' }).click();
    await page.getByLabel('Address').fill('nonsense');
    await check(page, 'server');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(page.getByTestId('palette')).toBeVisible();
    await check(page, 'palette');
    await page.keyboard.press('Escape');
    // As long as it has the focus, keys are what somebody types.
    await expect(page.getByTestId('palette')).toBeHidden();
    await page.keyboard.press('?');
    await expect(page.getByTestId('shortcuts')).toBeVisible();
    await check(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.getByTestId('connection').click();
    await expect(page.getByTestId('servers')).toBeVisible();
    await check(page, 'servers');
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('servers')).toBeHidden();
    await page.keyboard.press('m');
    await expect(page.getByTestId('mark-dialog')).toBeVisible();
    await check(page, 'mark');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Start the demo' }).click();
    await expect(page.getByTestId('demo')).toBeVisible();
    await page.keyboard.press('n');
    await expect(page.getByTestId('notifications')).toBeVisible();
    await check(page, 'demo and notifications');
  });
});
