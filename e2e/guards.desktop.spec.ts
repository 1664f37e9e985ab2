import { expect, test } from './fixtures.ts';

test('the page cannot leave the console, nor open windows', async ({ page }) => {
  // What comes after the `#` is the console's own to write.
  const place = (address: string) => address.replace(/#.*$/, '');
  const before = place(page.url());
  for (const target of ['https://example.com/', 'file:///etc/passwd', 'app://elsewhere/']) {
    // A page that was left could not answer. Locators are of no use here: they wait for the refused navigation.
    const after = page.evaluate(async (url) => {
      location.assign(url);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return location.href;
    }, target);
    expect(place(await after), target).toBe(before);
  }
  const opened = await page.evaluate(() => window.open('https://example.com/'));
  expect(opened).toBeNull();
  expect(page.context().pages()).toHaveLength(1);
});

test('the page has no Node, no permission that it does not need, and no files but its own', async ({
  page,
}) => {
  expect(await page.evaluate(() => [typeof globalThis.require, typeof globalThis.process])).toEqual([
    'undefined',
    'undefined',
  ]);
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
  const read = page.evaluate(() => navigator.clipboard.readText());
  await expect(read).rejects.toThrow(/NotAllowedError/);

  const statusOf = (path: string) => page.evaluate(async (url) => (await fetch(url)).status, path);
  expect(await statusOf('app://console/')).toBe(200);
  for (const path of [
    '..%2f..%2fpackage.json',
    '%2e%2e/%2e%2e/package.json',
    '..%5c..%5cpackage.json',
    'nope',
  ]) {
    expect(await statusOf(`app://console/${path}`), path).toBe(404);
  }
});
