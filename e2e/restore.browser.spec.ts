import { expect } from './fixtures.ts';
import { addProject, test } from './repositories.ts';

test('a browser has the command to restore, and what it shows stays, marked as old, when the server is gone', async ({
  sluice,
  page,
}) => {
  await addProject(page);
  const details = page.getByTestId('details');
  await expect(details).toContainText(
    `sluice restore https://git.example/team/project project --server ${sluice.url}`,
  );
  await expect(details.getByRole('button', { name: 'Copy restore command' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Restore to a folder…' })).toHaveCount(0);

  sluice.process.kill('SIGKILL');
  await expect(page.getByTestId('disconnected')).toBeVisible();
  await expect(page.getByTestId('repositories')).toHaveAttribute('data-stale', 'true');
  await expect(page.getByTestId('repository')).toContainText('team/project');
});
