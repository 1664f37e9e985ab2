/**
 * The views look as they did, in both themes. The pictures lie beside volatile.css; when a view is meant to change, new
 * ones are taken by `npx playwright test e2e/visual.browser.spec.ts -u` and looked at.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../scripts/process.ts';
import { expect, test } from './fixtures.ts';
import { startScene } from './scene.ts';

const shown: ReadonlySet<string> = new Set([
  'live',
  'requests',
  'requests-drawer',
  'lab-empty',
  'lab-check',
  'downloads',
  'heap-profile',
  'heap-compare',
  'incidents-alerts',
  'cache',
  'repositories',
  'settings-memory',
]);

/** Of the pixels: less than a line of text. */
const tolerance = 0.01;

test('each view looks as it did, in both themes', async ({ host, folder }) => {
  test.setTimeout(240_000);
  const volatile = await readFile(join(root, 'e2e/visual/volatile.css'), 'utf8');
  await using scene = await startScene(host, folder);
  const { page } = scene.sluice;
  // Not `stylePath`: the policy of the page forbids style elements.
  await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
  }, volatile);
  for (const { name, open } of scene.stops) {
    await open(page);
    if (!shown.has(name)) continue;
    for (const theme of ['Dark', 'Light'] as const) {
      await page.getByRole('banner').getByRole('button', { name: theme, exact: true }).click();
      await page.mouse.move(640, 2);
      await page.evaluate(() => {
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      });
      await expect.soft(page).toHaveScreenshot(`${name}-${theme.toLowerCase()}.png`, {
        maxDiffPixelRatio: tolerance,
      });
    }
  }
});
