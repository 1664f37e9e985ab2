/** An address is the same place wherever it is opened. */
import type { Page } from '@playwright/test';
import { openTab } from './browser.ts';
import { expect } from './fixtures.ts';
import { instantOf, isSteady, recordedRun, test } from './playback.ts';

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
    }).toPass();
  }
  await other.close();
});

/** Of the pixels: what fonts and scrollbars of two versions of Chromium make of it, and less than a lane. */
const tolerance = 0.004;

/** The share of the pixels of two screenshots that differ to the eye. */
async function differing(page: Page, one: Buffer, other: Buffer): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      const [a, b] = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
          context?.drawImage(bitmap, 0, 0);
          return context?.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      if (!a || a.length !== b?.length) return 1;
      let pixels = 0;
      for (let at = 0; at < a.length; at += 4)
        if ([0, 1, 2].some((channel) => Math.abs((a[at + channel] ?? 0) - (b[at + channel] ?? 0)) > 24))
          pixels += 1;
      return pixels / (a.length / 4);
    },
    [one.toString('base64'), other.toString('base64')],
  );
}

test('the same instant of a recording is the same picture in the window and in a browser', async ({
  sluice,
  page,
  folder,
}) => {
  const { summary, frames } = await recordedRun(sluice.url, page, folder, isSteady);
  const instant = instantOf(frames);
  const other = await openTab();
  await other.goto(`${sluice.url}/console/`);
  const hash = `#/live?recording=${summary.id}&at=${instant}&span=3s`;
  for (const each of [other, page]) {
    await each.setViewportSize({ width: 1280, height: 800 });
    await each.evaluate((to) => (location.hash = to), hash);
    await expect(each.getByTestId('player')).toContainText('A slow client');
    await expect(each.getByTestId('request').first()).toBeVisible();
    await each.mouse.move(640, 2);
  }
  const share = async () => differing(page, await page.screenshot(), await other.screenshot());
  // Two pictures and their comparison take seconds when there is little of a processor.
  await expect.poll(share, { timeout: 60_000 }).toBeLessThan(tolerance);
  await other.close();
});
