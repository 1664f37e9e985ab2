/**
 * Where a clone is put together: a hidden folder beside the target, so that one rename puts it in place. The target is
 * not touched before. The folder's name tells which target it is for and which process works in it; what a process
 * that was killed has left behind is found by that name, and removed by the next restore of the same target.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, realpath, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { ignore } from '#main/object-store/cancel.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { quoted, systemReason } from '#main/config/quoted.ts';

const heartbeatMilliseconds = 10_000;
/** After so long without a sign of life, a process on another machine counts as gone. */
const silenceMilliseconds = 15 * 60_000;

/** Disposing before `place` removes everything, also the folders above the target that were made for it. */
export interface Staging extends AsyncDisposable {
  /** For what is not part of the clone. */
  readonly folder: string;
  readonly tree: string;
  /** Makes `tree` an empty folder. */
  clear(): Promise<void>;
  /** Puts `tree` where the target is. @throws SluiceError INVALID_INPUT when something is there meanwhile */
  place(): Promise<void>;
}

/**
 * Prepares to put a folder at `directory`, which does not exist or is empty.
 * @throws SluiceError INVALID_INPUT
 */
export async function openStaging(directory: string): Promise<Staging> {
  const target = await realpath(directory).catch(() => resolve(directory));
  const found = await checkTarget(target, directory);
  const above = dirname(target);
  const made = await mkdir(above, { recursive: true }).catch((error: unknown) => {
    throw refusal(directory, `cannot be made (${systemReason(error)})`, error);
  });
  try {
    await removeLeftovers(above, target);
    const folder = join(above, await stagingName(target));
    await mkdir(folder, { mode: 0o700 });
    return await FolderStaging.create({ folder, target, directory, mode: found?.mode, made });
  } catch (error) {
    await removeMade(above, made);
    if (error instanceof SluiceError) throw error;
    throw refusal(directory, `cannot be made (${systemReason(error)})`, error);
  }
}

interface Place {
  readonly folder: string;
  readonly target: string;
  /** As the user wrote it. */
  readonly directory: string;
  /** Of the empty folder that was there. */
  readonly mode: number | undefined;
  /** The topmost of the folders above the target that had to be made. */
  readonly made: string | undefined;
}

class FolderStaging implements Staging {
  readonly tree: string;
  readonly #place: Place;
  readonly #mode: number;
  readonly #heartbeat: NodeJS.Timeout;
  #isPlaced = false;

  private constructor(place: Place, tree: string, mode: number) {
    this.tree = tree;
    this.#place = place;
    this.#mode = mode;
    this.#heartbeat = setInterval(() => {
      const now = new Date();
      // A failure shows in the work itself.
      void utimes(place.folder, now, now).catch(ignore);
    }, heartbeatMilliseconds).unref();
  }

  static async create(place: Place): Promise<FolderStaging> {
    const tree = join(place.folder, 'tree');
    await mkdir(tree);
    // What the archive says of its own top folder is no concern of ours.
    const mode = place.mode ?? (await stat(tree)).mode;
    return new FolderStaging(place, tree, mode & 0o7777);
  }

  get folder(): string {
    return this.#place.folder;
  }

  async clear(): Promise<void> {
    await removeTree(this.tree);
    await mkdir(this.tree);
  }

  async place(): Promise<void> {
    const { target, directory } = this.#place;
    await chmod(this.tree, this.#mode);
    try {
      await rename(this.tree, target);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const isFilled = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(code);
      const why = isFilled ? 'was filled by somebody else' : `cannot be replaced (${systemReason(error)})`;
      throw refusal(directory, why, error);
    }
    this.#isPlaced = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { folder, target, made } = this.#place;
    await removeTree(folder);
    clearInterval(this.#heartbeat);
    if (!this.#isPlaced) await removeMade(dirname(target), made);
  }
}

async function checkTarget(target: string, directory: string) {
  const found = await stat(target).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refusal(directory, `cannot be looked at (${systemReason(error)})`, error);
  });
  if (!found) return undefined;
  if (!found.isDirectory()) throw refusal(directory, 'is not a folder');
  const entries = await readdir(target).catch((error: unknown) => {
    throw refusal(directory, `cannot be looked into (${systemReason(error)})`, error);
  });
  if (entries.length > 0) throw refusal(directory, 'is not empty');
  // No rename reaches across file systems.
  const above = await stat(dirname(target));
  if (above.dev !== found.dev || target === dirname(target))
    throw refusal(directory, 'is a file system of its own');
  return found;
}

function refusal(directory: string, why: string, cause?: unknown): SluiceError {
  const allowed = 'allowed is a folder that is empty or does not exist yet';
  return new SluiceError('INVALID_INPUT', `DIRECTORY ${quoted(directory)} ${why}: ${allowed}`, { cause });
}

/** `.sluice-restore-{target}-{process}-{when it began}-{machine}-{random}`. */
async function stagingName(target: string): Promise<string> {
  const began = await startOf(process.pid);
  return `${prefixOf(target)}${process.pid}-${began}-${machine()}-${randomBytes(4).toString('hex')}`;
}

function prefixOf(target: string): string {
  return `.sluice-restore-${digest(basename(target))}-`;
}

async function removeLeftovers(above: string, target: string): Promise<void> {
  for (const name of await readdir(above)) {
    if (!name.startsWith(prefixOf(target))) continue;
    const path = join(above, name);
    if (await isLeftover(path, name.slice(prefixOf(target).length))) await removeTree(path);
  }
}

async function isLeftover(path: string, owner: string): Promise<boolean> {
  const [, pid = '', began = '', where = ''] = /^(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]+$/.exec(owner) ?? [];
  if (pid === '') return false;
  if (where === machine()) return (await startOf(Number(pid))) !== began;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > silenceMilliseconds;
}

/** When a process began, in the kernel's ticks, so that a process id that is used again is not mistaken for it. */
async function startOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return isAlive(pid) ? '0' : '';
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold anything; after it, the state is the first field and the start the 20th.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A container is a machine: process ids of another mean nothing here. */
function machine(): string {
  return digest(hostname());
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** What a dying tar still writes may come in between, so it is tried more than once. */
async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch (error) {
    throw new SluiceError('INVARIANT', `${quoted(path)} is left over: ${messageOf(error)}`, { cause: error });
  }
}

/** Removes the folders from `folder` up to `made`, as far as they are empty. */
async function removeMade(folder: string, made: string | undefined): Promise<void> {
  if (made === undefined) return;
  for (let path = folder; path.startsWith(made); path = dirname(path)) {
    const isGone = await rmdir(path).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}
