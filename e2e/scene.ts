/**
 * The same content every time, in every view: for whoever looks at all of them. A few objects, requests of every sort,
 * one repository, and one client that does not read.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { stalledClient } from './clients.ts';
import { expect, serverFlags } from './fixtures.ts';
import { type Host, type HostName, startHost } from './hosts.ts';
import { goToProfiles, incidentFile, openProfiles, windowFile } from './profiles.ts';
import { makeUpstream } from './repositories.ts';
import { ask, variousRequests } from './requests.ts';

const MiB = 2 ** 20;

/** One thing to look at, and how one gets there from anywhere. */
interface Stop {
  readonly name: string;
  readonly open: (page: Page) => Promise<void>;
}

/** A running Sluice with something in every view. */
export interface Scene extends AsyncDisposable {
  readonly sluice: Host;
  readonly stops: readonly Stop[];
}

/** Starts it on `host`, with its data in `folder`. */
export async function startScene(host: HostName, folder: string): Promise<Scene> {
  const upstream = await makeUpstream(folder, 'https://git.example.com/platform/monorepo');
  await upstream.commit('assets.bin', Buffer.alloc(3 * MiB, 'assets'));
  const allowed = `https://git.example.com/*=${pathToFileURL(join(folder, 'upstream')).href}/*`;
  const sluice = await startHost(host, [
    ...serverFlags(folder),
    '--disk-cache',
    '64MiB',
    '--repository',
    allowed,
    '--fetch-interval',
    '0',
    '--snapshot-interval',
    '0',
  ]);
  await sluice.resize(1280, 800);
  const installer = await upload(sluice.url, 'builds/installer.bin', 6);
  const weights = await upload(sluice.url, 'models/weights.bin', 24);
  await variousRequests(installer);
  await fetchRepository(sluice.page);
  await ask(`${sluice.url}/git/git.example.com/platform/monorepo/snapshot.tar.zst`, {
    range: 'bytes=0-1023',
  });
  const client = await stalledClient(weights.url);
  return {
    sluice,
    stops: stopsOf(installer.url),
    [Symbol.asyncDispose]: async () => {
      client.leave();
      await sluice.close();
    },
  };
}

async function upload(
  server: string,
  name: string,
  sizeMiB: number,
): Promise<{ url: string; bytes: Buffer }> {
  const url = `${server}/api/v1/object/${name}`;
  const bytes = Buffer.alloc(sizeMiB * MiB, `${name}\n`);
  await fetch(url, { method: 'POST', body: new Uint8Array(bytes) });
  return { url, bytes };
}

async function fetchRepository(page: Page): Promise<void> {
  await go(page, '#/repositories');
  await page.getByLabel('Repository', { exact: true }).fill('git.example.com/platform/monorepo');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const row = page.getByTestId('repository');
  await expect(row).toContainText('fetched');
  await page.getByTestId('details').getByRole('button', { name: 'Generate snapshot' }).click();
  await expect(row).toContainText('current');
}

async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((value) => {
    location.hash = value;
  }, hash);
}

function stopsOf(installer: string): readonly Stop[] {
  const lab = new URLSearchParams({ url: installer, range: 'bytes=0-1023, -512' });
  return [
    {
      name: 'live',
      open: async (page) => {
        await go(page, '#/live');
        const lane = page.getByTestId('lane');
        const slow = lane.and(page.locator('[data-ended=false][data-diagnosis=client-bound]'));
        await expect(slow).toHaveCount(1, { timeout: 30_000 });
        // Those that have ended stay for a moment.
        await expect(lane).toHaveCount(1, { timeout: 30_000 });
      },
    },
    {
      name: 'live-holders',
      open: async (page) => {
        await page.getByRole('button', { name: 'Who holds it' }).click();
        await expect(page.getByTestId('holder')).toBeVisible();
      },
    },
    {
      name: 'live-chunk',
      open: async (page) => {
        await page.keyboard.press('Escape');
        await expect(page.getByTestId('holder')).toHaveCount(0);
        await page
          .getByTestId('slots')
          .first()
          .click({ position: { x: 6, y: 8 } });
        await expect(page.getByTestId('chunk-drawer')).toContainText('Copy as curl');
      },
    },
    {
      name: 'requests',
      open: async (page) => {
        await go(page, '#/requests');
        await expect(page.getByTestId('request').first()).toBeVisible();
      },
    },
    {
      name: 'requests-drawer',
      open: async (page) => {
        await page.locator('[data-testid=request][data-range*=","]').click();
        await page.getByRole('tab', { name: 'Range' }).click();
        await expect(page.getByTestId('verdict')).toBeVisible();
      },
    },
    { name: 'lab-empty', open: async (page) => go(page, '#/lab') },
    {
      name: 'lab',
      open: async (page) => {
        await go(page, `#/lab?${lab.toString()}`);
        await page.getByRole('button', { name: 'Send', exact: true }).click();
        await expect(page.getByTestId('answer')).toHaveAttribute('data-status', '206');
      },
    },
    {
      name: 'lab-check',
      open: async (page) => {
        await page.getByRole('tab', { name: 'Check a server' }).click();
        await page.getByRole('button', { name: 'Check', exact: true }).click();
        await expect(page.getByTestId('check-run')).toHaveAttribute('data-state', 'done');
        await page.getByTestId('check').first().click();
      },
    },
    {
      name: 'downloads',
      open: async (page) => {
        await go(page, '#/downloads');
        await page.getByTestId('download').filter({ hasText: 'weights' }).click();
        await expect(page.getByTestId('download-raster')).toBeVisible();
      },
    },
    {
      name: 'downloads-chunk',
      open: async (page) => {
        await page.getByTestId('piece').first().click();
        await expect(page.getByTestId('piece-drawer')).toBeVisible();
      },
    },
    {
      name: 'heap-now',
      open: async (page) => {
        await go(page, '#/heap/now');
        await page.locator('[data-testid=ledger-group][data-key="127.0.0.1"]').click();
        await expect(page.getByTestId('holder-details')).toBeVisible();
      },
    },
    {
      name: 'heap-profiles-none',
      open: async (page) => goToProfiles(page),
    },
    {
      name: 'heap-profile',
      open: async (page) => {
        await openProfiles(page, [windowFile, incidentFile]);
        await expect(page.getByTestId('opened-profile')).toHaveCount(2);
        await page.getByTestId('top-row').first().click();
        await expect(page.getByTestId('sandwich')).toBeVisible();
      },
    },
    {
      name: 'heap-profile-tables',
      open: async (page) => {
        await page.getByRole('button', { name: 'Tables' }).click();
        await expect(page.getByTestId('calls')).toBeVisible();
        await page.getByRole('button', { name: 'Labels' }).click();
        await expect(page.getByTestId('labels')).toBeVisible();
      },
    },
    {
      name: 'heap-compare',
      open: async (page) => {
        await page.keyboard.press('Escape');
        await goToProfiles(page, 'compare');
        await expect(page.getByTestId('legend')).toBeVisible();
      },
    },
    {
      name: 'heap-compare-callers',
      open: async (page) => {
        await page.getByTestId('changes-row').filter({ hasText: 'main.index' }).click();
        await expect(page.getByTestId('change-sandwich')).toContainText('main.frame');
      },
    },
    {
      name: 'cache',
      open: async (page) => {
        await go(page, '#/cache');
        await page.getByTestId('cached-object').filter({ hasText: 'installer' }).click();
        await expect(page.getByTestId('residency-map')).toBeVisible();
      },
    },
    {
      name: 'incidents-recordings',
      open: async (page) => {
        await go(page, '#/incidents');
        await expect(page.getByTestId('always-on')).toBeVisible();
        await page.keyboard.press('m');
        await page.getByTestId('mark-dialog').getByLabel('Note').fill('somebody looks');
        await page.getByTestId('mark-dialog').getByRole('button', { name: 'Mark', exact: true }).click();
        await page.getByRole('button', { name: 'Save 15 minutes' }).click();
        await page.getByTestId('recording').first().click();
        await expect(page.getByTestId('details').getByTestId('event-line')).toBeVisible();
      },
    },
    {
      name: 'incidents-alerts',
      open: async (page) => {
        await go(page, '#/incidents/alerts');
        // The requests that were refused may have raised another one.
        const slow = page.getByTestId('alert').and(page.locator('[data-rule=client-bound]'));
        await expect(slow.first()).toBeVisible({ timeout: 30_000 });
        await expect(page.getByTestId('rule')).toHaveCount(7);
      },
    },
    {
      name: 'repositories',
      open: async (page) => {
        await go(page, '#/repositories');
        await page.getByTestId('repository').click();
        await expect(page.getByTestId('details')).toBeVisible();
      },
    },
    {
      name: 'playback',
      open: async (page) => {
        await go(page, '#/live?recording=rolling');
        await expect(page.getByTestId('player')).toBeVisible();
        await expect(page.getByTestId('lane').first()).toBeVisible();
      },
    },
    ...['memory', 'repositories', 'appearance', 'diagnostics'].map((section) => ({
      name: `settings-${section}`,
      open: async (page: Page) => {
        await go(page, `#/settings/${section}`);
        await expect(
          page
            .getByRole('heading', { level: 1 })
            .or(page.getByRole('heading', { level: 2 }))
            .first(),
        ).toBeVisible();
      },
    })),
  ];
}
