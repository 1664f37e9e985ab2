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

interface Drawn {
  /** What all parts are together. */
  readonly sum: number;
  readonly pinned: number;
}

/** Watches the budget's bar from now on; gives what it has shown, as often as it has changed. */
async function watchBudgetBar(page: Page): Promise<() => Promise<readonly Drawn[]>> {
  await page.getByTestId('budget-bar').evaluate((bar) => {
    const drawn: Drawn[] = [];
    const note = () => {
      const parts = [...bar.querySelectorAll<HTMLElement>('[data-bytes]')];
      const bytes = parts.map(({ dataset }) => [dataset['state'], Number(dataset['bytes'])] as const);
      drawn.push({
        sum: bytes.reduce((sum, [, part]) => sum + part, 0),
        pinned: new Map(bytes).get('pinned') ?? 0,
      });
    };
    new MutationObserver(note).observe(bar, { subtree: true, attributes: true });
    Object.assign(globalThis, { budgetBarDrawn: drawn });
  });
  return () => page.evaluate(() => (globalThis as unknown as { budgetBarDrawn: Drawn[] }).budgetBarDrawn);
}

test('more stuck clients than chunks leave a fresh client all that it needs, and every byte is accounted for', async ({
  sluice,
  page,
  folder,
}) => {
  const { url, bytes } = await putObject(sluice.url, folder, 'crowd.bin', objectBytes);
  const drawn = await watchBudgetBar(page);
  const clients = await Promise.all(
    Array.from({ length: 20 }, (_, index) => stalledClient(url, { range: `bytes=${index * chunkBytes}-` })),
  );
  await expect(page.getByTestId('lanes-summary')).toContainText('20 client-bound');
  const bar = page.getByTestId('budget-bar');
  const bytesOf = async (state: string) =>
    Number(await bar.locator(`[data-state=${state}]`).getAttribute('data-bytes'));
  await expect.poll(() => bytesOf('pinned')).toBeGreaterThan(0);
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
  // How often it is drawn is up to the machine; that it was while the crowd was there, and after it, is not.
  await expect.poll(async () => (await drawn()).at(-1)?.pinned).toBe(0);
  const shown = await drawn();
  expect(shown.some(({ pinned }) => pinned > 0)).toBe(true);
  expect(new Set(shown.map(({ sum }) => sum))).toEqual(new Set([budgetBytes]));
});
