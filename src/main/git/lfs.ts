/**
 * What git-lfs keeps beside a repository: the large files that HEAD names. They are fetched into the mirror, which
 * keeps them for the next time, and go into an archive of their own that is extracted into `.git/`.
 */
import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isSluiceError } from '#shared/errors.ts';
import type { Archive } from './archive.ts';
import { plainEnvironment, type Git, type GitWatch } from './git.ts';
import type { Mirror } from './mirror.ts';
import { readLines, runProgram } from './process.ts';
import { tell } from './progress.ts';
import { tarball } from './tarball.ts';

const lookMilliseconds = 10_000;

/** The version of git-lfs, or `undefined` when it is not installed. @throws SluiceError ABORTED */
export async function lfsVersion(signal: AbortSignal): Promise<string | undefined> {
  const options = { env: plainEnvironment(), timeoutMilliseconds: lookMilliseconds };
  try {
    const output = await runProgram('git-lfs', ['version'], options, signal);
    return /^git-lfs\/(\S+)/.exec(output)?.[1];
  } catch (error) {
    if (isSluiceError(error, 'ABORTED')) throw error;
    return undefined;
  }
}

/**
 * Fetches the LFS objects of the mirror's HEAD and makes their archive ready to be read; paths in it are relative to
 * `.git/`. `undefined` when HEAD has none.
 * @throws SluiceError PROCESS_FAILED (also when git-lfs is not installed), ABORTED
 */
export async function createLfsArchive(
  git: Git,
  mirror: Mirror,
  signal: AbortSignal,
  watch: GitWatch = {},
): Promise<Archive | undefined> {
  const head = await mirror.head(signal);
  if (!head) return undefined;
  // Beside the mirror, because links cannot leave a file system.
  const staging = await mkdtemp(`${mirror.folder}.incoming-`);
  const remove = () => rm(staging, { recursive: true, force: true, maxRetries: 3 });
  try {
    if (!(await hasPointers(git, mirror, head.commit, signal))) {
      await remove();
      return undefined;
    }
    await fetchObjects(git, mirror, head.commit, signal, watch);
    await linkObjects(git, mirror, { commit: head.commit, staging }, signal);
    const onBytes = (bytes: number) => watch.onProgress?.({ phase: 'archiving', done: bytes });
    const stream = tarball(staging, { content: 'lfs', onBytes }, signal);
    return { commit: head.commit, stream, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function hasPointers(git: Git, mirror: Mirror, commit: string, signal: AbortSignal): Promise<boolean> {
  for await (const id of objectIds(git, mirror, commit, signal)) return id !== '';
  return false;
}

async function fetchObjects(
  git: Git,
  mirror: Mirror,
  commit: string,
  signal: AbortSignal,
  watch: GitWatch,
): Promise<void> {
  // What a repository says in its own configuration about what to leave out is for its users' disks.
  const settings = ['lfs.fetchexclude=', 'lfs.fetchinclude=', 'lfs.forceprogress=true'];
  const args = ['--git-dir=.', ...settings.flatMap((setting) => ['-c', setting]), 'lfs', 'fetch'];
  // git-lfs itself gives up on connections that are silent. Its progress is on standard output.
  await using program = git.start(mirror.folder, [...args, 'origin', commit], signal, watch);
  program.input.end();
  for await (const line of readLines(program)) tell(watch, line);
}

interface Staged {
  readonly commit: string;
  readonly staging: string;
}

/** Links the objects of HEAD, and no others that the mirror has, to where they are in a repository. */
async function linkObjects(git: Git, mirror: Mirror, { commit, staging }: Staged, signal: AbortSignal) {
  for await (const id of objectIds(git, mirror, commit, signal)) {
    const path = join('lfs', 'objects', id.slice(0, 2), id.slice(2, 4), id);
    const place = join(staging, path);
    await mkdir(dirname(place), { recursive: true });
    await link(join(mirror.folder, path), place).catch((error: unknown) => {
      // Several files may have the same content.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}

/** The ids of the objects that `commit` names, one for each file, as git-lfs lists them. */
async function* objectIds(
  git: Git,
  mirror: Mirror,
  commit: string,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  await using program = git.start(
    mirror.folder,
    ['--git-dir=.', 'lfs', 'ls-files', '--long', commit],
    signal,
  );
  program.input.end();
  for await (const line of readLines(program)) {
    const id = /^[0-9a-f]{64}(?= )/.exec(line)?.[0];
    if (id !== undefined) yield id;
  }
}
