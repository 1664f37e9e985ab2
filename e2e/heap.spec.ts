import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { putObject, sluiceCommand, stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { pressSequence } from './keys.ts';

const run = promisify(execFile);
const MiB = 2 ** 20;

async function bytesOf(locator: Locator): Promise<number> {
  return Number(await locator.getAttribute('data-bytes'));
}

/** RSS and what it is made of, as they are shown: of one instant. */
async function arithmetic(page: Page): Promise<readonly number[]> {
  return page
    .getByTestId('arithmetic')
    .evaluate((section) =>
      ['rss', 'ledger', 'heap', 'external', 'unaccounted'].map((name) =>
        Number(section.querySelector(`[data-testid=term-${name}]`)?.getAttribute('data-bytes') ?? Number.NaN),
      ),
    );
}

test('who holds the memory is said in a sentence, in four groupings that sum up to the ledger, and in files', async ({
  host,
  sluice,
  page,
  folder,
}) => {
  await pressSequence(page, 'g h', page.getByTestId('nothing-held'));
  await expect(page.getByTestId('nothing-held')).toContainText('curl');
  const object = await putObject(sluice.url, folder, 'large.bin', 32 * MiB);
  const client = await stalledClient(object.url);

  const sentence = page.getByTestId('owners-sentence');
  await expect(sentence).toContainText(
    /^127\.0\.0\.1 holds \d+ % of the ledger, [\d.]+ MiB of e2e\/large\.bin/,
  );
  await page.getByRole('link', { name: 'Live', exact: true }).click();
  await page.getByTestId('budget-chip').click();
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/heap/now');

  const sum = page.getByTestId('ledger-sum');
  for (const by of ['client', 'object', 'state', 'age']) {
    await page.getByRole('button', { name: `By ${by}` }).click();
    await expect(page.getByTestId('ledger-grid')).toHaveAccessibleName(`The ledger by ${by}`);
    await expect
      .poll(() => page.evaluate(() => location.hash))
      .toBe(by === 'client' ? '#/heap/now' : `#/heap/now?by=${by}`);
    await expect(sum).toHaveAttribute('data-equal', 'true');
  }
  await expect.poll(async () => bytesOf(sum)).toBeGreaterThan(0);
  const [rss = 0, ...terms] = await arithmetic(page);
  expect(terms.reduce((total, bytes) => total + bytes, 0)).toBe(rss);

  await page.getByRole('button', { name: 'By client' }).click();
  await page.keyboard.press('/');
  await expect(page.getByLabel('Filter by client or object')).toBeFocused();
  await page.keyboard.type('LARGE');
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/heap/now?find=LARGE');
  const groups = page.getByTestId('ledger-group');
  await expect(groups.and(page.locator('[data-kind=spare]'))).toHaveCount(0);
  await expect(groups.first()).toContainText('127.0.0.1');
  await expect(sum).toContainText(/^What matches.*in all, equal to the ledger/);
  await page.keyboard.type(' not there');
  await expect(page.getByTestId('owners-no-match')).toContainText('“LARGE not there”');
  await expect(sum).toHaveAttribute('data-matching-bytes', '0');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(sum).toContainText('Sum');
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/heap/now');

  await page.getByTestId('ledger-grid').focus();
  await page.keyboard.press('Home');
  const details = page.getByTestId('holder-details');
  await expect(details).toContainText('127.0.0.1');
  await expect(details).toContainText('e2e/large.bin');
  await expect(details.getByRole('link', { name: 'Lane' })).toHaveAttribute('href', /^#\/live\?lane=\d+$/);
  await expect(details.getByRole('link', { name: 'Download' })).toHaveAttribute('href', /^#\/downloads\?q=/);
  await page.reload();
  await expect(details).toContainText('127.0.0.1');
  await details.getByRole('link', { name: 'Requests' }).click();
  await expect(page.getByLabel(/^Filter/).first()).toHaveValue('client:127.0.0.1 object:e2e/large.bin');
  await page.evaluate(() => history.back());
  await expect(details).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(details).toBeHidden();

  // A window of the desktop asks where to, outside of the page.
  if (host === 'browser') {
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /^NDJSON/ }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/^sluice-ledger-\d{8}T\d{6}Z\.ndjson$/);
    const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\n');
    const owners = lines.map((line) => JSON.parse(line) as { client: string; bytes: number });
    expect(owners.map((owner) => owner.client)).toContain('127.0.0.1');
  }
  client.leave();
  await expect(sentence).not.toContainText('127.0.0.1 holds');
});

test('profiles are taken with their cost told, opened, removed, and part of a bundle', async ({
  sluice,
  page,
  folder,
}) => {
  await page.evaluate(() => (location.hash = '#/heap/profiles'));
  const capture = page.getByTestId('capture');
  await expect(capture).toContainText('The server goes on');
  const seconds = capture.getByLabel('Seconds');
  await seconds.fill('0');
  await expect(capture).toContainText('1 to 300 seconds');
  await expect(capture.getByRole('button', { name: 'Start' })).toBeDisabled();

  // Ended before it is done: nothing is kept.
  await capture.getByRole('button', { name: 'CPU' }).click();
  await seconds.fill('300');
  await capture.getByRole('button', { name: 'Start' }).click();
  const running = page.getByTestId('capture-running');
  await expect(running).toContainText(/Sampling the CPU.*left/s);
  await running.getByRole('button', { name: 'Cancel' }).click();
  await expect(running).toBeHidden();
  const rows = page.getByTestId('capture-row');
  await expect(rows).toHaveCount(0);

  await capture.getByRole('button', { name: 'Heap snapshot' }).click();
  await capture.getByRole('button', { name: 'Take a snapshot…' }).click();
  const dialog = page.getByTestId('snapshot-dialog');
  await expect(dialog).toContainText(/stops the server for about [\d.]+ (ms|s)/);
  await expect(dialog).toContainText(/needs about [\d.]+ (MiB|GiB) of memory/);
  await expect(dialog.getByRole('button', { name: 'Leave it running' })).toBeFocused();
  await page.keyboard.press('Escape');

  await capture.getByRole('button', { name: 'Heap sampling' }).click();
  await seconds.fill('1');
  await capture.getByRole('button', { name: 'Start' }).click();
  await expect(rows.filter({ hasText: 'Heap sampling' })).toHaveAttribute('data-state', 'ready');

  const bundle = join(folder, 'incident.tar.gz');
  const stacks = join(folder, 'production.folded');
  await writeFile(stacks, 'main;serve;parallelGet 900\nmain;serve 100\n');
  const told = await sluiceCommand(sluice.url, ['incident', '--profile', stacks, '-o', bundle]);
  expect(told).toMatch(/profiles\/sluice-heap-\d{8}T\d{6}Z\.heapprofile {2}\S/);
  expect(told).toMatch(/profiles\/attached-production\.folded {2}parallelGet took 90 % of samples/);
  const { stdout } = await run('tar', ['-tzf', bundle]);
  for (const name of ['summary.html', 'profiles/ledger.pb.gz', 'profiles/ledger-fullest.ndjson'])
    expect(stdout).toContain(`/${name}\n`);

  // Who makes one in the console says which profiles go in.
  await page.evaluate(() => (location.hash = '#/incidents/bundles'));
  await page
    .getByRole('button', { name: /^Make (a|an incident) bundle/ })
    .first()
    .click();
  await expect(page.getByTestId('bundle-profiles').getByRole('checkbox')).toBeChecked();
  await page.keyboard.press('Escape');
  await page.evaluate(() => (location.hash = '#/heap/profiles'));

  await rows.getByRole('button', { name: 'Open' }).click();
  await expect(page.getByTestId('opened-profile')).toContainText(/sluice-heap-.*\.heapprofile/);
  await page.getByTestId('opened').getByRole('button', { name: 'Capture' }).click();
  await rows.getByRole('button', { name: 'Remove' }).click();
  await expect(rows).toHaveCount(0);
});
