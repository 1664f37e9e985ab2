/**
 * The archive of one commit: `tar` of a fresh working-tree clone whose `origin` is the upstream, compressed with zstd.
 *
 * A user's repository is cloned through git's own transport even though it is local: copying its object folder would
 * carry along unreachable objects, which is where amended secrets live. A mirror has no secrets, but it has what force
 * pushes have left behind, and the other branches; so its clone first borrows its objects and then packs those that
 * it can reach, which spares git from computing every one of them. For git's own repository (500 MB, 300 MB of it in
 * the clone): 28 s of processor time through the transport, 5 s this way, and on two busy cores a minute and more
 * against 11 s; hard links to the whole object folder would take 0.2 s and make every archive 200 MB larger.
 *
 * Reflogs and hooks stay behind. Nothing is held in memory: the clone is on disk, and tar and zstd run only as fast as
 * the stream is read.
 */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SluiceError } from '#shared/errors.ts';
import { folderBytes } from './folder.ts';
import { Git, type GitWatch } from './git.ts';
import type { Mirror } from './mirror.ts';
import { isRefusal } from './process.ts';
import { tarball } from './tarball.ts';
import type { ZstdProvider } from './zstd.ts';

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
  readonly zstd?: ZstdProvider | undefined;
  /** Where the clone is made, which is as large as the repository and its files: by default the system's folder. */
  readonly temp?: string | undefined;
  /**
   * Gets `cloning`, git's own phases, and then, while the stream is read, `archiving` with bytes before compression.
   */
  readonly watch?: GitWatch | undefined;
}

const cloneMilliseconds = 6 * 60 * 60 * 1000;
/** The clone is gone after a crash, so nobody waits until it is on disk. */
const unsynced = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsync', GIT_CONFIG_VALUE_0: 'none' };
/** The names of the folders in which clones are made; one that is found at start was left by a crash. */
export const archivePattern = /^sluice-archive-[A-Za-z0-9]{6}$/;

/**
 * Clones HEAD of `source`, a mirror or the folder of a repository, and makes its archive ready to be read. One that is
 * being written to meanwhile gives the commit that HEAD was when it was cloned.
 * @throws SluiceError INVALID_INPUT when it is not the top of a git repository with a commit; PROCESS_FAILED, ABORTED
 */
export async function createArchive(
  source: string | Mirror,
  { upstream, zstd, temp = tmpdir(), watch = {} }: ArchiveOptions,
  signal: AbortSignal,
): Promise<Archive> {
  const directory = typeof source === 'string' ? source : source.folder;
  const repository = await existing(directory);
  const folder = await mkdtemp(join(await realpath(temp), 'sluice-archive-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    // Without the ceiling, git would look for a repository in the folders above and publish that one.
    const git = await Git.using(folder, { ...unsynced, GIT_CEILING_DIRECTORIES: dirname(repository) });
    await checkRepository(git, repository, directory, signal);
    watch.onProgress?.({ phase: 'cloning' });
    const tree = join(folder, 'tree');
    const clone = typeof source === 'string' ? cloneDirectory : cloneMirror;
    await clone(git, { repository, tree, watch }, signal);
    const commit = await finish(git, { tree, upstream, watch }, signal);
    const onBytes = await archivingProgress(tree, watch);
    const stream = tarball(tree, { content: '.', zstd, onBytes }, signal);
    return { commit, stream, [Symbol.asyncDispose]: remove };
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
    throw isRefusal(error) ? refusal(directory, what, error) : error;
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
  readonly repository: string;
  readonly tree: string;
  readonly watch: GitWatch;
}

const cloneOptions = ['--single-branch', '--no-checkout', '--no-recurse-submodules', '--template='] as const;

/** Through the transport: what HEAD can reach, and the tags on it. */
async function cloneDirectory(git: Git, { repository, tree, watch }: Clone, signal: AbortSignal) {
  const args = ['clone', '--progress', '--no-local', ...cloneOptions, '--', repository, tree];
  await git.run(dirname(tree), args, signal, { ...watch, timeoutMilliseconds: cloneMilliseconds });
}

/** Borrows all objects, and keeps what HEAD and the tags can reach. */
async function cloneMirror(git: Git, { repository, tree, watch }: Clone, signal: AbortSignal) {
  const options = { ...watch, timeoutMilliseconds: cloneMilliseconds };
  await git.run(
    dirname(tree),
    ['clone', '--shared', ...cloneOptions, '--', repository, tree],
    signal,
    options,
  );
  const objects = join(tree, '.git', 'objects');
  const how = ['--all', '--delta-base-offset', '--progress', '--all-progress'];
  await git.run(tree, ['pack-objects', ...how, join(objects, 'pack', 'pack')], signal, options);
  await rm(join(objects, 'info', 'alternates'));
}

interface Tree {
  readonly tree: string;
  readonly upstream: string;
  readonly watch: GitWatch;
}

/** Makes the clone one of `upstream`, with its files. Returns the commit. */
async function finish(git: Git, { tree, upstream, watch }: Tree, signal: AbortSignal): Promise<string> {
  await git.run(tree, ['remote', 'set-url', 'origin', '--', upstream], signal);
  // A single-branch clone would go on fetching only that branch.
  await git.run(tree, ['config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'], signal);
  const options = { ...watch, timeoutMilliseconds: cloneMilliseconds };
  await git.run(tree, ['checkout', '--progress', '--force'], signal, options);
  return git.run(tree, ['rev-parse', '--verify', 'HEAD^{commit}'], signal);
}

/** tar writes a block before each file and fills up its last one. */
const tarBlockBytes = 512;

/** What tells `watch` how far tar is. */
async function archivingProgress(tree: string, watch: GitWatch) {
  const { onProgress } = watch;
  if (!onProgress) return undefined;
  const total = await folderBytes(tree, (bytes) => (1 + Math.ceil(bytes / tarBlockBytes)) * tarBlockBytes);
  return (bytes: number) => onProgress({ phase: 'archiving', done: Math.min(bytes, total), total, bytes });
}
