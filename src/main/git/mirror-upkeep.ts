/**
 * What keeps a mirror small and whole: leftovers of a killed git go away, packs are put together, and objects that no
 * ref reaches any more are dropped at last.
 */
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { isSluiceError } from '#shared/errors.ts';
import { filesBelow } from './folder.ts';
import type { Git, GitWatch } from './git.ts';

/** Each fetch brings a pack, and every one more makes looking up an object slower. */
const packsLimit = 20;
const cleaningDays = 7;
const repackMilliseconds = 30 * 60 * 1000;
const cleaningMilliseconds = 2 * 60 * 60 * 1000;
/** Its time is when the mirror was cleaned last. */
const cleanedFile = 'sluice-cleaned';

/**
 * Removes what a killed git leaves behind: locks, which would make every later command fail; packs that were being
 * written, which may be as large as the repository; and marks that keep a pack from ever being put together with
 * others. Nothing else may be at work in the mirror.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  for await (const path of filesBelow(folder)) {
    // Outside `objects` these are fine names for branches; `.lock` never is.
    const isObject = relative(folder, path).startsWith('objects');
    const isLeft = path.endsWith('.lock') || (isObject && /^tmp_|\.keep$/.test(basename(path)));
    if (isLeft) await rm(path, { force: true });
  }
  await rm(join(folder, 'gc.pid'), { force: true });
}

/** Marks the mirror as clean, which a fresh one is. */
export async function markClean(folder: string): Promise<void> {
  await writeFile(join(folder, cleanedFile), '');
}

/**
 * Puts packs together when there are many: geometrically, so that large ones are left alone and the work is a small
 * multiple of what was fetched. Nothing is dropped.
 * @throws SluiceError ABORTED
 */
export async function joinPacks(
  git: Git,
  folder: string,
  signal: AbortSignal,
  watch: GitWatch,
): Promise<void> {
  if ((await countPacks(folder)) <= packsLimit) return;
  watch.onProgress?.({ phase: 'packing' });
  const args = ['--git-dir=.', 'repack', '--quiet', '-d', '--geometric=2'];
  await tryTo(
    () => git.run(folder, args, signal, { ...watch, timeoutMilliseconds: repackMilliseconds }),
    watch,
  );
}

/**
 * Packs everything anew when a week has passed. What has not been reachable for two weeks goes; until then a client
 * whose commit was removed by a force push still gets a bundle from it.
 * @throws SluiceError ABORTED
 */
export async function cleanWhenDue(
  git: Git,
  folder: string,
  signal: AbortSignal,
  watch: GitWatch,
): Promise<void> {
  if (!(await isDue(folder))) return;
  // Before, not after: what fails or takes too long is not tried again and again.
  await markClean(folder);
  watch.onProgress?.({ phase: 'cleaning' });
  const args = ['--git-dir=.', '-c', 'gc.cruftPacks=true', 'gc', '--quiet', '--prune=2.weeks.ago'];
  await tryTo(
    () => git.run(folder, args, signal, { ...watch, timeoutMilliseconds: cleaningMilliseconds }),
    watch,
  );
}

/** A failure, or the end of the time for it, is told to `watch` and leaves the mirror as it was. */
async function tryTo(work: () => Promise<unknown>, watch: GitWatch): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isSluiceError(error, 'PROCESS_FAILED')) throw error;
    watch.onLine?.(`The mirror was not put in order: ${error.message}`);
  }
}

async function isDue(folder: string): Promise<boolean> {
  const { mtimeMs } = await stat(join(folder, cleanedFile)).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs > cleaningDays * 24 * 60 * 60 * 1000;
}

async function countPacks(folder: string): Promise<number> {
  const names = await readdir(join(folder, 'objects', 'pack'));
  return names.filter((name) => name.endsWith('.pack')).length;
}
