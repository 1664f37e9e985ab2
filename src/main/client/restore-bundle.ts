/**
 * From the commit of the snapshot to the newest one: the server's bundle, fetched like the snapshot, checked and
 * applied. The tree is ours and nobody has worked in it, so it may also be moved to where history was rewritten.
 */
import { join } from 'node:path';
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';
import { quoted } from '#main/config/quoted.ts';
import { download, type DownloadOptions } from './download.ts';
import { openFileSink } from './file-sink.ts';
import { knownHeadOf, type Head } from './restore-check.ts';
import type { TreeGit } from './restore-git.ts';
import { isRefName } from './restore-names.ts';

export type BundleOutcome =
  /** The clone has been moved; `rewritten`: to a commit that the snapshot's does not lead to. */
  | {
      readonly kind: 'applied';
      readonly bytes: number;
      readonly how: 'fast-forward' | 'rewritten';
      readonly head: Head;
    }
  /** The snapshot's commit is the newest. */
  | { readonly kind: 'current' }
  /** The server knows no way from the snapshot's commit to the newest. */
  | { readonly kind: 'unknown' };

/**
 * Where the bundle is. The server names a path of its own; whatever else it names is not asked.
 * @throws SluiceError STORE_MISBEHAVED
 */
export function bundleUrl(server: URL, named: string): URL {
  const isPath = /^\/(?![/\\])/.test(named);
  const prefix = server.pathname.replace(/\/$/, '');
  const path = isPath && !named.startsWith(`${prefix}/`) ? prefix + named : named;
  const url = isPath && URL.canParse(path, server.href) ? new URL(path, server) : undefined;
  if (url?.origin === server.origin) return url;
  const message = `${server.origin} names ${quoted(named)} for the bundle, which is not a path of its own`;
  throw new SluiceError('STORE_MISBEHAVED', message);
}

/**
 * Fetches the bundle at `url` into `folder` and moves the clone to the commit it leads to.
 * @throws SluiceError as `download`; PROCESS_FAILED, STORE_MISBEHAVED for a bundle that does not fit
 */
export async function applyBundle(
  git: TreeGit,
  { url, folder, options }: { readonly url: URL; readonly folder: string; readonly options: DownloadOptions },
  signal: AbortSignal,
): Promise<BundleOutcome> {
  const file = join(folder, 'snapshot.bundle');
  const bytes = await fetchBundle(url, file, options, signal);
  if (bytes === undefined) return { kind: 'unknown' };
  if (bytes === 0) return { kind: 'current' };
  await git.run(['bundle', 'verify', file], signal);
  const before = await knownHeadOf(git, signal);
  const tip = chooseTip(await git.run(['bundle', 'list-heads', file], signal), before.branch);
  const how = await moveTo(git, { ...tip, file, before }, signal);
  const head = await knownHeadOf(git, signal);
  if (head.commit !== tip.commit) throw unfit(`leads to ${tip.commit}, but the clone is at ${head.commit}`);
  return { kind: 'applied', bytes, how, head };
}

/** The number of its bytes; 0 where there is nothing to add, `undefined` when the server has none. */
async function fetchBundle(
  url: URL,
  file: string,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  await using sink = await openFileSink(file, 'bundle');
  try {
    const { bytes } = await download(url, sink, options, signal);
    await sink.commit(bytes);
    return bytes;
  } catch (error) {
    if (isSluiceError(error, 'NOT_FOUND')) return undefined;
    if (isSluiceError(error, 'ABORTED')) throw error;
    const code = isSluiceError(error) ? error.code : 'STORE_UNAVAILABLE';
    throw new SluiceError(code, `the bundle could not be fetched: ${messageOf(error)}`, { cause: error });
  }
}

interface Tip {
  readonly commit: string;
  /** As the bundle names it. */
  readonly ref: string;
  /** The branch that it is; `undefined` for a detached HEAD. */
  readonly branch: string | undefined;
}

/** The branch we are on; where that is gone the only one there is; for a detached HEAD what the bundle calls HEAD. */
function chooseTip(list: string, branch: string | undefined): Tip {
  const tips = list.split('\n').flatMap((line): readonly Tip[] => {
    const [, commit, ref] = /^([0-9a-f]{40}|[0-9a-f]{64}) (\S+)$/.exec(line) ?? [];
    if (commit === undefined || ref === undefined || (ref !== 'HEAD' && !isRefName(ref))) return [];
    return [{ commit, ref, branch: /^refs\/heads\/(.+)$/.exec(ref)?.[1] }];
  });
  const branches = tips.filter((tip) => tip.branch !== undefined);
  const only = branches.length === 1 ? branches[0] : undefined;
  const named = tips.find((tip) => tip.ref === 'HEAD');
  const found =
    branch === undefined
      ? (named ?? only)
      : (branches.find((tip) => tip.branch === branch) ?? only ?? (named && { ...named, branch }));
  if (!found) throw unfit('names no commit to go to');
  return branch === undefined ? { ...found, branch: undefined } : found;
}

interface Move extends Tip {
  readonly file: string;
  readonly before: Head;
}

async function moveTo(
  git: TreeGit,
  { file, ref, branch, commit, before }: Move,
  signal: AbortSignal,
): Promise<'fast-forward' | 'rewritten'> {
  const fetch = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', file];
  // The bundle is what origin has now, so that is where the clone remembers it.
  await git.run([...fetch, branch === undefined ? ref : `+${ref}:refs/remotes/origin/${branch}`], signal);
  const ancestor = ['merge-base', '--is-ancestor', before.commit, commit];
  const isAhead = (await git.ask(ancestor, signal)) !== undefined;
  if (branch === undefined) await git.run(['checkout', '--quiet', '--detach', commit], signal);
  else if (branch !== before.branch) await changeBranch(git, branch, before, signal);
  else if (isAhead) await git.run(['merge', '--quiet', '--ff-only', commit], signal);
  else await git.run(['reset', '--quiet', '--hard', commit], signal);
  return isAhead ? 'fast-forward' : 'rewritten';
}

/** The upstream has renamed its default branch: the clone ends up as if it had been made after that. */
async function changeBranch(
  git: TreeGit,
  branch: string,
  { branch: old }: Head,
  signal: AbortSignal,
): Promise<void> {
  await git.run(['checkout', '--quiet', '-B', branch, '--track', `refs/remotes/origin/${branch}`], signal);
  const head = ['symbolic-ref', 'refs/remotes/origin/HEAD', `refs/remotes/origin/${branch}`];
  await git.run(head, signal);
  if (old === undefined) return;
  await git.run(['branch', '--quiet', '-D', '--', old], signal);
  await git.run(['update-ref', '-d', `refs/remotes/origin/${old}`], signal);
}

function unfit(why: string): SluiceError {
  return new SluiceError('STORE_MISBEHAVED', `the bundle ${why}`);
}
