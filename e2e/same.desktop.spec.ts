/** An address is the same place wherever it is opened. */
import type { Page } from '@playwright/test';
import { openTab } from './browser.ts';
import { expect, test } from './fixtures.ts';

async function textAt(page: Page, hash: string): Promise<string> {
  await page.evaluate((to) => (location.hash = to), hash);
  return page.getByRole('main').innerText();
}

test('the same address shows the same in the window and in a browser', async ({ sluice, page }) => {
  const object = `${sluice.url}/api/v1/object/builds/app.bin`;
  await fetch(object, { method: 'POST', body: Buffer.alloc(4000, 7) });
  const other = await openTab();
  await other.goto(`${sluice.url}/console/`);
  await expect(other.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  for (const each of [other, page]) await each.setViewportSize({ width: 1280, height: 800 });

  const lab = new URLSearchParams({ url: object, range: 'bytes=-5', 'if-match': '"another"' });
  for (const { hash, words } of [
    { hash: `#/lab?${lab}`, words: 'Send the request' },
    { hash: '#/settings/memory', words: 'One fast client reads ahead up to 8 chunks' },
    { hash: '#/settings/store', words: 'Connections to the store' },
    { hash: '#/requests?q=status%3A418', words: 'status:418' },
    { hash: '#/repositories', words: '--repository https://github.com/OWNER/NAME' },
  ]) {
    // Ages and what is in use go on: the two are read at about the same time, and again until they agree.
    await expect(async () => {
      const [here, there] = await Promise.all([textAt(page, hash), textAt(other, hash)]);
      expect(here).toContain(words);
      expect(there).toBe(here);
    }).toPass({ timeout: 15_000 });
  }
  await other.close();
});
