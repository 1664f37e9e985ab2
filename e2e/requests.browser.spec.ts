import { readFile } from 'node:fs/promises';
import { putObject } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { variousRequests } from './requests.ts';

test('requests that pass the filter are exported as HAR', async ({ sluice, page, folder }) => {
  await variousRequests(await putObject(sluice.url, folder, 'data.bin', 4 * 2 ** 20));
  await page.goto(`${page.url().split('#')[0]}#/requests?q=${encodeURIComponent('status:416,412')}`);
  await expect(page.getByTestId('requests-count')).toHaveText(/^2 of/);
  await page.getByRole('button', { name: 'Export' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /HAR/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^sluice-requests-.*\.har$/);
  const file = `${folder}/exported.har`;
  await download.saveAs(file);
  const { log } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly log: { readonly entries: readonly { readonly response: { readonly status: number } }[] };
  };
  expect(log.entries.map(({ response }) => response.status).toSorted((a, b) => a - b)).toEqual([412, 416]);
});
