/**
 * The two hosts of the console, started as users start them and driven alike. Only this file knows how they differ.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, expect, type Page } from '@playwright/test';
import { testSwitches } from '../scripts/electron.ts';
import { root } from '../scripts/process.ts';
import { openTab } from './browser.ts';

export type HostName = 'desktop' | 'browser';

/** A running Sluice with its console in view. */
export interface Host {
  /** Where the server listens: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly page: Page;
  /** The process that serves. */
  readonly process: ChildProcess;
  /** Gives the page this size, in pixels. */
  resize(width: number, height: number): Promise<void>;
  /** On the desktop: whoever asks for a folder from now on gets this one. Elsewhere nobody is asked. */
  answerFolderDialog?(folder: string): Promise<void>;
  /** On the desktop: the titles in a menu, by the menu's own. */
  menuTitles?(menu: string): Promise<readonly string[]>;
  /** On the desktop: chooses a command in the native menu. */
  clickMenu?(command: string): Promise<void>;
  /** On the desktop: puts the window somewhere, and makes its page larger. */
  place?(bounds: WindowBounds, zoom: number): Promise<void>;
  /** On the desktop: where the window is. */
  placed?(): Promise<{ readonly bounds: WindowBounds; readonly zoom: number }>;
  /** On the desktop: as somebody quits. */
  quit?(): Promise<void>;
  /** Ends everything, whatever state it is in. */
  close(): Promise<void>;
}

interface WindowBounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const displays = process.env['SLUICE_TEST_DISPLAYS']?.split(' ') ?? [];
const display = displays[Number(process.env['TEST_PARALLEL_INDEX'])];
if (display !== undefined) process.env['DISPLAY'] = display;

export const commandLine = join(root, 'out/main/cli.js');

/** Starts Sluice with `flags` of `serve` and opens its console. The first steps are shown where a test is about them. */
export async function startHost(
  name: HostName,
  flags: readonly string[],
  firstSteps: 'skipped' | 'shown' = 'skipped',
): Promise<Host> {
  const host = await (name === 'desktop' ? startDesktop(flags) : startBrowser(flags));
  await host.page.evaluate(
    (value) => localStorage.setItem('sluice.first-run', value),
    {
      skipped: 'done',
      shown: '',
    }[firstSteps],
  );
  return host;
}

async function startDesktop(flags: readonly string[]): Promise<Host> {
  const executablePath = process.env['SLUICE_TEST_ELECTRON'] ?? '';
  const electron = await _electron.launch({ executablePath, args: [...testSwitches(), root, ...flags] });
  const page = await electron.firstWindow();
  const connection = page.getByTestId('connection');
  await expect(connection).toHaveAttribute('data-state', 'live');
  // The display's pointer is in its middle, over the charts, which show the instant below it: they see it leave.
  await page.mouse.move(640, 300);
  await page.mouse.move(1, 1);
  const [address] = /127\.0\.0\.1:\d+/.exec(await connection.innerText()) ?? [];
  const process_ = electron.process();
  return {
    url: `http://${address}`,
    page,
    process: process_,
    resize: (width, height) =>
      electron.evaluate(
        ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size),
        [width, height] as const,
      ),
    answerFolderDialog: (folder) =>
      electron.evaluate(({ dialog }, path) => {
        dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
      }, folder),
    menuTitles: (menu) =>
      electron.evaluate(({ Menu }, wanted) => {
        const items = Menu.getApplicationMenu()?.items ?? [];
        const found = items.find(({ label }) => label.replace('&', '') === wanted);
        return found?.submenu?.items.map(({ label }) => label) ?? [];
      }, menu),
    clickMenu: (command) =>
      electron.evaluate(({ Menu }, id) => Menu.getApplicationMenu()?.getMenuItemById(id)?.click(), command),
    place: (bounds, zoom) =>
      electron.evaluate(
        ({ BrowserWindow }, wanted) => {
          const [window] = BrowserWindow.getAllWindows();
          window?.setBounds(wanted.bounds);
          window?.webContents.setZoomFactor(wanted.zoom);
        },
        { bounds, zoom },
      ),
    placed: () =>
      electron.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        if (!window) throw new Error('there is no window');
        return { bounds: window.getBounds(), zoom: window.webContents.getZoomFactor() };
      }),
    quit: async () => {
      const exited = once(process_, 'exit');
      await electron.evaluate(({ app }) => app.quit()).catch(() => undefined);
      await exited;
    },
    close: async () => {
      if (!hasEnded(process_)) await electron.close();
    },
  };
}

async function startBrowser(flags: readonly string[]): Promise<Host> {
  const server = await startServer(flags);
  const page = await openTab();
  await page.goto(server.console);
  await expect(page.getByTestId('connection')).toHaveAttribute('data-state', 'live');
  return {
    url: server.url,
    page,
    process: server.process,
    resize: (width, height) => page.setViewportSize({ width, height }),
    close: async () => {
      await page.close();
      await endServer(server.process);
    },
  };
}

export interface HeadlessServer {
  readonly url: string;
  readonly console: string;
  readonly process: ChildProcess;
  /** Links that sign in, at the first start that requires tokens. */
  readonly tokens?: Readonly<Record<'operator' | 'viewer', string>>;
}

/** Starts `sluice serve`. Resolves when it says that it listens. */
export async function startServer(flags: readonly string[]): Promise<HeadlessServer> {
  const arguments_ = [commandLine, 'serve', '--json', ...flags];
  const server = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(server.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), once(server, 'exit')])) as [unknown];
  if (typeof line !== 'string') throw new Error(`sluice serve ended (exit code ${String(line)})`);
  const event = JSON.parse(line) as Omit<HeadlessServer, 'process'>;
  return { ...event, process: server };
}

/** Ends a server that may have ended already. */
export async function endServer(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
