import type { Page } from '@playwright/test';
import { curl, putObject, stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';

const MiB = 2 ** 20;

async function hashOf(page: Page): Promise<URLSearchParams> {
  const hash = await page.evaluate(() => location.hash);
  return new URLSearchParams(hash.split('?')[1] ?? '');
}

test('a pause stands still without loss, steps, survives a reload, and ends', async ({
  sluice,
  page,
  folder,
}) => {
  const { url } = await putObject(sluice.url, folder, 'paused.bin', 24 * MiB);
  const client = await stalledClient(url);
  await expect(page.getByTestId('lane')).toHaveAttribute('data-diagnosis', 'client-bound');
  await page.keyboard.press('Space');
  const banner = page.getByTestId('paused');
  await expect(banner).toContainText(/Paused at \d\d:\d\d:\d\d\.\d/);
  await expect(page.getByTestId('live')).toHaveAttribute('data-paused', 'true');
  const instant = page.getByTestId('instant');
  await expect(instant).toHaveText(/^At /);
  const then = await instant.innerText();
  await curl(folder, url, '-r', '0-99');
  await curl(folder, url, '-r', '999999999-');
  client.leave();
  await expect(banner).toContainText('3 requests since');
  await expect(page.getByTestId('lane')).toHaveAttribute('data-ended', 'false');
  expect(await instant.innerText()).toBe(then);

  const pausedAt = async () => (await hashOf(page)).get('paused');
  await expect.poll(pausedAt).not.toBeNull();
  const written = await pausedAt();
  await page.keyboard.press('ArrowLeft');
  await expect(instant).not.toHaveText(then);
  await page.keyboard.press('ArrowRight');
  await expect(instant).toHaveText(then);
  // The address follows a moment later, and may have had the step back by then.
  await expect.poll(pausedAt).toBe(written);
  await page.reload();
  await expect(banner).toContainText(then.replace(/^at /i, ''));
  await page.getByTestId('time-bar').getByRole('button', { name: 'Go live' }).click();
  await expect(instant).toHaveText('Now');
  await expect(banner).toHaveCount(0);
});

test('the pointer shows an instant, a brush is gone into and out of, and the address has it', async ({
  sluice,
  page,
  folder,
}) => {
  await sluice.resize(1280, 800);
  const { url } = await putObject(sluice.url, folder, 'past.bin', 8 * MiB);
  await curl(folder, url);
  const chart = page.getByTestId('memory-chart');
  // Each time anew: what comes and goes around it moves it.
  const at = async (share: number): Promise<readonly [number, number]> => {
    const box = await chart.boundingBox();
    if (!box) throw new Error('the chart is not there');
    return [box.x + box.width * share, box.y + 30];
  };
  // A pointer that rests keeps its instant: on a console that was just opened there was nothing yet.
  await expect(async () => {
    await page.mouse.move(5, 5);
    await page.mouse.move(...(await at(0.99)));
    await expect(page.getByTestId('cursor-tip')).toContainText('in flight', { timeout: 2000 });
  }).toPass();
  await expect(page.getByTestId('instant')).toHaveText(/^At \d\d:\d\d:\d\d\.\d$/);

  await page.mouse.move(...(await at(0.8)));
  await page.mouse.down();
  await page.mouse.move(...(await at(0.95)), { steps: 4 });
  await page.mouse.up();
  await expect(page.getByTestId('brushed')).toContainText('brushed');
  await page.getByRole('button', { name: 'Zoom in' }).click();
  const trail = page.getByRole('navigation', { name: 'Stretch of time' });
  await expect(trail.getByRole('button')).toHaveCount(2);
  await expect.poll(async () => (await hashOf(page)).has('within')).toBe(true);
  await page.mouse.move(5, 5);
  await page.keyboard.press('Backspace');
  await expect(trail.getByRole('button')).toHaveCount(1);

  await page.mouse.move(...(await at(0.5)));
  await page.mouse.wheel(0, -200);
  await expect.poll(async () => (await hashOf(page)).has('span')).toBe(true);
  await page.mouse.dblclick(...(await at(0.5)));
  await page.mouse.move(5, 5);
  await expect(page.getByTestId('instant')).toHaveText('Now');
});

test('everything can be reached with the keyboard: lanes, chunks, tables, legend, dividers', async ({
  sluice,
  page,
  folder,
}) => {
  const { url } = await putObject(sluice.url, folder, 'keys.bin', 24 * MiB);
  const client = await stalledClient(url);
  const lane = page.getByTestId('lane');
  await expect(lane).toHaveAttribute('data-diagnosis', 'client-bound');
  await page.getByRole('region', { name: 'Transfers' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(lane).toHaveAttribute('data-emphasis', 'selected');
  await expect(page.getByTestId('readout')).toContainText('keys.bin to 127.0.0.1, client-bound');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('chunk-drawer')).toContainText('Copy as curl');
  await expect.poll(async () => (await hashOf(page)).has('chunk')).toBe(true);
  await page.getByRole('region', { name: 'Transfers' }).focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(lane).toHaveAttribute('data-emphasis', 'plain');

  await page.keyboard.press('t');
  for (const table of ['memory-table', 'lane-table', 'strip-table'])
    await expect(page.getByTestId(table)).toBeVisible();
  await page.keyboard.press('t');
  await expect(page.getByTestId('memory-table')).toBeHidden();
  await page.keyboard.press('l');
  await expect(page.getByRole('button', { name: /^receiving/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^receiving/ })).toHaveAttribute('aria-pressed', 'true');

  const divider = page.getByRole('separator', { name: /History and table/ });
  const before = await divider.boundingBox();
  await divider.focus();
  await page.keyboard.press('ArrowUp');
  await expect.poll(async () => (await divider.boundingBox())?.y).toBeLessThan(before?.y ?? 0);
  client.leave();
});

test('an operator disconnects who holds the memory, once asked again', async ({ sluice, page, folder }) => {
  const { url } = await putObject(sluice.url, folder, 'holder.bin', 24 * MiB);
  const client = await stalledClient(url);
  await expect(page.getByTestId('lane')).toHaveAttribute('data-ended', 'false');
  await page.getByRole('button', { name: 'Who holds it' }).click();
  await page.getByTestId('holder').getByRole('button', { name: 'Disconnect client' }).click();
  const dialog = page.getByTestId('disconnect-dialog');
  await expect(dialog).toContainText('holder.bin');
  await dialog.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByTestId('lane').and(page.locator('[data-ended=false]'))).toHaveCount(0);
  client.leave();
});
