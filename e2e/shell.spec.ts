import { hearAnnouncements } from './announcements.ts';
import { statsOf } from './clients.ts';
import { expect, limits, serverFlags, test } from './fixtures.ts';
import { endServer, startServer } from './hosts.ts';
import { pressSequence } from './keys.ts';

test('the palette finds what can be done and does it, and keys do the same but not while somebody types', async ({
  page,
}) => {
  await page.keyboard.press('Control+k');
  const input = page.getByLabel('What to do or where to go');
  await expect(input).toBeFocused();
  await input.fill('reposit');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('repositories')).toBeVisible();
  await expect(page.getByTestId('palette')).toBeHidden();
  await pressSequence(page, 'g l', page.getByTestId('live'));

  await page.keyboard.press('Control+p');
  await expect(input).toBeFocused();
  await page.keyboard.type('g p');
  await expect(input).toHaveValue('g p');
  await input.fill('qqqqqq');
  await expect(page.getByTestId('palette')).toContainText('Nothing is called that.');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('palette')).toBeHidden();
  await expect(page.getByTestId('live')).toBeVisible();
});

test('keys can be changed where none is taken, are kept, and can be given back; theme and contrast are kept', async ({
  page,
}) => {
  await page.keyboard.press('?');
  const sheet = page.getByTestId('shortcuts');
  await sheet.getByRole('button', { name: /^Repositories: g then p/ }).click();
  await expect(sheet.getByRole('button', { name: /^Keys for Repositories/ })).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.keyboard.press('Enter');
  await expect(sheet.getByRole('alert')).toContainText('g then l is taken by “Live”.');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeVisible();
  await sheet.getByRole('button', { name: /^Repositories: g then p/ }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('y');
  await page.keyboard.press('Enter');
  await expect(sheet.getByRole('button', { name: /^Repositories: g then y/ })).toBeVisible();
  await sheet.getByRole('button', { name: 'Close', exact: true }).first().click();

  await page.reload();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await pressSequence(page, 'g y', page.getByTestId('repositories'));
  await page.keyboard.press('?');
  await sheet.getByRole('button', { name: 'Reset all' }).click();
  await expect(sheet.getByRole('button', { name: /^Repositories: g then p/ })).toBeVisible();
  await sheet.getByRole('button', { name: 'Close', exact: true }).first().click();

  const look = () =>
    page.evaluate(() => {
      const { theme, contrast } = document.documentElement.dataset;
      return [theme, contrast, getComputedStyle(document.body).backgroundColor];
    });
  await page.getByRole('button', { name: 'Dark', exact: true }).click();
  await page.getByRole('button', { name: 'High contrast' }).click();
  await expect.poll(look).toEqual(['dark', 'more', 'rgb(0, 0, 0)']);
  await page.reload();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  await expect.poll(look).toEqual(['dark', 'more', 'rgb(0, 0, 0)']);
  await page.getByRole('button', { name: 'High contrast' }).click();
  await page.getByRole('button', { name: 'Light', exact: true }).click();
  await expect.poll(look).toEqual(['light', undefined, 'rgb(250, 251, 252)']);
});

test.describe('first steps', () => {
  // Large chunks: what the kernel keeps of a connection is then soon full.
  test.use({ firstSteps: 'shown', flags: ['--chunk-size', '4MiB'] });

  test('the demo fills the memory with what a slow client does not take, up to the budget and no further', async ({
    sluice,
    page,
  }) => {
    test.setTimeout(180_000);
    const first = page.getByTestId('first-run');
    await first.getByRole('button', { name: 'Add a bucket…' }).click();
    const bucket = page.getByTestId('add-bucket');
    await page.getByLabel('Bucket', { exact: true }).fill('s3://Team');
    await expect(bucket).toContainText('Allowed is s3://BUCKET');
    await page.getByLabel('Bucket', { exact: true }).fill('s3://team');
    await page.getByLabel('Endpoint').fill('http://127.0.0.1:9000');
    await expect(page.getByTestId('bucket-command')).toContainText(
      'sluice serve --store s3://team --s3-endpoint http://127.0.0.1:9000',
    );
    await page.keyboard.press('Escape');

    await first.getByRole('button', { name: 'Start the demo' }).click();
    await expect(first).toBeHidden();
    await page.getByTestId('slow-client').click();
    const lanes = page.getByTestId('lane').and(page.locator('[data-diagnosis=client-bound]'));
    await expect(lanes.first()).toBeVisible({ timeout: 40_000 });
    const { memory } = await statsOf(sluice.url);
    expect(memory.budgetBytes).toBe(limits.budgetBytes);
    expect(memory.peak.bytes).toBeLessThanOrEqual(limits.budgetBytes);
    await expect(page.getByTestId('promise')).toHaveAttribute('data-kept', 'true');
    await expect(page.getByTestId('budget-chip')).toHaveAttribute('data-over', 'false');

    await page.getByRole('button', { name: 'End the demo' }).click();
    await expect(page.getByTestId('demo')).toBeHidden();
    await expect.poll(async () => (await statsOf(sluice.url)).transfers.active).toBe(0);
  });
});

test('another server is looked at through this one, by an address, until it is gone', async ({
  page,
  folder,
}) => {
  const other = await startServer([...serverFlags(`${folder}/other`), '--memory-budget', '96MiB']);
  const connection = page.getByTestId('connection');
  const chip = page.getByTestId('budget-chip');
  const dialog = page.getByTestId('add-server');
  await connection.click();
  await page.getByRole('menuitem', { name: 'Connect to a running server…' }).click();
  await page.getByLabel('Address').fill('http://127.0.0.1:9');
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await page.getByLabel('Address').fill(other.url);
  await page.getByLabel('Name').fill('farm');
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(connection).toHaveAttribute('data-server', 'farm');
  await expect(chip).toHaveAttribute('data-budget-bytes', String(96 * 2 ** 20));
  await expect.poll(() => new URL(page.url()).hash).toBe('#/live?server=farm');

  await page.getByRole('link', { name: 'Repositories' }).click();
  await expect.poll(() => new URL(page.url()).hash).toBe('#/repositories?server=farm');
  await page.reload();
  await expect(connection).toHaveAttribute('data-server', 'farm');
  await expect(chip).toHaveAttribute('data-budget-bytes', String(96 * 2 ** 20));
  await connection.click();
  await page.getByRole('menuitemradio', { name: /This server/ }).click();
  await expect(chip).toHaveAttribute('data-budget-bytes', String(limits.budgetBytes));
  await page.evaluate(() => history.back());
  await expect(connection).toHaveAttribute('data-server', 'farm');
  await expect(connection).toHaveAttribute('data-state', 'live');
  await expect(chip).toHaveAttribute('data-budget-bytes', String(96 * 2 ** 20));

  const announced = await hearAnnouncements(page);
  await endServer(other.process);
  await expect(page.getByTestId('disconnected')).toContainText('Attempt');
  await expect.poll(announced).toContain('Connection lost');
  await expect(page.getByTestId('bell')).toHaveAccessibleName(/[1-9] unread/);
  await page.keyboard.press('n');
  const list = page.getByTestId('notifications');
  await expect(list).toContainText('farm does not answer.');
  await list.getByRole('button', { name: 'Mark all read' }).click();
  await expect(page.getByTestId('bell')).toHaveAccessibleName('Notifications');
  await list.getByRole('button', { name: 'Dismiss all' }).click();
  await expect(list).toContainText('Nothing has happened');
  await page.keyboard.press('Escape');

  await connection.click();
  await page.getByRole('menuitem', { name: 'Remove from the list' }).click();
  await expect(connection).toHaveAttribute('data-server', 'This server');
  await page.evaluate(() => (location.hash = '#/live?server=farm'));
  await expect(page.getByTestId('no-such-server')).toContainText('No server is called “farm” here');
});
