/** The sign-in screen, as a browser shows it that has no token or a wrong one. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { testSwitches } from '../scripts/electron.ts';
import { root } from '../scripts/process.ts';
import { expect, serverFlags, test } from './fixtures.ts';
import { endServer, startServer } from './hosts.ts';

test('sign-in', async ({ folder }) => {
  const server = await startServer([...serverFlags(folder), '--require-token']);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...testSwitches()] });
  const images = join(root, 'docs/images');
  await mkdir(images, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(server.console);
    const field = page.getByLabel('Token');
    await field.fill(`slu_${'x'.repeat(43)}`);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toBeVisible();
    await page.screenshot({ path: join(images, `sign-in-${colorScheme}.png`) });
  }
  await browser.close();
  await endServer(server.process);
});
