/** `sluice open FILE`, from the command to the picture. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from './fixtures.ts';
import { commandLine } from './hosts.ts';
import { recordedRun } from './playback.ts';

test('a file that is opened from the command line is shown, and nothing that it was not given', async ({
  sluice,
  page,
  folder,
}) => {
  const { file, summary } = await recordedRun(sluice.url, page, folder);
  const child = spawn(process.execPath, [commandLine, 'open', file, '--no-browser', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { console: address } = JSON.parse(line) as { readonly console: string };
    await page.goto(address);
    await expect(page.getByTestId('player')).toContainText('A slow client');
    await expect(page.getByTestId('recording-time')).toHaveAttribute('data-at', /^\d+$/);
    await expect.poll(() => page.url()).toContain('recording=file%3Anight.sluicerec');
    expect(page.url()).not.toContain('slu_');
    await page.getByRole('button', { name: 'To the beginning' }).click();
    await expect(page.getByTestId('recording-time')).toHaveAttribute('data-at', String(summary.firstAt));
    // The address stands for it as long as the program runs, also in a page that begins with it.
    await page.reload();
    await expect(page.getByTestId('player')).toContainText('A slow client');
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByTestId('instant')).toHaveText('Now');
    // Nothing brings anybody back who has left it.
    await page.getByRole('link', { name: 'Requests' }).click();
    await page.getByRole('link', { name: 'Live' }).click();
    await expect(page.getByTestId('instant')).toHaveText('Now');
    await expect(page.getByTestId('lane')).toHaveCount(0);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
