import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { root } from '../scripts/process.ts';
import { putObject, stalledClient } from './clients.ts';
import { expect, test } from './fixtures.ts';

const limitBytes = 220_000;

test.use({ firstSteps: 'shown' });

test('what opening the console fetches is the first load that the build is held to, and within its limit', async ({
  sluice,
  page,
  folder,
}) => {
  await expect(page.getByTestId('first-run')).toBeVisible();
  // Something of it may still be on its way; what is too much stays.
  await expect.poll(() => scriptsOf(page)).toEqual(countedScripts());
  const empty = await scriptsOf(page);
  expect(await weightOf(empty)).toBeLessThanOrEqual(limitBytes);

  const { url } = await putObject(sluice.url, folder, 'object.bin', 16 * 2 ** 20);
  const client = await stalledClient(url);
  await expect(page.getByTestId('lane')).toBeVisible();
  await (await fetch(url, { headers: { range: 'bytes=0-99' } })).arrayBuffer();
  await expect(page.getByTestId('requests-count')).not.toHaveText('0');
  expect(await scriptsOf(page)).toEqual(empty);
  client.leave();
});

/** The scripts that the page has fetched by now, by name. */
async function scriptsOf(page: Page): Promise<readonly string[]> {
  const names = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
  );
  return [...new Set(names.filter((name) => name.endsWith('.js')).map((name) => basename(name)))].toSorted();
}

/** Compressed as `.size-limit.cjs` has it, in bytes. */
async function weightOf(scripts: readonly string[]): Promise<number> {
  const files = scripts.map(async (name) => readFile(join(root, 'out/renderer/assets', name)));
  return (await Promise.all(files)).reduce((sum, script) => sum + gzipSync(script).length, 0);
}

/** What `.size-limit.cjs` counts as the first load. */
function countedScripts(): readonly string[] {
  const limits = createRequire(import.meta.url)('../.size-limit.cjs') as readonly {
    readonly path: readonly string[];
  }[];
  return (limits[0]?.path ?? []).map((file) => basename(file)).toSorted();
}
