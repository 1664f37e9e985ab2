import { defineConfig } from '@playwright/test';
import config from '../playwright.config.ts';

/** `npm run screenshots`: the Live view under load, on both hosts, into docs/images/. */
export default defineConfig({
  ...config,
  testDir: '.',
  testMatch: '**/*.screenshots.ts',
  globalSetup: './global-setup.ts',
  outputDir: '../test-results',
  timeout: 300_000,
  workers: 1,
});
