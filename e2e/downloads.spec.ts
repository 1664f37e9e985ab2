import type { Page } from '@playwright/test';
import { curl, stalledClient } from './clients.ts';
import { expect, test as base } from './fixtures.ts';
import { pressSequence } from './keys.ts';
import { startSlowOrigin, type SlowOrigin } from './slow-origin.ts';

const MiB = 2 ** 20;
const path = '/team/archive.bin';
const object = 'team/archive.bin';

interface DownloadFixtures {
  /** A store that refuses the third request, and each tenth after it. */
  readonly origin: SlowOrigin;
}

const test = base.extend<DownloadFixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  origin: async ({}, use) => {
    const script = { headMs: () => 15, bytesPerMs: 32 * 1024, fails: (number: number) => number % 10 === 3 };
    await using origin = await startSlowOrigin({ [path]: 24 * MiB, '/team/other.bin': 2 * MiB }, script);
    await use(origin);
  },
  flags: async ({ origin }, use) => use(['--store', origin.url]),
});

const urlOf = (server: string): string => `${server}/api/v1/object/${object}`;

/** Goes to the view and opens the one download there is. */
async function open(page: Page): Promise<void> {
  await pressSequence(page, 'g d', page.getByTestId('downloads'));
  await page.getByTestId('download').filter({ hasText: object }).click();
  await expect(page.getByTestId('download-detail')).toBeVisible();
}

test('a download is there from its first chunk on, with its readers, its pieces and their attempts', async ({
  sluice,
  page,
  origin,
}) => {
  await page.getByRole('link', { name: 'Downloads' }).click();
  await expect(page.getByTestId('downloads-none')).toContainText('Nothing fetched yet');
  const client = await stalledClient(urlOf(sluice.url));
  const row = page.getByTestId('download').filter({ hasText: object });
  await expect(row).toContainText('24 MiB');
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect.poll(() => new URL(page.url()).hash).toBe('#/downloads/1');
  await expect(page.getByTestId('download-raster')).toBeVisible();
  await expect(page.getByTestId('download-detail')).toContainText('24 chunks');
  await expect(page.getByTestId('download-detail')).toContainText('1 reader');

  const digest = client.finish();
  await digest;
  await expect(row).toHaveAttribute('data-state', 'idle');
  const pieces = page.getByTestId('pieces');
  await pieces.getByRole('button', { name: 'Attempts' }).click();
  await expect(pieces.getByRole('columnheader', { name: 'Attempts' })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  // On a busy machine others may have been tried again as well, for being late: this one was refused.
  const chunk = (origin.refused[0] ?? Number.NaN) / MiB;
  await page
    .getByTestId('piece')
    .filter({ hasText: new RegExp(`^${chunk}1 MiB`) })
    .click();
  const drawer = page.getByTestId('piece-drawer');
  await expect(drawer.getByTestId('attempt-bars')).toContainText('the store did not answer');
  await expect(drawer.getByTestId('attempt-bars')).toContainText('attempt 2');
  await expect(drawer.getByRole('button', { name: 'Copy as curl' })).toBeVisible();
  await expect(drawer.getByRole('link', { name: 'Requests touching' })).toHaveAttribute(
    'href',
    `#/requests?q=object%3A${encodeURIComponent(object)}`,
  );
  await expect.poll(() => new URL(page.url()).hash).toBe(`#/downloads/1?sort=-attempts&chunk=${chunk}`);

  await page.reload();
  await expect(drawer.getByTestId('attempt-bars')).toContainText('attempt 2');
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('download-detail')).toBeHidden();
});

test('the map, its table and the pieces show the same chunk, by the keyboard', async ({
  sluice,
  page,
  folder,
}) => {
  await curl(folder, urlOf(sluice.url), '-r', `${4 * MiB}-${8 * MiB - 1}`);
  await open(page);
  const map = page.getByTestId('object-map');
  await map.focus();
  for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight'])
    await page.keyboard.press(key);
  await expect(map).toHaveAttribute('aria-valuetext', /^chunk 4 · 4 MiB – 5 MiB · (held|cached)$/);
  await expect(page.getByTestId('piece').filter({ hasText: /^4/ })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('map-readout')).toContainText('chunk 4');
  await page.getByTestId('pieces').focus();
  // The newest are on top.
  await page.keyboard.press('k');
  await expect(map).toHaveAttribute('aria-valuetext', /^chunk 5/);

  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  await expect(page.getByTestId('map-table')).toContainText('never');
  await expect(page.getByTestId('curve-table')).toBeVisible();
  await expect.poll(() => page.url()).toContain('as=tables');
  await page.keyboard.press('t');
  await expect(map).toBeVisible();

  // A filter that hides every row hides the table that would have taken the key.
  await page.getByLabel('Filter the downloads by object').fill('nothing has this name');
  await expect(page.getByTestId('download')).toHaveCount(0);
  await map.focus();
  await page.keyboard.press('Escape');
  await expect(map).toBeHidden();
});

test('another window is tried on what was recorded, and what is typed is checked', async ({
  sluice,
  page,
  folder,
}) => {
  await curl(folder, urlOf(sluice.url));
  await open(page);
  const simulator = page.getByTestId('simulator');
  const slots = simulator.getByLabel('Slots', { exact: true });
  await slots.fill('2');
  const chunk = simulator.getByLabel('Chunk', { exact: true });
  await chunk.fill('4MiB');
  await simulator.getByLabel('Client takes', { exact: true }).fill('64KiB');
  await expect(simulator.getByTestId('simulator-verdict')).toHaveText(
    'With 2 slots of 4 MiB this would have peaked at 8 MiB',
  );
  await expect.poll(() => page.url()).toContain('slots=2');
  await slots.fill('many');
  await expect(simulator.getByRole('alert')).toHaveText('A whole number, as 8');
  await slots.fill('1000');
  await expect(simulator.getByRole('alert')).toHaveText('From 1 to 64');
  await expect(simulator.getByTestId('simulator-verdict')).toContainText('With 2 slots');

  await page.getByLabel('Filter the downloads').fill('nowhere');
  await expect(page.getByTestId('downloads-no-match')).toContainText('No object has “nowhere”');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page.getByTestId('download')).toHaveCount(1);
});
