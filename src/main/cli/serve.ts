/** `serve`: the server without a window, until a signal ends it. */
import type { Command } from 'commander';
import { pino } from 'pino';
import type { SluiceApp } from '#main/app.ts';
import type { FlagValues } from '#main/config/load.ts';
import { openSettings, type SettingsSource } from '#main/config/settings-source.ts';
import { consoleFolder, packageFolder } from '#main/config/package.ts';
import { publishDemo } from '#main/snapshots/demo.ts';
import type { Config } from '#shared/config.ts';
import { announcer, signInLinks, type Announce } from './announce.ts';
import { listenForInterrupt } from './interrupt.ts';
import { addSettings, flagValuesOf } from './serve-flags.ts';
import { boundHeap } from './heap.ts';

const drainMilliseconds = 10_000;

const help = `
A setting is taken from its flag, else from its environment variable, else from the configuration file, else from
its default. S3 credentials come from the AWS SDK's own chain. SIGTERM and SIGINT let transfers end for 10 s; a
second one ends at once.

Examples:
  sluice serve
  sluice serve --store file:///srv/sluice --memory-budget 512MiB
  sluice serve --store s3://bucket/prefix --s3-endpoint http://127.0.0.1:9000 --s3-path-style`;

/** Adds the command to `program`. */
export function addServeCommand(program: Command): void {
  const command = program.command('serve').description('run the server and its console');
  addSettings(command)
    .option('--json', 'one JSON object a line on standard output; logs go to standard error')
    .addHelpText('after', help)
    .action(({ json }: { readonly json?: true }) => serve(flagValuesOf(command), json ? 'json' : 'text'));
}

async function serve(flags: FlagValues, format: 'json' | 'text'): Promise<void> {
  using interrupt = listenForInterrupt();
  using _heap = boundHeap();
  const settings = openSettings({ flags, env: process.env });
  const { config } = settings.loaded;
  const announce = announcer(format, process.stdout);
  await using app = await start(settings, format);
  announce({ event: 'listening', url: app.url, console: app.consoleUrl, ...signInLinks(app) }, config);
  const demo = config.demo ? showDemo(app, config, announce, interrupt.signal) : undefined;
  await aborted(interrupt.signal);
  announce({ event: 'stopping' }, config);
  await Promise.all([app.drain(drainMilliseconds), demo]);
}

async function start(settings: SettingsSource, format: 'json' | 'text'): Promise<SluiceApp> {
  // Only this command needs the server; the others start faster without it.
  const { startSluice } = await import('#main/app.ts');
  // People at a terminal want to hear of trouble; programs that read our output want the rest too.
  const log = pino({ name: 'sluice', level: format === 'json' ? 'info' : 'warn' }, pino.destination(2));
  return startSluice({ settings, host: 'headless', consoleDir: consoleFolder(), log });
}

async function showDemo(
  app: SluiceApp,
  config: Config,
  announce: Announce,
  signal: AbortSignal,
): Promise<void> {
  const { store, dataDir } = config;
  const options = { serverUrl: app.url, token: app.ownToken, store, checkout: packageFolder(), dataDir };
  const demo = await publishDemo(options, signal);
  if (signal.aborted) return;
  if (demo.kind !== 'unavailable') app.tryIt = demo.curl;
  const { kind: state, ...rest } = demo;
  announce({ event: 'demo', state, ...rest }, config);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
