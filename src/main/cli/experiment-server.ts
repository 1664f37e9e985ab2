/**
 * The Sluice of an experiment, in a process of its own: a server as `sluice serve` starts it, that tells its parent
 * what it takes and ends with it.
 */
import { pino } from 'pino';
import { startSluice } from '#main/app.ts';
import { consoleFolder } from '#main/config/package.ts';
import { openSettings } from '#main/config/settings-source.ts';
import { endWithParent, reportFigures, tell } from '#main/experiment/messages.ts';
import type { ServerTask } from '#main/experiment/server-task.ts';
import { boundHeap } from './heap.ts';

endWithParent();
boundHeap();
const { origin, budgetBytes, chunkBytes, window, dataDir } = JSON.parse(process.argv[2] ?? '') as ServerTask;
const settings = openSettings({
  flags: {
    host: '127.0.0.1',
    port: '0',
    store: origin,
    memoryBudgetBytes: String(budgetBytes),
    chunkBytes: String(chunkBytes),
    window: String(window),
    diskCacheBytes: '0',
    dataDir,
    demo: false,
  },
  env: {},
});
const log = pino({ level: 'warn' }, pino.destination(2));
const app = await startSluice({ settings, host: 'headless', consoleDir: consoleFolder(), log });
const { ledger } = app.engine.budget;
// Slabs are never freed: what is allocated now is the most that was.
reportFigures(() => ({ bodyBytes: ledger.totalBytes, peakBodyBytes: ledger.totalBytes }));
tell({ kind: 'ready', url: `${app.url}/api/v1/object` });
