/**
 * The desktop's life: settings, one instance for each data folder, the server, the window; and at the end a drain,
 * so that a transfer in progress is not cut off because somebody closed the window.
 *
 * Electron does not become ready before this module's importers have been evaluated, so nothing may wait for
 * readiness at their top level.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { pino } from 'pino';
import { startSluice, type SluiceApp } from '#main/app.ts';
import type { FlagValues } from '#main/config/load.ts';
import { openSettings, type SettingsSource } from '#main/config/settings-source.ts';
import { packageFolder } from '#main/config/package.ts';
import { publishDemo } from '#main/snapshots/demo.ts';
import type { Config } from '#shared/config.ts';
import { isSluiceError, messageOf } from '#shared/errors.ts';
import { ShownFile } from '#main/console/opened-file.ts';
import { flagsOf } from './arguments.ts';
import { fileIn } from './files.ts';
import { installGuards } from './guards.ts';
import { hashOfLink, linkIn } from './links.ts';
import { installMenu } from './menu.ts';
import { hostConsolePorts } from './port-host.ts';
import { registerConsoleScheme, serveConsole } from './protocol.ts';
import { systemSecrets } from './secret-box.ts';
import { isInTray, keepInTray } from './tray.ts';
import { currentWindow, openConsole, showWindow, tell } from './window.ts';

/** How long transfers may take to end after somebody quits. */
const drainMilliseconds = 10_000;

export interface DesktopOptions {
  /** The flags of `serve`. @throws SluiceError INVALID_INPUT */
  readonly parseFlags: (argv: readonly string[]) => FlagValues;
  /** Where the build put the parts that the window needs. */
  readonly consoleDir: string;
  readonly preloadFile: string;
}

/** Runs the desktop until it quits: exit code 0; 2 for settings that are not accepted, 1 for any other failure. */
export function runDesktop(options: DesktopOptions): void {
  try {
    const settings = readSettings(options);
    if (!claimDataDir(settings.loaded.config.dataDir)) return;
    registerConsoleScheme();
    installGuards();
    open(settings, options).catch(fail);
  } catch (error) {
    fail(error);
  }
}

function readSettings({ parseFlags }: DesktopOptions): SettingsSource {
  const { rest } = fileIn(linkIn(process.argv).rest, process.cwd());
  const flags = parseFlags(flagsOf(rest, app.isPackaged ? 'packaged' : 'unpackaged'));
  return openSettings({ flags, env: process.env });
}

/** Electron's single-instance lock lies in its user data: one desktop for each data folder. */
function claimDataDir(dataDir: string): boolean {
  const userData = join(dataDir, 'desktop');
  mkdirSync(userData, { recursive: true });
  app.setPath('userData', userData);
  if (app.requestSingleInstanceLock()) {
    app.on('second-instance', (_event, commandLine, directory) => {
      const { link, rest } = linkIn(commandLine);
      follow(link);
      void show(fileIn(rest, directory).file);
    });
    return true;
  }
  process.stderr.write(`sluice: already open for ${dataDir}; its window comes to the front\n`);
  app.exit(0);
  return false;
}

/** Brings the window to the front, at the place of a link if there is one. */
function follow(link: string | undefined): void {
  showWindow();
  const hash = hashOfLink(link ?? '');
  if (hash !== undefined) tell(currentWindow(), { kind: 'go', hash });
}

/** What the window shows, beside its server. */
const shown = new ShownFile('operator');

/** Has the page open a file; what cannot be read is said where the program was started. */
async function show(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  try {
    const { name, bytes } = await shown.show(path);
    tell(currentWindow(), { kind: 'open', name, bytes });
  } catch (error) {
    process.stderr.write(`sluice: ${path} cannot be opened: ${messageOf(error)}\n`);
  }
}

/** Links reach the program in its command line, or on macOS as an event, which may come before the window is there. */
function hearLinks(): { readonly first: () => string } {
  let waiting = linkIn(process.argv).link;
  app.on('open-url', (event, link) => {
    event.preventDefault();
    waiting = link;
    follow(link);
  });
  // A checkout under development must not become what the system opens links with.
  if (app.isPackaged) app.setAsDefaultProtocolClient('sluice');
  return { first: () => hashOfLink(waiting ?? '') ?? '' };
}

async function open(settings: SettingsSource, { consoleDir, preloadFile }: DesktopOptions): Promise<void> {
  const log = pino({ name: 'sluice', level: 'warn' }, pino.destination(2));
  const links = hearLinks();
  await app.whenReady();
  installMenu();
  await serveConsole(consoleDir);
  const { config } = settings.loaded;
  // The page asks for it when it has said hello.
  await show(fileIn(linkIn(process.argv).rest, process.cwd()).file);
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void show(path);
  });
  const starting = startSluice({
    settings,
    host: 'desktop',
    consoleDir,
    log,
    secrets: systemSecrets(),
    opened: shown,
  });
  const quitting = drainOnQuit(starting);
  const sluice = await starting;
  process.stdout.write(`Sluice serves at ${sluice.url}\n`);
  tellTokens(sluice);
  hostConsolePorts(sluice);
  await openConsole(links.first(), preloadFile);
  if (config.tray) await keepInTray();
  if (config.demo) await showDemo(sluice, config, quitting);
}

/** A browser on another machine wants a token, which is to be had here and now only. */
function tellTokens({ consoleUrl, firstTokens }: SluiceApp): void {
  for (const [role, token] of Object.entries(firstTokens ?? {}))
    process.stdout.write(`  ${role.padEnd(8)} ${consoleUrl}#t=${token}\n`);
}

async function showDemo(sluice: SluiceApp, { store, dataDir }: Config, signal: AbortSignal): Promise<void> {
  const options = {
    serverUrl: sluice.url,
    token: sluice.ownToken,
    store,
    checkout: packageFolder(),
    dataDir,
  };
  const demo = await publishDemo(options, signal);
  if (signal.aborted) return;
  if (demo.kind === 'unavailable') process.stderr.write(`sluice: ${demo.reason}\n`);
  else sluice.tryIt = demo.curl;
}

/** Aborts the signal that it returns when somebody quits, and then ends the process once everything is released. */
function drainOnQuit(starting: Promise<SluiceApp>): AbortSignal {
  const quitting = new AbortController();
  app.on('window-all-closed', () => {
    if (!isInTray()) app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (quitting.signal.aborted) return;
    quitting.abort();
    drain(starting).then(() => app.exit(0), fail);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
  return quitting.signal;
}

async function drain(starting: Promise<SluiceApp>): Promise<void> {
  await using sluice = await starting;
  await sluice.drain(drainMilliseconds);
}

/** A packaged application has no terminal that somebody reads. */
function fail(error: unknown): void {
  process.stderr.write(`sluice: ${messageOf(error)}\n`);
  if (app.isPackaged) dialog.showErrorBox('Sluice cannot start', messageOf(error));
  app.exit(isSluiceError(error, 'INVALID_INPUT') ? 2 : 1);
}
