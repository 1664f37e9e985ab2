/** `open`: a recording, an incident bundle or a profile in the console, from a server that has nothing else. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Command, Option } from 'commander';
import { pino } from 'pino';
import { consoleFolder } from '#main/config/package.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';
import { openSettings } from '#main/config/settings-source.ts';
import { type OpenedFile, ShownFile } from '#main/console/opened-file.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import { signInLinks } from './announce.ts';
import { listenForInterrupt } from './interrupt.ts';
import { printable } from './job-progress.ts';
import { openBrowser } from './open-browser.ts';
import { wholeOption } from './options.ts';

interface OpenFlags {
  readonly port: number;
  readonly browser: boolean;
  readonly json?: true;
}

const help = `
The file stays where it is, and is read in pieces as it is looked at. The server listens on this machine only, asks for
the token that is in the address, has no store of objects but an empty one, and leaves nothing behind. Ctrl-C ends it.

Examples:
  sluice open night.sluicerec
  sluice open incident.tar.gz --no-browser
  sluice open heap.pb.gz`;

/** Adds the command to `program`. */
export function addOpenCommand(program: Command): void {
  program
    .command('open')
    .description('show a recording, an incident bundle or a profile in the console')
    .argument('<file>', 'a .sluicerec, an incident .tar.gz, or a profile')
    .addOption(
      wholeOption('--port <PORT>', 'port to listen on (default: any that is free)', [0, 65_535]).default(0),
    )
    .addOption(new Option('--no-browser', 'say where it is, and open nothing'))
    .option('--json', 'one JSON object on standard output')
    .addHelpText('after', help)
    .action(openInConsole);
}

async function openInConsole(path: string, { port, browser, json }: OpenFlags): Promise<void> {
  using interrupt = listenForInterrupt();
  await using shown = new ShownFile('viewer');
  const file = await showFile(shown, path);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-open-'));
  try {
    // Only this command and `serve` need the server.
    const { startSluice } = await import('#main/app.ts');
    await using app = await startSluice({
      settings: openSettings({ flags: flagsFor(folder, port), env: {} }),
      host: 'headless',
      consoleDir: consoleFolder(),
      // What such a server watches in itself is nobody's business.
      log: pino({ name: 'sluice', level: 'error' }, pino.destination(2)),
      opened: shown,
    });
    // Whoever has the link looks at the file, and changes nothing.
    const url = signInLinks(app).tokens?.viewer ?? app.consoleUrl;
    const isOpened = browser && (await openBrowser(url, folder));
    process.stdout.write(
      json
        ? `${JSON.stringify({ event: 'listening', console: url, file: file.name })}\n`
        : words(file, url, isOpened),
    );
    await aborted(interrupt.signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function showFile(shown: ShownFile, path: string): Promise<OpenedFile> {
  try {
    const file = await shown.show(path);
    // Other commands need no readers of profiles to start.
    const { requireShowable } = await import('./showable.ts');
    await requireShowable(file);
    return file;
  } catch (error) {
    if (isSluiceError(error)) throw error;
    throw new SluiceError('INVALID_INPUT', `${quoted(path)} cannot be read: ${systemReason(error)}`, {
      cause: error,
    });
  }
}

/** A server with nothing in it, for whoever has the token, in a folder that is removed. */
function flagsFor(folder: string, port: number) {
  return {
    host: '127.0.0.1',
    port: String(port),
    dataDir: join(folder, 'data'),
    store: pathToFileURL(join(folder, 'objects')).href,
    requireToken: true,
    memoryBudgetBytes: '64MiB',
    diskCacheBytes: '0',
    recordMinutes: '0',
    demo: false,
  };
}

function words(file: OpenedFile, url: string, isOpened: boolean): string {
  return `${printable(file.name)}, ${formatBytes(file.bytes)}, is shown ${isOpened ? 'in your browser, and ' : ''}at
  ${url}
Ctrl-C ends it.
`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
