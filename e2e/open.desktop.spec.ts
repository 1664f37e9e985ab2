/** Files that are opened with the desktop program: at its start, and while it runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testSwitches } from '../scripts/electron.ts';
import { root } from '../scripts/process.ts';
import { expect, serverFlags, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { recordedRun } from './playback.ts';

test('the window shows the file that it is started with, and the next one that is opened', async ({
  sluice,
  page,
  folder,
}) => {
  const { file } = await recordedRun(sluice.url, page, folder);
  const next = join(folder, 'next.sluicerec');
  await copyFile(file, next);
  await sluice.close();

  const flags = serverFlags(folder);
  const window = await startHost('desktop', [...flags, file]);
  await expect(window.page.getByTestId('player')).toContainText('A slow client');
  await expect.poll(() => window.page.evaluate(() => location.hash)).toContain('file%3Anight.sluicerec');
  const executable = process.env['SLUICE_TEST_ELECTRON'] ?? '';
  const second = spawn(executable, [...testSwitches(), root, ...flags, next], { stdio: 'ignore' });
  await once(second, 'close');
  await expect.poll(() => window.page.evaluate(() => location.hash)).toContain('file%3Anext.sluicerec');
  await expect(window.page.getByTestId('player')).toContainText('A slow client');
  // Beside it another may be in its last seconds.
  const stalled = window.page.getByTestId('lane').and(window.page.locator('[data-diagnosis=client-bound]'));
  await expect(stalled).toHaveCount(1);
  await window.close();
});
