/**
 * A mirror: a bare clone of an upstream's branches and tags (not of what a forge adds, like the refs of pull
 * requests), with the upstream's HEAD. A new one is made beside its place and renamed when it is complete, so what is
 * found in its place was complete once; git itself keeps it whole from then on, and `open` removes what a killed git
 * has left and finds out whether the rest can be used.
 *
 * Who may run what at the same time is the caller's business: one `fetch` or `clean` at a time, `open` alone, the rest
 * whenever.
 */
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SluiceError } from '#shared/errors.ts';
import { folderBytes } from './folder.ts';
import type { Git, GitWatch } from './git.ts';
import { cleanWhenDue, joinPacks, markClean, removeLeftovers } from './mirror-upkeep.ts';
import { isRefusal, readLines } from './process.ts';

/** The names of folders in which mirrors are being made; one that is found at start was left by a crash. */
export const incomingPattern = /\.incoming-[A-Za-z0-9]{6}$/;

/** Where HEAD is. */
export interface MirrorHead {
  readonly commit: string;
  /** The branch that HEAD names; absent when it is detached. */
  readonly branch: string | undefined;
}

export interface MirrorSource {
  /** The mirror's place. */
  readonly folder: string;
  readonly fetchUrl: string;
}

const refspecs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'] as const;
const transferMilliseconds = 12 * 60 * 60 * 1000;
const askMilliseconds = 2 * 60 * 1000;
const namesAtATime = 200;

export class Mirror {
  readonly folder: string;
  readonly #git: Git;
  readonly #fetchUrl: string;

  private constructor(git: Git, { folder, fetchUrl }: MirrorSource) {
    this.#git = git;
    this.folder = folder;
    this.#fetchUrl = fetchUrl;
  }

  /**
   * Clones `fetchUrl` into `folder`, taking the place of whatever is there once the clone is complete. Leaves nothing
   * on failure.
   * @throws SluiceError PROCESS_FAILED, ABORTED
   */
  static async clone(
    git: Git,
    { folder, fetchUrl }: MirrorSource,
    signal: AbortSignal,
    watch: GitWatch = {},
  ): Promise<Mirror> {
    await mkdir(dirname(folder), { recursive: true });
    const incoming = await mkdtemp(`${folder}.incoming-`);
    try {
      const how = ['--bare', '--progress', '--template=', '--', fetchUrl, incoming];
      const longWatch = { ...watch, timeoutMilliseconds: transferMilliseconds };
      await git.run(dirname(folder), ['clone', ...how], signal, longWatch);
      await markClean(incoming);
      await takePlace(incoming, folder);
    } finally {
      await rm(incoming, { recursive: true, force: true, maxRetries: 3 });
    }
    return new Mirror(git, { folder, fetchUrl });
  }

  /**
   * The mirror at `folder`, or `undefined` when none is there, when it cannot be used, or when it is one of another
   * URL. Removes what a killed git has left (see removeLeftovers). A few quick looks, no full check.
   * @throws SluiceError PROCESS_FAILED when git cannot be run, ABORTED
   */
  static async open(
    git: Git,
    folder: string,
    fetchUrl: string,
    signal: AbortSignal,
  ): Promise<Mirror | undefined> {
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) return undefined;
    await removeLeftovers(folder);
    const mirror = new Mirror(git, { folder, fetchUrl });
    return (await mirror.#isUsable(signal)) ? mirror : undefined;
  }

  /**
   * Brings all branches, tags and HEAD to where the upstream has them, whatever that takes: what was deleted there
   * goes, what was moved by force moves. Then puts packs together when there are many.
   * @throws SluiceError PROCESS_FAILED, ABORTED
   */
  async fetch(signal: AbortSignal, watch: GitWatch = {}): Promise<void> {
    const upstream = await this.#askUpstream(signal, watch);
    if (upstream?.commit.length === 64) await this.#takeLongIds(signal);
    // A detached HEAD may be on a commit that no branch leads to.
    const alsoHead = upstream && upstream.branch === undefined ? ['HEAD'] : [];
    const how = ['--prune', '--force', '--no-tags', '--progress', '--no-write-fetch-head'];
    const args = ['fetch', ...how, '--', 'origin', ...refspecs, ...alsoHead];
    await this.#run(args, signal, { ...watch, timeoutMilliseconds: transferMilliseconds });
    if (upstream) await this.#moveHead(upstream, signal);
    await joinPacks(this.#git, this.folder, signal, watch);
  }

  /**
   * The large cleaning, once a week: see cleanWhenDue. For a large mirror it takes long, so nobody should wait for it;
   * it needs the mirror as `fetch` does, alone among those that write.
   * @throws SluiceError ABORTED
   */
  clean(signal: AbortSignal, watch: GitWatch = {}): Promise<void> {
    return cleanWhenDue(this.#git, this.folder, signal, watch);
  }

  /** Where HEAD is, or `undefined` when there is no commit yet. @throws SluiceError PROCESS_FAILED, ABORTED */
  async head(signal: AbortSignal): Promise<MirrorHead | undefined> {
    // The branch first, then its commit: a fetch in between cannot give a commit of another branch.
    const ref = await this.#try(['symbolic-ref', '--quiet', 'HEAD'], signal);
    const commit = await this.#try(['rev-parse', '--verify', '--quiet', `${ref ?? 'HEAD'}^{commit}`], signal);
    return commit === undefined ? undefined : { commit, branch: ref?.replace(/^refs\/heads\//, '') };
  }

  /**
   * The commit of the upstream's HEAD, which costs one short question; `undefined` when it has none.
   * @throws SluiceError PROCESS_FAILED, ABORTED
   */
  async upstreamHead(signal: AbortSignal): Promise<string | undefined> {
    return (await this.#askUpstream(signal))?.commit;
  }

  /** Whether the mirror has this commit, reachable or not. @throws SluiceError INVALID_INPUT, ABORTED */
  async hasCommit(commit: string, signal: AbortSignal): Promise<boolean> {
    checkCommit(commit);
    const found = await this.#try(['rev-parse', '--verify', '--quiet', `${commit}^{commit}`], signal);
    // Where ids have 64 digits, 40 are an abbreviation; and the id of a tag is not that of its commit.
    return found === commit;
  }

  /**
   * How many commits lead from `base` to `head`, both commit ids; `undefined` when the mirror does not have them.
   * @throws SluiceError INVALID_INPUT, PROCESS_FAILED, ABORTED
   */
  async countBetween(base: string, head: string, signal: AbortSignal): Promise<number | undefined> {
    const areKnown = (await this.hasCommit(base, signal)) && (await this.hasCommit(head, signal));
    if (!areKnown) return undefined;
    return Number(await this.#run(['rev-list', '--count', `${base}..${head}`, '--'], signal));
  }

  /**
   * The commits of those of `names`, full ref names, that exist; for a tag the commit that it stands for.
   * @throws SluiceError INVALID_INPUT, PROCESS_FAILED, ABORTED
   */
  async resolveRefs(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const wanted = new Set(names);
    for (const name of wanted) checkRefName(name);
    const found = new Map<string, string>();
    const format = '--format=%(refname) %(objectname) %(*objectname)';
    for (let index = 0; index < names.length; index += namesAtATime) {
      const some = names.slice(index, index + namesAtATime);
      const args = ['--git-dir=.', 'for-each-ref', format, '--', ...some];
      await using program = this.#git.start(this.folder, args, signal);
      program.input.end();
      for await (const line of readLines(program)) {
        const [name = '', id = '', peeled] = line.split(' ');
        // A name also finds what is below it, and that may be much.
        if (wanted.has(name)) found.set(name, peeled || id);
      }
    }
    return found;
  }

  /** The bytes of its files. */
  sizeBytes(): Promise<number> {
    return folderBytes(this.folder);
  }

  async #isUsable(signal: AbortSignal): Promise<boolean> {
    const url = await this.#try(['config', '--local', '--get', 'remote.origin.url'], signal);
    if (url !== this.#fetchUrl) return false;
    try {
      const isBare = await this.#run(['rev-parse', '--is-bare-repository'], signal);
      const id = await this.#try(['rev-parse', '--verify', '--quiet', 'HEAD'], signal);
      // Without an id HEAD is on a branch that is yet to be born, as in an empty repository.
      if (id !== undefined) await this.#run(['cat-file', '-e', `${id}^{tree}`], signal);
      return isBare === 'true';
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  /** The upstream's HEAD, or `undefined` when it leads to no commit. */
  async #askUpstream(signal: AbortSignal, watch: GitWatch = {}): Promise<MirrorHead | undefined> {
    const options = { ...watch, timeoutMilliseconds: askMilliseconds };
    const output = await this.#run(['ls-remote', '--symref', '--', 'origin', 'HEAD'], signal, options);
    const commit = /^([0-9a-f]{40,64})\tHEAD$/m.exec(output)?.[1];
    const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(output)?.[1];
    return commit === undefined ? undefined : { commit, branch };
  }

  /** While the upstream was empty, git could not know that its ids are to be SHA-256, and made the mirror for SHA-1. */
  async #takeLongIds(signal: AbortSignal): Promise<void> {
    const format = await this.#run(['rev-parse', '--show-object-format'], signal);
    if (format === 'sha256' || (await this.head(signal))) return;
    await this.#run(['config', 'core.repositoryFormatVersion', '1'], signal);
    await this.#run(['config', 'extensions.objectFormat', 'sha256'], signal);
  }

  async #moveHead({ commit, branch }: MirrorHead, signal: AbortSignal): Promise<void> {
    if (branch === undefined) {
      await this.#run(['update-ref', '--no-deref', 'HEAD', commit], signal);
      return;
    }
    await this.#run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`], signal);
  }

  #run(
    args: readonly string[],
    signal: AbortSignal,
    watch: GitWatch & { readonly timeoutMilliseconds?: number } = {},
  ): Promise<string> {
    // Named, not looked for: git would find a repository in the folders above a broken one.
    return this.#git.run(this.folder, ['--git-dir=.', ...args], signal, watch);
  }

  /** What a command says, or `undefined` when it says no. */
  async #try(args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    try {
      return await this.#run(args, signal);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }
}

/** Renames `incoming` to `folder`; what was there goes by way of the same name, so that a crash leaves a known one. */
async function takePlace(incoming: string, folder: string): Promise<void> {
  const aside = await mkdtemp(`${folder}.incoming-`);
  try {
    await rename(folder, aside).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    await rename(incoming, folder);
  } finally {
    await rm(aside, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** @throws SluiceError INVALID_INPUT unless `commit` is a whole id in lower case */
function checkCommit(commit: string): void {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) return;
  throw invalid('commit', commit, '40 or 64 lower-case hex digits');
}

function checkRefName(name: string): void {
  if (/^refs\/[^\s~^:?*[\\\p{Cc}]+$/u.test(name)) return;
  throw invalid('ref', name, 'a full name like refs/heads/main');
}

function invalid(what: string, value: string, allowed: string): SluiceError {
  const quoted = JSON.stringify(value.slice(0, 100));
  return new SluiceError('INVALID_INPUT', `${what} ${quoted}: allowed is ${allowed}`);
}
