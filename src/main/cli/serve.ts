/** `serve`: the server without a window, until a signal ends it. */
import type { Command } from 'commander';
import { pino } from 'pino';
import type { SluiceApp } from '#main/app.ts';
import { loadConfig, type FlagValues } from '#main/config/load.ts';
import { consoleFolder, packageFolder } from '#main/config/package.ts';
import { publishDemo } from '#main/snapshots/demo.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';
import { settings, type Config } from '#shared/config.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { announcer, type Announce } from './announce.ts';
import { listenForInterrupt } from './interrupt.ts';
import { addSettings, flagValuesOf } from './serve-flags.ts';

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
  const { config } = loadConfig({ flags, env: process.env });
  const announce = announcer(format, process.stdout);
  await using app = await start(config, format);
  announce({ event: 'listening', url: app.url, console: app.consoleUrl }, config);
  const demo = config.demo ? showDemo(app, config, announce, interrupt.signal) : undefined;
  await aborted(interrupt.signal);
  announce({ event: 'stopping' }, config);
  await Promise.all([app.drain(drainMilliseconds), demo]);
}

async function start(config: Config, format: 'json' | 'text'): Promise<SluiceApp> {
  // Only this command needs the server; the others start faster without it.
  const { startSluice } = await import('#main/app.ts');
  // People at a terminal want to hear of trouble; programs that read our output want the rest too.
  const log = pino({ name: 'sluice', level: format === 'json' ? 'info' : 'warn' }, pino.destination(2));
  try {
    return await startSluice({ config, host: 'headless', consoleDir: consoleFolder(), log });
  } catch (error) {
    throw startFailure(error, config) ?? error;
  }
}

/** What went wrong with the port, the address or the data folder, by the option that mends it. */
function startFailure(error: unknown, { host, port, dataDir }: Config): SluiceError | undefined {
  const cause = (isSluiceError(error) ? error.cause : error) as NodeJS.ErrnoException | undefined;
  if (cause?.path !== undefined && cause.path.startsWith(dataDir)) {
    const reason = `--data-dir ${quoted(dataDir)} cannot be used (${systemReason(cause)})`;
    return new SluiceError('INVALID_INPUT', `${reason}: allowed is ${settings.dataDir.allowed}`, { cause });
  }
  // A port that cannot be had is no bad input: the same command may work a moment later.
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${host} is in use: choose another with --port, or 0 for a free one`,
    EACCES: `port ${port} on ${host} is not allowed to this user: choose one above 1023 with --port`,
    EADDRNOTAVAIL: `${host} is no address of this machine: choose another with --host`,
    ENOTFOUND: `${host} is no address of this machine: choose another with --host`,
  };
  const isListening = cause?.syscall === 'listen' || cause?.syscall === 'getaddrinfo';
  const reason = isListening ? reasons[cause.code ?? ''] : undefined;
  return reason === undefined ? undefined : new SluiceError('BUSY', reason, { cause });
}

async function showDemo(
  app: SluiceApp,
  config: Config,
  announce: Announce,
  signal: AbortSignal,
): Promise<void> {
  const options = { serverUrl: app.url, checkout: packageFolder(), dataDir: config.dataDir };
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
