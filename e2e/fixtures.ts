/**
 * What each test gets: a Sluice of its own, with its own data folder, and the console in view. Fixtures instead of
 * hooks, so that a test's needs stand in its first line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { type Host, type HostName, startHost } from './hosts.ts';

export interface HostOptions {
  readonly host: HostName;
  /** Flags that replace those of `serverFlags`. */
  readonly flags: readonly string[];
  /** Whether a console without anything to show has its first steps in view. */
  readonly firstSteps: 'skipped' | 'shown';
}

export interface Fixtures extends HostOptions {
  /** A folder of the test's own, removed afterwards. */
  readonly folder: string;
  readonly sluice: Host;
  readonly page: Page;
}

/** Small, so that a window and the budget fill in a moment. */
export const limits = { budgetBytes: 64 * 2 ** 20, chunkBytes: 2 ** 20, window: 8 };

/** The flags that every server in these tests starts with. */
export function serverFlags(folder: string): readonly string[] {
  const sizes = [
    '--memory-budget',
    '64MiB',
    '--memory-cache',
    '8MiB',
    '--chunk-size',
    '1MiB',
    '--window',
    '8',
  ];
  return ['--port', '0', '--data-dir', join(folder, 'data'), '--disk-cache', '0', '--no-demo', ...sizes];
}

export const test = base.extend<Fixtures>({
  host: ['browser', { option: true }],
  flags: [[], { option: true }],
  firstSteps: ['skipped', { option: true }],
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  sluice: async ({ host, folder, flags, firstSteps }, use) => {
    const sluice = await startHost(host, [...serverFlags(folder), ...flags], firstSteps);
    await use(sluice);
    await sluice.close();
  },
  page: async ({ sluice }, use) => {
    await use(sluice.page);
  },
});

export { expect } from '@playwright/test';
