/** What every table has, whatever is in it. */
import type { Locator } from '@playwright/test';
import { putObject } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { goToProfiles, openProfiles } from './profiles.ts';
import { ask } from './requests.ts';

test('a row that keys lead to is in sight, and not under the head', async ({ sluice, page, folder }) => {
  await goToProfiles(page);
  const functions = Array.from({ length: 200 }, (_, index) => `main;f${index} ${index + 1}`);
  await openProfiles(page, {
    name: 'many.folded',
    mimeType: 'text/plain',
    buffer: Buffer.from(functions.join('\n')),
  });
  await leadThrough(page.getByTestId('top'));

  const { url } = await putObject(sluice.url, folder, 'data.bin', 2 ** 20);
  for (let count = 0; count < 100; count += 1) await ask(url, { range: 'bytes=0-0' });
  await page.getByRole('link', { name: 'Requests', exact: true }).click();
  // Keys lead through nothing while there is nothing, and what still comes would move what they have led to.
  await expect(page.getByTestId('requests-view')).toBeVisible();
  await expect(page.getByTestId('requests-count')).toHaveText('101');
  // Not any grid: the one before goes only when the view is there.
  await leadThrough(page.getByTestId('requests').getByRole('grid'));
});

/** Up from the end and down again, far enough that rows have to be brought in sight. */
async function leadThrough(grid: Locator): Promise<void> {
  await grid.focus();
  for (const [key, times] of [
    ['End', 1],
    ['k', 50],
    ['j', 45],
    ['PageUp', 6],
    ['Home', 1],
    ['PageDown', 6],
  ] as const) {
    for (let pressed = 0; pressed < times; pressed += 1) await grid.page().keyboard.press(key);
    await expect.poll(async () => hiddenPixels(grid), key).toBe(0);
  }
}

/** How much of the active row is above or below what can be seen of the rows. */
async function hiddenPixels(grid: Locator): Promise<number> {
  return grid.evaluate((table) => {
    const row = document.querySelector(`[id="${table.getAttribute('aria-activedescendant')}"]`);
    const [head, scroller] = [table.querySelector('thead'), table.parentElement];
    if (!row || !head || !scroller) return Number.NaN;
    const { top, bottom } = row.getBoundingClientRect();
    const above = head.getBoundingClientRect().bottom - top;
    const below = bottom - scroller.getBoundingClientRect().bottom;
    return Math.round(Math.max(0, above, below));
  });
}
