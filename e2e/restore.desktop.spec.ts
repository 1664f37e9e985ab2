import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from './fixtures.ts';
import { addProject, rowOf, test } from './repositories.ts';

const execute = promisify(execFile);

test('a repository is restored into a new folder, inside the one that somebody chooses', async ({
  sluice,
  page,
  upstream,
  folder,
}) => {
  const commit = await upstream.commit('data.bin', 'something to restore');
  const parent = join(folder, 'work');
  await mkdir(parent);
  await sluice.answerFolderDialog?.(parent);
  await addProject(page);
  const details = page.getByTestId('details');
  await details.getByRole('button', { name: 'Generate snapshot' }).click();
  await expect(rowOf(page)).toContainText('current');
  await details.getByRole('button', { name: 'Restore to a folder…' }).click();
  const target = join(parent, 'project');
  const dialog = page.getByTestId('restore-dialog');
  await expect(dialog).toContainText(target);
  await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
  const job = details.getByTestId('job').and(page.locator('[data-kind=restore]'));
  await expect(job).toHaveAttribute('data-state', 'done');

  const git = async (...arguments_: readonly string[]): Promise<string> =>
    (await execute('git', ['-C', target, ...arguments_])).stdout.trim();
  expect(await git('rev-parse', 'HEAD')).toBe(commit);
  expect(await git('status', '--porcelain')).toBe('');
});
