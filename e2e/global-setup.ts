/** Once for all specs: a current build, an Electron binary, a display. */
import type { FullConfig } from '@playwright/test';
import { ensureBuilt } from '../scripts/build.ts';
import { compileCache } from '../scripts/compile-cache.ts';
import { startDisplay } from '../scripts/display.ts';
import { findElectronForTests } from '../scripts/electron.ts';

// oxlint-disable-next-line import/no-default-export -- Playwright looks for it
export default async function globalSetup({ projects }: FullConfig): Promise<() => Promise<void>> {
  await ensureBuilt();
  Object.assign(process.env, compileCache);
  if (projects.some(({ name }) => name === 'desktop')) {
    const electron = await findElectronForTests();
    if ('missing' in electron) throw new Error(electron.missing);
    process.env['SLUICE_TEST_ELECTRON'] = electron.path;
  }
  if (process.platform !== 'linux') return async () => undefined;
  const display = await startDisplay();
  process.env['DISPLAY'] = display.name;
  return async () => display[Symbol.asyncDispose]();
}
