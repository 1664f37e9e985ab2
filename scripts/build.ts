/**
 * Builds what is not built. "Built" is decided by content, not by time: a hash of every source is left beside the
 * output, so a checkout, a copy or a touch never builds in vain and a change never goes unnoticed. A lock keeps two
 * scripts from building at once. Everything it prints goes to standard error.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, run, say, stop } from './process.ts';

const stampFile = join(root, 'out/.built');
const lockFile = join(root, '.cache/build.lock');
const inputs = ['electron.vite.config.ts', 'package.json', 'package-lock.json'];

/** Builds when a source differs from what was built last. Ends the script when the build fails. */
export async function ensureBuilt(): Promise<void> {
  if (await isBuilt()) return;
  await withLock(async () => {
    if (!(await isBuilt())) await build();
  });
}

/** `npm run build`: builds in any case. */
export async function main(): Promise<void> {
  await withLock(build);
}

async function build(): Promise<void> {
  say('Building Sluice …');
  const stamp = await hashOfSources();
  await rm(stampFile, { force: true });
  const electronVite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  const code = await run(process.execPath, [electronVite, 'build', '--logLevel', 'warn'], {
    output: 'stderr',
  });
  if (code !== 0) stop(`the build failed (exit code ${code}); what it printed is above`);
  await writeFile(stampFile, stamp);
}

async function isBuilt(): Promise<boolean> {
  const stamp = await readFile(stampFile, 'utf8').catch(() => undefined);
  return stamp !== undefined && stamp === (await hashOfSources());
}

async function hashOfSources(): Promise<string> {
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true });
  const sources = entries.filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name));
  const files = [
    ...sources.map((entry) => join(entry.parentPath, entry.name)),
    ...inputs.map((name) => join(root, name)),
  ];
  const hash = createHash('sha256');
  for (const file of files.toSorted())
    hash
      .update(`${file}\0`)
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex');
}

/** The lock holds its owner's process id, so that one left by a crash is recognised and removed. */
async function withLock(work: () => Promise<void>): Promise<void> {
  await mkdir(join(root, '.cache'), { recursive: true });
  while (!(await takeLock())) await sleep(200);
  try {
    await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function takeLock(): Promise<boolean> {
  try {
    await writeFile(lockFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = Number(await readFile(lockFile, 'utf8').catch(() => '0'));
    if (owner > 0 && !isAlive(owner)) await rm(lockFile, { force: true });
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
