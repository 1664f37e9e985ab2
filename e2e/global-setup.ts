/** Once for all specs: a current build, an Electron binary, a display for each worker. */
import type { FullConfig } from '@playwright/test';
import { ensureBuilt } from '../scripts/build.ts';
import { compileCache } from '../scripts/compile-cache.ts';
import { startDisplay } from '../scripts/display.ts';
import { findElectronForTests } from '../scripts/electron.ts';

// oxlint-disable-next-line import/no-default-export -- Playwright looks for it
export default async function globalSetup({ projects, workers }: FullConfig): Promise<() => Promise<void>> {
  await ensureBuilt();
  Object.assign(process.env, compileCache);
  if (projects.some(({ name }) => name === 'desktop')) {
    const electron = await findElectronForTests();
    if ('missing' in electron) throw new Error(electron.missing);
    process.env['SLUICE_TEST_ELECTRON'] = electron.path;
  }
  if (process.platform !== 'linux') return async () => undefined;
  // Of its own: a window that closes above another hands it the pointer, and charts show what is below that.
  const displays = await Promise.all(Array.from({ length: workers }, startDisplay));
  process.env['SLUICE_TEST_DISPLAYS'] = displays.map(({ name }) => name).join(' ');
  return async () => {
    for (const display of displays) await display[Symbol.asyncDispose]();
  };
}
