import { rename } from 'node:fs/promises';
import { curl } from './clients.ts';
import { expect } from './fixtures.ts';
import { addProject, projectName, rowOf, test } from './repositories.ts';

test('a repository that a pattern allows is added, mirrored, served, found behind, fetched, and removed', async ({
  sluice,
  page,
  upstream,
  folder,
}) => {
  const commit = await upstream.commit('data.bin', 'something to serve');
  await page.getByRole('link', { name: 'Repositories' }).click();
  await expect(page.getByTestId('none-yet')).toContainText('https://git.example/team/*');
  const input = page.getByLabel('Repository', { exact: true });
  await input.fill('git.example/elsewhere/project');
  await expect(page.getByTestId('none-yet')).toContainText('No rule allows it');
  await expect(page.getByRole('button', { name: 'Add', exact: true })).toBeDisabled();
  await addProject(page);

  const row = rowOf(page);
  await expect(row).toContainText(commit.slice(0, 8));
  await expect(row).toContainText('main');
  const details = page.getByTestId('details');
  await details.getByRole('button', { name: 'Generate snapshot' }).click();
  await expect(details.getByTestId('job').filter({ hasText: 'Snapshot' })).toHaveAttribute(
    'data-state',
    'done',
  );
  await expect(row).toContainText('current');

  const url = `${sluice.url}/git/git.example/team/project/snapshot.tar.zst`;
  const answer = await curl(folder, url, '-r', '0-99');
  expect(answer.headers.get('x-cachew-snapshot-commit')).toBe(commit);
  const etag = (answer.headers.get('etag') ?? '').replaceAll('"', '');
  await expect(details).toContainText(etag);
  await expect(details.getByText(commit)).toHaveCount(2);
  await expect(details.getByText(url)).toBeVisible();

  const newer = await upstream.commit('more.txt', 'more');
  await details.getByRole('button', { name: 'Fetch', exact: true }).click();
  await expect(row).toContainText('1 behind');
  await expect(details).toContainText('1 commit behind');
  await expect(details.getByText(newer)).toBeVisible();

  await details.getByRole('button', { name: 'Remove…' }).click();
  const dialog = page.getByTestId('remove-dialog');
  await expect(dialog).toContainText('the mirror on this server’s disk');
  await expect(dialog).toContainText('the snapshot in the store');
  await expect(dialog.getByRole('button', { name: 'Keep' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row).toContainText('1 behind');
  await details.getByRole('button', { name: 'Remove…' }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(row.filter({ hasText: 'behind' })).toHaveCount(0);
});

test('the table is used with the keyboard, the address says what is open, and a fetch that fails says why', async ({
  page,
  upstream,
}) => {
  await addProject(page);
  await page.getByRole('button', { name: 'Close (Esc)' }).click();
  await expect(page.getByTestId('details')).toBeHidden();
  const row = rowOf(page);
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('details')).toBeVisible();
  await expect.poll(() => new URL(page.url()).hash).toBe('#/repositories/git.example/team/project');
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('button', { name: 'Close (Esc)' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('details')).toBeHidden();
  await expect(row).toBeFocused();

  await page.evaluate(() => history.back());
  await expect(page.getByTestId('details')).toBeVisible();
  await page.reload();
  await expect(page.getByTestId('details')).toContainText(projectName);

  await rename(upstream.folder, `${upstream.folder}-gone`);
  await page.getByTestId('details').getByRole('button', { name: 'Fetch', exact: true }).click();
  const job = page.getByTestId('jobs').getByTestId('job').filter({ hasText: 'failed' });
  await expect(job).toBeVisible();
  await expect(rowOf(page)).toContainText('Fetch failed');
  await job.getByRole('button', { name: 'Log' }).click();
  const log = page.getByTestId('log');
  await expect(log.getByRole('log')).toContainText(/fatal: .*project/);
  await page.keyboard.press('Escape');
  await expect(log).toBeHidden();
  // Esc closes one thing at a time.
  await expect(page.getByTestId('details')).toBeVisible();
  // A filter that hides every row hides the table that would have taken the key.
  await page.getByLabel('Filter by name').fill('nothing has this name');
  await expect(rowOf(page)).toBeHidden();
  await page.getByRole('button', { name: 'Close (Esc)' }).focus();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('details')).toBeHidden();
});
