/** The checks of `doctor`, in the order in which they are shown. */
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { effectiveMemoryBytes } from '#main/config/effective-memory.ts';
import { consoleFolder, packageFolder } from '#main/config/package.ts';
import { systemReason } from '#main/config/quoted.ts';
import { plainEnvironment } from '#main/git/git.ts';
import { runProgram } from '#main/git/process.ts';
import { zstdProvider } from '#main/git/zstd.ts';
import { headersToStore } from '#main/http/stored-headers.ts';
import { version } from '#main/version.ts';
import { isHttpOrigin, type Config } from '#shared/config.ts';
import { messageOf } from '#shared/errors.ts';
import { formatBytes, formatExactBytes, MiB } from '#shared/units.ts';

export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly found: string;
  readonly remedy?: string;
}

export type Check = (config: Config, signal: AbortSignal) => Promise<Finding>;

/** What the process needs beside the budget: code, V8's heap, buffers of sockets. */
const overheadBytes = 256 * MiB;
const storeMilliseconds = 15_000;

const checkSluice: Check = async () => ({ level: 'ok', subject: 'sluice', found: version });

const checkNode: Check = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > 20 || (major === 20 && minor >= 18);
  const found = `${process.versions.node} (V8 ${process.versions.v8})`;
  if (isEnough) return { level: 'ok', subject: 'node', found };
  return { level: 'fail', subject: 'node', found, remedy: 'install Node 20.18 or newer' };
};

const checkElectron: Check = async () => {
  const subject = 'electron';
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (folder) return { level: 'ok', subject, found: `in ${folder} (ELECTRON_OVERRIDE_DIST_PATH)` };
  const remedy = 'for the desktop window, run: npx install-electron';
  try {
    const path = createRequire(join(packageFolder(), 'package.json')).resolve('electron/package.json');
    const { version } = JSON.parse(await readFile(path, 'utf8')) as { readonly version: string };
    const binary = await readFile(join(dirname(path), 'path.txt'), 'utf8').catch(() => undefined);
    if (binary !== undefined) return { level: 'ok', subject, found: version };
    return {
      level: 'warn',
      subject,
      found: `${version}, but its binary is not downloaded: headless only`,
      remedy,
    };
  } catch {
    return { level: 'warn', subject, found: 'not installed: headless only' };
  }
};

/** A check that `command` runs. */
function checkProgram(command: string, purpose: string): Check {
  return async (_, signal) => {
    try {
      const output = await runProgram(
        command,
        ['--version'],
        { env: plainEnvironment(), timeoutMilliseconds: 10_000 },
        signal,
      );
      return {
        level: 'ok',
        subject: command,
        found: (output.split('\n')[0] ?? '').replace(/^\W+|\W+$/g, ''),
      };
    } catch (error) {
      const remedy = `${purpose}; install it: apt-get install ${command}`;
      return { level: 'fail', subject: command, found: messageOf(error), remedy };
    }
  };
}

const checkZstd: Check = async (config, signal) => {
  if (zstdProvider() === 'node:zlib') return { level: 'ok', subject: 'zstd', found: 'from node:zlib' };
  const purpose = 'this Node has no zstd of its own, so snapshots need the command';
  const finding = await checkProgram('zstd', purpose)(config, signal);
  return finding.level === 'ok' ? { ...finding, found: `command: ${finding.found}` } : finding;
};

const checkConsole: Check = async () => {
  const isBuilt = await exists(join(consoleFolder(), 'index.html'));
  if (isBuilt) return { level: 'ok', subject: 'console', found: 'built' };
  return { level: 'warn', subject: 'console', found: 'not built', remedy: 'run: npm run build' };
};

const checkData: Check = async ({ dataDir, diskCacheBytes }) => {
  const subject = 'data';
  let free: number;
  try {
    const { bavail, bsize } = await statfs(await writableFolder(dataDir));
    free = bavail * bsize;
  } catch (error) {
    const found = `${dataDir} cannot be written (${systemReason(error)})`;
    return { level: 'fail', subject, found, remedy: 'choose another folder with --data-dir' };
  }
  const found = `${dataDir} can be written, ${formatBytes(free)} free`;
  if (free >= diskCacheBytes) return { level: 'ok', subject, found };
  const remedy = `the disk cache may grow to ${formatBytes(diskCacheBytes)}: lower it with --disk-cache`;
  return { level: 'warn', subject, found, remedy };
};

const checkStore: Check = async (config, signal) => {
  const subject = 'store';
  const patience = AbortSignal.any([signal, AbortSignal.timeout(storeMilliseconds)]);
  try {
    return { level: 'ok', subject, found: await tryStore(config, patience) };
  } catch (error) {
    const late = `${config.store} did not answer within ${storeMilliseconds / 1000} s`;
    const found = patience.aborted ? late : messageOf(error);
    const remedy = isHttpOrigin(config.store)
      ? 'look at --store: it has to be a server with byte ranges and strong ETags, reached without redirects'
      : 'look at --store, --s3-endpoint, --s3-region and the AWS credentials of this environment';
    return { level: 'fail', subject, found, remedy };
  }
};

async function tryStore(config: Config, signal: AbortSignal): Promise<string> {
  const folder = config.store.startsWith('file://') ? fileURLToPath(config.store) : undefined;
  if (folder !== undefined && !(await exists(folder))) {
    // To open the store would make its folder.
    await writableFolder(folder);
    return `${config.store} is empty yet, and can be made`;
  }
  const { openStore } = await import('#main/object-store/open-store.ts');
  await using store = await openStore(config, { describing: headersToStore });
  await store.check(signal);
  return `${store.description} can be used`;
}

const checkMemory: Check = async ({ memoryBudgetBytes }) => {
  const subject = 'memory';
  const limit = effectiveMemoryBytes();
  const found = `budget ${formatBytes(memoryBudgetBytes)} of ${formatBytes(limit)}`;
  if (memoryBudgetBytes + overheadBytes <= limit) return { level: 'ok', subject, found };
  const fitting = Math.floor((limit - overheadBytes) / MiB) * MiB;
  const mend =
    fitting >= 32 * MiB ? `lower it: --memory-budget ${formatExactBytes(fitting)}` : 'give it more memory';
  const remedy = `the process needs about ${formatBytes(overheadBytes)} beside the budget; ${mend}`;
  return { level: memoryBudgetBytes > limit ? 'fail' : 'warn', subject, found, remedy };
};

/** The folder itself, or the nearest above it in which it could be made. */
async function writableFolder(folder: string): Promise<string> {
  if (!(await exists(folder)) && dirname(folder) !== folder) return writableFolder(dirname(folder));
  // The dot makes it fail for a file.
  await access(`${folder}/.`, constants.W_OK);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

export const allChecks: readonly Check[] = [
  checkSluice,
  checkNode,
  checkElectron,
  checkProgram('git', 'snapshots are made with it'),
  checkProgram('tar', 'snapshots are made with it'),
  checkZstd,
  checkConsole,
  checkData,
  checkStore,
  checkMemory,
];
