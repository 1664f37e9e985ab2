/** The Range Lab: an answer beside what was expected of it, and the checks of a server that is not Sluice. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { root } from '../scripts/process.ts';
import { startNginx } from '../src/main/testing/nginx.ts';
import { expect, test } from './fixtures.ts';

const MiB = 2 ** 20;

test('lab', async ({ host, sluice, page }) => {
  await sluice.resize(1280, 800);
  const url = `${sluice.url}/api/v1/object/builds/installer.bin`;
  await fetch(url, {
    method: 'POST',
    body: Buffer.concat([Buffer.from('#!/bin/sh\n# installer\n'), randomBytes(6 * MiB)]),
  });
  await page.getByRole('link', { name: 'Range Lab' }).click();
  await page.getByLabel('URL', { exact: true }).fill(url);
  await page.getByRole('button', { name: 'Look with HEAD' }).click();
  await expect(page.getByTestId('answer')).toBeVisible();
  await page.getByLabel('Range', { exact: true }).fill('bytes=0-262143, 2097152-3145727, -4096, 9000000-');
  await page.getByRole('button', { name: 'If-Range: fill in the current' }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByTestId('answer')).toHaveAttribute('data-status', '206');
  await shoot(page, host, 'lab');

  await using nginx = await startNginx();
  await writeFile(join(nginx.folder, 'installer.bin'), randomBytes(6 * MiB));
  await page.getByRole('tab', { name: 'Check a server' }).click();
  await page.getByLabel('URL', { exact: true }).fill(`${nginx.url}/installer.bin`);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByTestId('check-run')).toHaveAttribute('data-state', 'done');
  await page.getByTestId('check').first().click();
  await shoot(page, host, 'lab-check');
});

async function shoot(page: Page, host: string, view: string): Promise<void> {
  const images = join(root, 'docs/images');
  await mkdir(images, { recursive: true });
  for (const theme of ['Dark', 'Light']) {
    await page.getByRole('button', { name: theme, exact: true }).click();
    await page.mouse.move(0, 0);
    await sleep(500);
    const name = `${view}-${host === 'browser' ? 'browser-' : ''}${theme.toLowerCase()}.png`;
    await page.screenshot({ path: join(images, name) });
  }
}
