/**
 * Sluice from its sources, with an engine that is told what it would otherwise find out: for comparing what it finds
 * with every fixed choice. Run as a program with its settings as JSON it prints `{"url":…}`.
 */
import { pino } from 'pino';
import { startSluice } from '#main/app.ts';
import { parseServeFlags } from '#main/cli/serve-flags.ts';
import { consoleFolder } from '#main/config/package.ts';
import { openSettings } from '#main/config/settings-source.ts';
import type { FetchTuning } from '#main/fetch/tuning.ts';

export interface TunedSettings {
  /** As for `serve`. */
  readonly flags: readonly string[];
  readonly tuning: FetchTuning;
}

async function serve({ flags, tuning }: TunedSettings): Promise<void> {
  const settings = openSettings({
    flags: parseServeFlags(['--port', '0', '--no-demo', ...flags]),
    env: process.env,
  });
  const log = pino({ name: 'sluice', level: 'warn' }, pino.destination(2));
  const app = await startSluice({ settings, host: 'headless', consoleDir: consoleFolder(), log, tuning });
  process.once('SIGTERM', () => void app.drain(0).then(() => process.exit()));
  console.log(JSON.stringify({ url: app.url }));
}

if (import.meta.main) await serve(JSON.parse(process.argv[2] ?? '{}') as TunedSettings);
