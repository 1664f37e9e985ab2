import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import type { HostOptions } from './e2e/fixtures.ts';
import { reportsDirectory as reports } from './scripts/test-report.ts';

/** The same specs on two hosts. What only one host has lies in a file that is named after it. */
export default defineConfig<HostOptions>({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  snapshotPathTemplate: '{testDir}/visual/{arg}{ext}',
  // A test is a flow of several steps, and the machine may be busy: only what hangs takes as long.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  // Two cores: a third worker takes no less time.
  workers: 2,
  forbidOnly: true,
  reporter: reports ? [['list'], ['json', { outputFile: join(reports, 'e2e.json') }]] : [['list']],
  projects: [
    { name: 'desktop', testIgnore: '**/*.browser.spec.ts', use: { host: 'desktop' } },
    { name: 'browser', testIgnore: '**/*.desktop.spec.ts', use: { host: 'browser' } },
  ],
});
