import type { Page } from '@playwright/test';
import { curl, putObject, sha256, stalledClient, statsOf } from './clients.ts';
import { expect, test } from './fixtures.ts';

const MiB = 2 ** 20;
const objectBytes = 48 * MiB;

/** Nine chunks, of which four can be pinned, and thirty-two transfers. */
const budgetBytes = 32 * MiB;
const chunkBytes = 2 * MiB;
const mostPinned = 4;
test.use({ flags: ['--memory-budget', '32MiB', '--chunk-size', '2MiB'] });

/** Watches the budget's bar from now on; gives each sum that it has shown, as often as it has changed. */
async function watchBudgetBar(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.getByTestId('budget-bar').evaluate((bar) => {
    const sums: number[] = [];
    const note = () => {
      const parts = [...bar.querySelectorAll<HTMLElement>('[data-bytes]')];
      sums.push(parts.reduce((sum, part) => sum + Number(part.dataset['bytes']), 0));
    };
    new MutationObserver(note).observe(bar, { subtree: true, attributes: true });
    Object.assign(globalThis, { budgetBarSums: sums });
  });
  return () => page.evaluate(() => (globalThis as unknown as { budgetBarSums: number[] }).budgetBarSums);
}

test('more stuck clients than chunks leave a fresh client all that it needs, and every byte is accounted for', async ({
  sluice,
  page,
  folder,
}) => {
  const { url, bytes } = await putObject(sluice.url, folder, 'crowd.bin', objectBytes);
  const sums = await watchBudgetBar(page);
  const clients = await Promise.all(
    Array.from({ length: 20 }, (_, index) => stalledClient(url, { range: `bytes=${index * chunkBytes}-` })),
  );
  await expect(page.getByTestId('lanes-summary')).toContainText('20 client-bound');
  const bar = page.getByTestId('budget-bar');
  const bytesOf = async (state: string) =>
    Number(await bar.locator(`[data-state=${state}]`).getAttribute('data-bytes'));
  expect(await bytesOf('pinned')).toBeLessThanOrEqual(mostPinned * chunkBytes);
  expect(await bytesOf('bounce')).toBeLessThanOrEqual(20 * 64 * 1024);

  const fresh = await curl(folder, url, '--max-time', '30');
  expect(sha256(fresh.bytes)).toBe(sha256(bytes));

  await expect(page.getByTestId('promise')).toHaveAttribute('data-kept', 'true');
  const { memory } = await statsOf(sluice.url);
  expect(memory.budgetBytes).toBe(budgetBytes);
  expect(memory.peak.bytes).toBeLessThanOrEqual(budgetBytes);

  const [first, ...others] = clients;
  for (const client of others) client.leave();
  expect(await first?.finish()).toBe(sha256(bytes));
  await expect.poll(async () => (await statsOf(sluice.url)).transfers.active).toBe(0);
  const shown = await sums();
  expect(shown.length).toBeGreaterThan(5);
  expect(new Set(shown)).toEqual(new Set([budgetBytes]));
});
