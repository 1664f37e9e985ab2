/** The desktop's entry: Electron runs this file. */
import { join } from 'node:path';
import { parseServeFlags } from '#main/cli/serve-flags.ts';
import { runDesktop } from '#main/desktop/life.ts';

runDesktop({
  parseFlags: parseServeFlags,
  consoleDir: join(import.meta.dirname, '../renderer'),
  preloadFile: join(import.meta.dirname, '../preload/index.cjs'),
});
