import { defineConfig } from '@playwright/test';
import config from '../playwright.config.ts';

/** `npm run screenshots`: each view at work, into docs/images/. In the browser: the window shows the same. */
export default defineConfig({
  ...config,
  testDir: '.',
  testMatch: '**/*.screenshots.ts',
  globalSetup: './global-setup.ts',
  outputDir: '../test-results',
  timeout: 300_000,
  workers: 1,
  projects: [{ name: 'browser' }],
});
