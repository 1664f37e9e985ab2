/** The shell: the first steps, the demo at its budget, the palette and the servers. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../scripts/process.ts';
import { expect, test } from './fixtures.ts';
import { endServer, startHost, startServer } from './hosts.ts';

/** Long enough for the memory to be full for a while. */
const demoMilliseconds = 45_000;

test('shell', async ({ host, folder }) => {
  const flags = (name: string) => [
    '--port',
    '0',
    '--data-dir',
    join(folder, name),
    '--no-demo',
    '--disk-cache',
    '0',
  ];
  const sluice = await startHost(host, [...flags('data'), '--memory-budget', '256MiB'], 'shown');
  const other = await startServer([...flags('other'), '--memory-budget', '64MiB']);
  const { page } = sluice;
  await sluice.resize(1280, 800);
  const images = join(root, 'docs/images');
  await mkdir(images, { recursive: true });
  /** In both themes; `open` opens what is shown, which Esc closes. */
  const shoot = async (name: string, open: () => Promise<void> = async () => undefined): Promise<void> => {
    for (const theme of ['Dark', 'Light']) {
      await page.getByRole('button', { name: theme, exact: true }).click();
      await open();
      await page.mouse.move(640, 2);
      await sleep(1000);
      await page.screenshot({ path: join(images, `${name}-${theme.toLowerCase()}.png`) });
      await page.keyboard.press('Escape');
    }
  };

  await expect(page.getByTestId('first-run')).toBeVisible();
  await shoot('first-run');
  await page.getByRole('button', { name: 'Connect…' }).click();
  await page.getByLabel('Address').fill(other.url);
  await page.getByLabel('Name').fill('build farm');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByTestId('connection')).toHaveAttribute('data-server', 'build farm');
  await page.evaluate(() => (location.hash = '#/live?server='));
  await expect(page.getByTestId('connection')).toHaveAttribute('data-server', 'This server');
  await page.getByRole('button', { name: 'Start the demo' }).click();
  await sleep(8000);
  await page.getByTestId('slow-client').click();
  await sleep(demoMilliseconds);
  await shoot('demo');
  await shoot('servers', () => page.getByTestId('connection').click());
  await shoot('palette', async () => {
    await page.getByRole('button', { name: 'Command palette' }).click();
    await page.getByLabel('What to do or where to go').fill('de');
  });
  await sluice.close();
  await endServer(other.process);
});
