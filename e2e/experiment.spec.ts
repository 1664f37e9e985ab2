import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';
import { pressSequence } from './keys.ts';

const small = { Object: '8MiB', Readers: '3', Speeds: '4MiB, 8MiB', Workers: '2' };

test('an experiment is run from the console: formulas, curves, figures, files', async ({ host, page }) => {
  test.setTimeout(240_000);
  const view = page.getByTestId('experiment');
  await pressSequence(page, 'g e', view.getByTestId('experiment-none'));
  const formulas = view.getByTestId('experiment-formulas');
  await expect(formulas).toContainText('2 GiB = 256 MiB × 8');
  const start = view.getByRole('button', { name: 'Start' });

  await view.getByRole('button', { name: 'A quick experiment' }).click();
  await view.getByLabel('Ceiling').fill('128MiB');
  await expect(view.getByTestId('experiment-form')).toContainText('Ceiling 128MiB would end Sluice too');
  await expect(start).toBeDisabled();
  await view.getByLabel('Ceiling').fill('320MiB');
  for (const [label, value] of Object.entries(small))
    await view.getByRole('textbox', { name: label }).fill(value);
  await expect(formulas).toContainText('24 MiB = 8 MiB × 3');
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('size=8MiB');

  await start.click();
  await expect(view.getByRole('button', { name: 'Stop' })).toBeVisible();
  await expect(view.getByTestId('experiment-state')).toContainText(/^Run /, { timeout: 90_000 });
  const runs = view.getByTestId('experiment-runs').getByRole('row');
  await expect(runs).toHaveCount(4);
  for (const name of ['Unbounded fetcher', 'A window per reader', 'Sluice'])
    await expect(runs.filter({ hasText: name })).toContainText('3 of 3every reader finished');
  await expect(
    view.getByRole('img', { name: /Sluice: at most .* resident, every reader finished/ }),
  ).toBeVisible();

  // A window of the desktop asks where to, outside of the page.
  if (host === 'browser') {
    const saving = page.waitForEvent('download');
    await view.getByRole('button', { name: 'Save SVG' }).click();
    const svg = await (await saving).path();
    expect(await readFile(svg, 'utf8')).toContain('3 readers at 4 MiB/s to 8 MiB/s of one object of 8 MiB');
    const savingPng = page.waitForEvent('download');
    await view.getByRole('button', { name: 'Save PNG' }).click();
    const png = await readFile(await (await savingPng).path());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  }

  await page.keyboard.press('t');
  await expect(view.getByTestId('experiment-curves').getByRole('row')).toHaveCount(41);
  for (const theme of ['light', 'dark', 'forced'] as const) {
    await page.emulateMedia(
      theme === 'forced' ? { forcedColors: 'active' } : { colorScheme: theme, forcedColors: 'none' },
    );
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('main').analyze();
    expect(violations).toEqual([]);
  }
});

test('an experiment is stopped, and what there is of it stays', async ({ page }) => {
  await page.evaluate(() => (location.hash = '#/experiment?plan=quick&size=1GiB'));
  const view = page.getByTestId('experiment');
  await view.getByRole('button', { name: 'Start' }).click();
  const row = view.getByTestId('experiment-runs').getByRole('row').filter({ hasText: 'Unbounded' });
  await expect(row).toContainText('0 of 8');
  await view.getByRole('button', { name: 'Stop' }).click();
  await expect(view.getByTestId('experiment-state')).toContainText('Stopped');
  await expect(view.getByRole('button', { name: 'Start' })).toBeVisible();
});
