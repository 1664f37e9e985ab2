import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { pressSequence } from './keys.ts';

const content = Buffer.from(Array.from({ length: 4000 }, (_, index) => index % 256));

/** Uploads an object. @returns its URL */
async function upload(server: string): Promise<string> {
  const url = `${server}/api/v1/object/builds/app.bin`;
  const response = await fetch(url, { method: 'POST', body: content });
  expect(response.status).toBe(200);
  return url;
}

function address(page: Page): URLSearchParams {
  return new URLSearchParams(new URL(page.url()).hash.split('?')[1]);
}

test('a request is explained beforehand, sent, shown as it came, and is the address', async ({
  sluice,
  page,
}) => {
  const url = await upload(sluice.url);
  await pressSequence(page, 'g x', page.getByTestId('lab'));
  await expect(page.getByTestId('empty-nothing').first()).toContainText('Nothing sent yet');
  await page.getByLabel('URL', { exact: true }).fill(url);
  await page.getByRole('button', { name: 'Look with HEAD' }).click();
  await expect(page.getByTestId('answer')).toHaveAttribute('data-status', '200');

  const beforehand = page.getByTestId('beforehand');
  await page.getByLabel('Range', { exact: true }).fill('bytes=0-9, 3000-3004, 9000-');
  await expect(beforehand.getByTestId('expected')).toContainText('206 Partial 2 ranges, 15 B out of');
  await expect(beforehand).toContainText('beyond the end: the last byte is 3,999');
  await expect(beforehand).toContainText('RFC 9110, 14.2');
  await page.getByLabel('Range', { exact: true }).press('Enter');
  const answer = page.getByTestId('answer');
  await expect(answer).toHaveAttribute('data-status', '206');
  await expect(answer.getByTestId('agreement')).toContainText(
    '206 Partial, as explained: bytes 0–9, 3,000–3,004',
  );
  await expect(answer.getByTestId('fields')).toContainText('multipart/byteranges; boundary=');

  await page.getByLabel('Range', { exact: true }).fill('bytes=16-');
  await page.getByRole('button', { name: 'If-Range: fill in the current' }).click();
  await expect(beforehand).toContainText('It is exactly the current entity tag');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(answer.getByTestId('hex')).toContainText('10 11 12 13 14 15 16 17  18');
  await expect(answer.getByTestId('body-words')).toContainText('3.89 KiB (3,984 bytes), whole');

  await page.getByRole('button', { name: 'Beyond the end' }).click();
  await expect(beforehand.getByTestId('expected')).toContainText('416 Unsatisfiable');
  await page.keyboard.press('Control+Enter');
  await expect(answer).toHaveAttribute('data-status', '416');

  // The address is the request, and opening one sends nothing.
  const params = new URLSearchParams({ url, range: 'bytes=-5', 'if-match': '"another"' });
  await page.evaluate((hash) => (location.hash = hash), `#/lab?${params}`);
  await page.reload();
  await expect(page.getByLabel('Range', { exact: true })).toHaveValue('bytes=-5');
  await expect(page.getByTestId('empty-nothing').first()).toContainText('Send the request');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByTestId('answer')).toHaveAttribute('data-status', '412');
  await page.getByLabel('If-Match', { exact: true }).fill('');
  await expect
    .poll(() => [address(page).get('range'), address(page).get('if-match')])
    .toEqual(['bytes=-5', null]);

  await page.getByLabel('URL', { exact: true }).fill('http://127.0.0.1:1/nothing');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByTestId('not-answered')).toContainText('nothing listens there');
});

test('a server is checked, its verdicts are read one by one, and saved', async ({
  sluice,
  page,
  folder,
  host,
}) => {
  const url = await upload(sluice.url);
  await page.evaluate(
    (hash) => (location.hash = hash),
    `#/lab?${new URLSearchParams({ url, tab: 'check' })}`,
  );
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  const run = page.getByTestId('check-run');
  await expect(run).toHaveAttribute('data-state', 'done');
  await expect(page.getByTestId('check-summary')).toContainText('Every MUST holds');
  await page.getByRole('button', { name: 'Fail 0' }).click();
  await expect(page.getByTestId('empty-no-match')).toContainText('No check came out as “fail”.');
  await page.getByRole('button', { name: 'Show all' }).click();

  const row = page.getByTestId('check').filter({ hasText: 'A suffix is the last bytes' });
  await row.focus();
  await page.keyboard.press('Enter');
  const details = page.getByTestId('check-details');
  await expect(details).toContainText("-H 'Range: bytes=-100'");
  await expect(details).toContainText('RFC 9110, 14.1.2');
  await page.reload();
  await expect(details).toContainText('A suffix is the last bytes');
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  await expect(page.getByRole('button', { name: 'Markdown' })).toBeVisible();
  // The window asks where to save, in a dialog of the system.
  if (host === 'desktop') return;
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Markdown' }).click(),
  ]);
  await download.saveAs(`${folder}/report.md`);
  expect(await readFile(`${folder}/report.md`, 'utf8')).toContain('| pass | MUST |');
});
