/** The Repositories view of a small team: real repositories, real snapshots, one upstream that has gone. */
import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { curl } from './clients.ts';
import { expect, test } from './fixtures.ts';
import { startHost } from './hosts.ts';
import { makeUpstream } from './repositories.ts';
import { shoot } from './pictures.ts';

const MiB = 2 ** 20;
const sizesMiB = {
  'mobile/android': 24,
  'platform/monorepo': 160,
  'research/models': 64,
  'web/storefront': 6,
};
type Name = keyof typeof sizesMiB;

test('repositories', async ({ host, folder }) => {
  const names = Object.keys(sizesMiB) as readonly Name[];
  const upstreams = new Map<Name, Awaited<ReturnType<typeof makeUpstream>>>();
  for (const name of names) {
    const upstream = await makeUpstream(folder, `https://git.example.com/${name}`);
    await upstream.commit('assets.bin', randomBytes((sizesMiB[name] / 2) * MiB));
    upstreams.set(name, upstream);
  }
  const all = `https://git.example.com/*=${pathToFileURL(join(folder, 'upstream')).href}/*`;
  const flags = ['--port', '0', '--data-dir', join(folder, 'data'), '--no-demo', '--memory-budget', '192MiB'];
  const schedules = ['--fetch-interval', '0', '--snapshot-interval', '0'];
  const sluice = await startHost(host, [...flags, ...schedules, '--repository', all]);
  const { page } = sluice;
  await sluice.resize(1280, 800);

  for (const name of names) {
    await curl(folder, `${sluice.url}/git/git.example.com/${name}/snapshot.tar.zst`);
    await curl(folder, `${sluice.url}/git/git.example.com/${name}/snapshot.tar.zst`, '-r', '0-9000000');
  }
  await upstreams.get('mobile/android')?.commit('more.txt', 'more');
  await upstreams.get('mobile/android')?.commit('most.txt', 'most');
  await upstreams.get('platform/monorepo')?.commit('more.bin', randomBytes(2 * MiB));
  const gone = upstreams.get('research/models')?.folder ?? '';
  await rename(gone, `${gone}-gone`);
  await page.getByRole('link', { name: 'Repositories' }).click();
  for (const name of ['mobile/android', 'research/models', 'platform/monorepo'] as const) {
    await open(page, name);
    await page.getByTestId('details').getByRole('button', { name: 'Fetch', exact: true }).click();
    await expect(page.getByTestId('details').getByTestId('job').first()).toHaveAttribute(
      'data-kind',
      'fetch',
    );
    await expect(page.getByTestId('details').getByTestId('job').first()).toHaveAttribute(
      'data-state',
      /done|failed/,
    );
  }
  await page.getByTestId('details').getByRole('button', { name: 'Generate snapshot' }).click();
  await open(page, 'mobile/android');
  // What was announced meanwhile would lie over the drawer.
  for (const close of await page
    .getByTestId('toasts')
    .getByRole('button', { name: /^Close/ })
    .all())
    await close.click();
  await shoot(page, 'repositories');
  await sluice.close();
});

async function open(page: Page, name: Name): Promise<void> {
  await page.getByTestId('repository').filter({ hasText: name }).click();
  await expect(page.getByTestId('details').getByRole('heading', { name })).toBeVisible();
}
