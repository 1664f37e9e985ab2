/**
 * The archive of one commit: `tar` of a fresh working-tree clone whose `origin` is the upstream, compressed with zstd.
 *
 * The clone goes through git's own transport even though the repository is local: copying the object folder would
 * carry along unreachable objects, which is where amended secrets live. Reflogs and hooks stay behind for the same
 * reason. Nothing is held in memory: the clone is on disk, and tar and zstd run only as fast as the stream is read.
 */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { Git, plainEnvironment } from './git.ts';
import { startProgram } from './process.ts';
import { compress, zstdProvider, type ZstdProvider } from './zstd.ts';

/** Disposing ends what still runs and removes the clone. */
export interface Archive extends AsyncDisposable {
  /** The commit that the archive holds. */
  readonly commit: string;
  /**
   * The bytes, to be read once. Ends without an error only when the archive is complete.
   * @throws SluiceError PROCESS_FAILED, ABORTED
   */
  readonly stream: AsyncIterable<Uint8Array>;
}

export interface ArchiveOptions {
  /** The URL that `origin` names. */
  readonly upstream: string;
  readonly zstd?: ZstdProvider;
}

/**
 * Clones HEAD of the repository at `directory` and makes its archive ready to be read. A repository that is being
 * written to meanwhile gives the commit that HEAD was when it was cloned.
 * @throws SluiceError INVALID_INPUT when `directory` is not the top of a git repository with a commit;
 *   PROCESS_FAILED, ABORTED
 */
export async function createArchive(
  directory: string,
  { upstream, zstd = zstdProvider() }: ArchiveOptions,
  signal: AbortSignal,
): Promise<Archive> {
  const source = await existing(directory);
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'sluice-archive-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    // Without the ceiling, git would look for a repository in the folders above and publish that one.
    const git = await Git.using(folder, { GIT_CEILING_DIRECTORIES: dirname(source) });
    await checkRepository(git, source, directory, signal);
    const tree = join(folder, 'tree');
    const commit = await clone(git, { source, tree, upstream }, signal);
    return { commit, stream: pack(tree, zstd, signal), [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Checks that `directory` is the top of a git repository (bare ones included) with a commit; changes nothing.
 * @throws SluiceError INVALID_INPUT, PROCESS_FAILED, ABORTED
 */
async function checkRepository(
  git: Git,
  source: string,
  directory: string,
  signal: AbortSignal,
): Promise<void> {
  const failsToBe = (what: string) => (error: unknown) => {
    const failed = isSluiceError(error, 'PROCESS_FAILED') && error.message.includes('exit code');
    throw failed ? refusal(directory, what, error) : error;
  };
  await git.run(source, ['rev-parse', '--git-dir'], signal).catch(failsToBe('is not a git repository'));
  const head = ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'];
  await git.run(source, head, signal).catch(failsToBe('is a git repository without a commit'));
}

async function existing(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    throw refusal(directory, 'does not exist', error);
  }
}

function refusal(directory: string, what: string, cause: unknown): SluiceError {
  return new SluiceError(
    'INVALID_INPUT',
    `DIRECTORY ${JSON.stringify(directory)} ${what}: allowed is the top folder of a git repository with a commit`,
    { cause },
  );
}

interface Clone {
  readonly source: string;
  readonly tree: string;
  readonly upstream: string;
}

async function clone(git: Git, { source, tree, upstream }: Clone, signal: AbortSignal): Promise<string> {
  const how = ['--quiet', '--no-local', '--single-branch', '--no-recurse-submodules', '--template='];
  await git.run(dirname(tree), ['clone', ...how, '--', source, tree], signal);
  await git.run(tree, ['remote', 'set-url', 'origin', '--', upstream], signal);
  // A single-branch clone would go on fetching only that branch.
  await git.run(tree, ['config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'], signal);
  return git.run(tree, ['rev-parse', '--verify', 'HEAD^{commit}'], signal);
}

async function* pack(
  tree: string,
  zstd: ZstdProvider,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const options = { env: plainEnvironment() };
  await using tar = startProgram('tar', ['-C', tree, '--numeric-owner', '-cf', '-', '.'], options, signal);
  tar.input.end();
  try {
    yield* compress(tar.output, signal, zstd);
  } catch (error) {
    // A compressor whose input broke off can only say so; tar knows why.
    if (!isSluiceError(error)) await tar.finished;
    throw error;
  }
  await tar.finished;
}
