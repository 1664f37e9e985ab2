/** What must be true of an extracted tree before anything is done with it. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '#main/git/git.ts';
import { SluiceError } from '#shared/errors.ts';
import { checkConfig } from './restore-config.ts';
import type { TreeGit } from './restore-git.ts';
import { refused } from './restore-tar.ts';

/** Where HEAD of a clone is. */
export interface Head {
  readonly commit: string;
  /** `undefined` when HEAD is detached. */
  readonly branch: string | undefined;
}

export interface Expected {
  readonly upstream: string;
  /** What the server says that the archive holds, if it says so. */
  readonly commit: string | undefined;
}

/**
 * Checks that the tree is a clone of the upstream, at the commit that was announced, with nothing changed in it.
 * @throws SluiceError STORE_MISBEHAVED with what is wrong; PROCESS_FAILED, ABORTED
 */
export async function checkClone(
  { outside, inside, folder }: { readonly outside: Git; readonly inside: TreeGit; readonly folder: string },
  { upstream, commit: announced }: Expected,
  signal: AbortSignal,
): Promise<Head> {
  const { tree } = inside;
  for (const name of ['HEAD', 'config']) {
    const found = await lstat(join(tree, '.git', name)).catch(() => undefined);
    if (!found?.isFile()) throw refused(`is not that of a git repository: it has no .git/${name}`);
  }
  // Nothing of git runs inside before this.
  await checkConfig(outside, { folder, tree, upstream }, signal);
  const head = await headOf(inside, signal);
  if (!head) throw refused('is that of a git repository without a commit, or of a broken one');
  if (announced !== undefined && announced !== head.commit)
    throw refused(`holds commit ${head.commit}, but the server announced ${announced}`);
  await checkPristine(inside, signal);
  return head;
}

/** @throws SluiceError STORE_MISBEHAVED when a tracked file is not what HEAD says */
async function checkPristine(git: TreeGit, signal: AbortSignal): Promise<void> {
  await git.ask(['update-index', '-q', '--refresh'], signal);
  const isPristine = (await git.ask(['diff-index', '--quiet', 'HEAD', '--'], signal)) !== undefined;
  if (!isPristine) throw refused('has files that are not those of its commit');
}

/** `undefined` where HEAD leads to no commit. @throws SluiceError ABORTED */
async function headOf(git: TreeGit, signal: AbortSignal): Promise<Head | undefined> {
  const commit = await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], signal);
  if (commit === undefined) return undefined;
  return { commit, branch: await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'], signal) };
}

/** The HEAD of a clone that has one. @throws SluiceError INVARIANT, ABORTED */
export async function knownHeadOf(git: TreeGit, signal: AbortSignal): Promise<Head> {
  const head = await headOf(git, signal);
  if (!head) throw new SluiceError('INVARIANT', 'HEAD of the restored clone leads nowhere');
  return head;
}
