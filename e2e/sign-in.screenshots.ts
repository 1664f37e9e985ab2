/** The sign-in screen, as a browser shows it that has no token or a wrong one. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../scripts/process.ts';
import { openTab } from './browser.ts';
import { expect, serverFlags, test } from './fixtures.ts';
import { endServer, startServer } from './hosts.ts';

test('sign-in', async ({ folder }) => {
  const server = await startServer([...serverFlags(folder), '--require-token']);
  const images = join(root, 'docs/images');
  await mkdir(images, { recursive: true });
  const page = await openTab();
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(server.console);
    const field = page.getByLabel('Token');
    await field.fill(`slu_${'x'.repeat(43)}`);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toBeVisible();
    await page.screenshot({ path: join(images, `sign-in-${colorScheme}.png`) });
  }
  await page.close();
  await endServer(server.process);
});
