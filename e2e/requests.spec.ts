import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { type PublishedObject, putObject } from './clients.ts';
import { expect, test as base } from './fixtures.ts';
import { leavingClient, variousRequests } from './requests.ts';

const MiB = 2 ** 20;

/** A server that has answered requests of every sort, and the view that shows them. */
const test = base.extend<{ readonly object: PublishedObject }>({
  object: async ({ sluice, page, folder }, use) => {
    const object = await putObject(sluice.url, folder, 'data.bin', 9 * MiB);
    await leavingClient(object.url);
    await variousRequests(object);
    await page.getByRole('link', { name: 'Requests', exact: true }).click();
    await expect(page.getByTestId('requests-view')).toBeVisible();
    await expect(rows(page, '[data-status="404"]')).toHaveCount(1);
    await use(object);
  },
});

function rows(page: Page, selector = ''): Locator {
  return page.locator(`[data-testid=request]${selector}`);
}

async function filterBy(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/');
  await expect(page.getByTestId('filter')).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('a filter narrows the table, says what is wrong with it, and which of its terms removes everything', async ({
  page,
  object,
}) => {
  expect(object.bytes.length).toBe(9 * MiB);
  await filterBy(page, 'status:416');
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('416 Unsatisfiable');
  await expect.poll(() => new URL(page.url()).hash).toBe('#/requests?q=status%3A416');
  await page.getByTestId('facet-3xx').click();
  await expect(page.getByTestId('filter')).toHaveValue('status:416,3xx');
  await expect(rows(page)).toHaveCount(2);
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByTestId('facet-3xx')).toHaveAttribute('aria-pressed', 'true');

  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.keyboard.type('object:data stat');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('filter')).toHaveValue('object:data status:');
  const suggested = page.getByTestId('suggestions').getByRole('option').filter({ hasText: '412' });
  await expect(suggested.locator('b')).toHaveText('1');
  await page.keyboard.type('nonsense');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('filter-error')).toContainText('status');

  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await page.keyboard.type('range:suffix status:418');
  await page.keyboard.press('Enter');
  const none = page.getByTestId('no-request-matches');
  await expect(none).toContainText('status:418 removes everything: without it, 1 of the newest');
  await none.getByRole('button', { name: 'Drop status:418' }).click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText('-4096');
});

test('a request is looked into with the keyboard, and the address says which and what of it', async ({
  page,
  object,
}) => {
  const miss = rows(page, '[data-range="bytes=100-199"][data-status="200"]');
  await expect(miss).toContainText('≠ → 200');
  await miss.click();
  const details = page.getByTestId('request-details');
  await expect(details.getByRole('heading', { name: '200 OK' })).toBeVisible();
  await details.getByRole('tab', { name: 'Range' }).click();
  await expect(details.getByTestId('step').first()).toContainText('RFC 9110, 13.1.5');
  const seq = (await miss.getAttribute('data-seq')) ?? '';
  await expect.poll(() => new URL(page.url()).hash).toBe(`#/requests/${seq}?tab=range`);

  await page.getByRole('grid').focus();
  await page.keyboard.press('j');
  await expect(details.getByRole('heading', { name: '412 If-Match' })).toBeVisible();
  await expect(details.getByTestId('verdict')).toContainText('precondition failed');
  await page.keyboard.press('k');
  await expect(details).toHaveAttribute('data-seq', seq);
  await page.reload();
  await expect(details.getByTestId('step').first()).toContainText('If-Range');
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  await expect(page.getByRole('grid')).toBeFocused();

  await rows(page, '[data-range="bytes=0-0"]').click();
  await details.getByRole('tab', { name: 'Headers' }).click();
  await expect(details.getByRole('row', { name: /authorization/i })).toContainText('redacted');
  await details.getByRole('tab', { name: 'Chunks' }).click();
  await expect(details.getByTestId('chunks').getByRole('row').nth(1)).toContainText('#0');
  const line = (await details.getByTestId('curl').textContent()) ?? '';
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  expect(stdout).toContain('HTTP/1.1 206');
  expect(stdout).toContain(`bytes 0-0/${object.bytes.length}`);
  expect(line).not.toContain('redacted');
});

test('a request is replayed with another range, two are compared, and columns are chosen and kept', async ({
  page,
  object,
}) => {
  await rows(page, '[data-range="bytes=0-99"]').first().click();
  const details = page.getByTestId('request-details');
  await details.getByRole('tab', { name: 'Replay' }).click();
  await details.getByLabel('Range', { exact: true }).fill(`bytes=${object.bytes.length}-`);
  await details.getByRole('button', { name: 'Send' }).click();
  await expect(details.getByTestId('replayed')).toHaveAttribute('data-status', '416');
  await expect(details.getByTestId('differences')).toContainText(`bytes */${object.bytes.length}`);

  await details.getByRole('button', { name: 'Pin' }).click();
  await rows(page, '[data-range="bytes=-4096"]').click();
  await details.getByRole('tab', { name: /^vs / }).click();
  const compared = details.getByTestId('compared');
  await expect(compared.getByRole('row', { name: /^Range/ })).toContainText('bytes=0-99');
  await expect(compared.getByRole('row', { name: /^Range/ })).toContainText('bytes=-4096');

  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  const heads = page.getByRole('columnheader');
  await expect(heads).toHaveCount(12);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByTestId('columns').getByLabel('Waterfall', { exact: true }).check();
  await page.keyboard.press('Escape');
  await expect(heads).toHaveCount(13);
  await page.getByRole('button', { name: 'Method', exact: true }).focus();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(heads.nth(2)).toContainText('Method');
  const edge = page.getByRole('separator', { name: 'Width of Status' });
  const before = Number(await edge.getAttribute('aria-valuenow'));
  await edge.focus();
  await page.keyboard.press('ArrowRight');
  await expect(edge).toHaveAttribute('aria-valuenow', `${before + 8}`);
  await page.reload();
  await expect(heads).toHaveCount(13);
  await expect(heads.nth(2)).toContainText('Method');
  await expect(edge).toHaveAttribute('aria-valuenow', `${before + 8}`);
});
