import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

test('a setting says what is in force and who decides; one that nobody gave is saved, or taken back', async ({
  page,
  folder,
}) => {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('link', { name: 'Server', exact: true }).click();
  const port = page.getByTestId('setting-port');
  await expect(port.getByTestId('provenance')).toHaveText('flag --port');
  await expect(port.getByRole('textbox')).toHaveAttribute('readonly', '');
  await expect.poll(() => new URL(page.url()).hash).toBe('#/settings/server');

  await page.getByRole('link', { name: 'Store', exact: true }).click();
  const connections = page.getByTestId('setting-maxConnections');
  await expect(connections.getByTestId('provenance')).toHaveText('default');
  const field = connections.getByRole('textbox');
  await field.fill('257');
  await expect(connections).toContainText('Allowed is a whole number from 2 to 256.');
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  await field.fill('32');
  await expect(page.getByTestId('save-bar')).toContainText('1 change');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(connections).toContainText('32 after a restart.');
  await expect(page.getByTestId('pending')).toContainText('1 saved change is in force after a restart.');
  await expect(page.getByTestId('save-bar')).toBeHidden();
  const file = join(folder, 'data/settings.json');
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ maxConnections: '32' });

  await page.evaluate(() => (location.hash = '#/settings/memory'));
  const allowance = page.getByTestId('allowance');
  await expect(allowance).toContainText('In force 64 MiB');
  await expect(allowance.getByTestId('in-use')).toContainText('in use');
  await expect(page.getByTestId('setting-memoryBudgetBytes').getByTestId('provenance')).toHaveText(
    'flag --memory-budget',
  );
  await expect(allowance).toContainText('One fast client reads ahead up to 8 chunks, 8 MiB.');

  await page.evaluate(() => (location.hash = '#/settings/repositories'));
  const interval = page.getByTestId('setting-fetchIntervalMs');
  const rules = page.getByTestId('setting-repositories');
  await interval.getByRole('textbox').fill('1h');
  await rules.getByRole('textbox').fill('https://github.com/block/*');
  await expect(page.getByTestId('save-bar')).toContainText('2 changes');
  await interval.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByTestId('save-bar')).toContainText('1 change');
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(rules.getByRole('textbox')).toHaveValue('');
  await expect(page.getByTestId('save-bar')).toBeHidden();
});
