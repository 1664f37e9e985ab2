/**
 * Restores a repository: the server's snapshot in a folder, moved on to the newest commit, with the refs that were
 * asked for. Everything happens beside the target (restore-staging.ts), which gets the clone by one rename when all of
 * it is right, and is as it was when anything fails.
 *
 * The server is not trusted: see restore-members.ts for what an archive may hold, restore-config.ts for what its git
 * configuration may say, and restore-git.ts for how git is run in it.
 */
import { throwIfAborted } from '#main/object-store/cancel.ts';
import type { Repository } from '#main/http/names.ts';
import { SluiceError, isSluiceError, messageOf } from '#shared/errors.ts';
import { MiB } from '#shared/units.ts';
import { quoted } from '#main/config/quoted.ts';
import { applyBundle, bundleUrl } from './restore-bundle.ts';
import { checkClone, type Head } from './restore-check.ts';
import { TreeGit } from './restore-git.ts';
import { isCommitId, isRefName } from './restore-names.ts';
import { askServer, fetchMissing, wantsNothing, type WantedRefs } from './restore-refs.ts';
import { fetchSnapshot } from './restore-snapshot.ts';
import { openStaging, type Staging } from './restore-staging.ts';
import { parseUpstream } from './server.ts';

/**
 * What a restore does, in this order. `asking`: the server makes sure of refs; only when some are wanted.
 * `downloading`: and extracting. `refs`: what is missing comes from origin. `placing`: the rename.
 */
export type RestorePhase = 'asking' | 'downloading' | 'checking' | 'bundle' | 'refs' | 'placing';

export type RestoreEvent =
  | { readonly event: 'phase'; readonly phase: RestorePhase }
  /** In `downloading` and `bundle`; the total is absent while nobody knows it. */
  | {
      readonly event: 'progress';
      readonly phase: RestorePhase;
      readonly doneBytes: number;
      readonly totalBytes?: number | undefined;
    }
  /** Something is not as hoped, and the restore goes on: a sentence for people. */
  | { readonly event: 'warning'; readonly message: string };

export interface RestoreOptions {
  /** `https://HOST/PATH`. */
  readonly repository: string;
  /** Where the clone will be; does not exist yet, or is empty. */
  readonly directory: string;
  readonly server: URL;
  /** `ignore`: stay at the snapshot's commit. Default `apply`. */
  readonly bundle?: 'apply' | 'ignore';
  /** Full ref names that have to exist, with the commit each has to be at or past, or an empty text for any. */
  readonly refs?: Readonly<Record<string, string>>;
  /** Commits that have to exist. */
  readonly commits?: readonly string[];
  /** Of one range; default 16 MiB. */
  readonly chunkBytes?: number;
  /** Most ranges at a time; default 8. There is memory for twice as many, and for four at least. */
  readonly concurrency?: number;
  readonly onEvent?: (event: RestoreEvent) => void;
}

export interface Restored {
  /** The commit that HEAD is on. */
  readonly commit: string;
  /** `undefined` when HEAD is detached. */
  readonly branch: string | undefined;
  /** The commit of the snapshot: another one when a bundle led on from there. */
  readonly snapshotCommit: string;
  /** Fetched for the snapshot, compressed. */
  readonly snapshotBytes: number;
  /** Fetched for the bundle; 0 when there was none. */
  readonly bundleBytes: number;
}

/**
 * Restores a repository. Resolves when the clone is in place; until then, and when this fails, the target is as it
 * was and nothing is left beside it.
 * @throws SluiceError INVALID_INPUT (options, target), NOT_FOUND (the server has no snapshot and makes none),
 *   REVISION_CHANGED (the snapshot was replaced meanwhile: try again), STORE_MISBEHAVED (the archive or the bundle is
 *   not what it should be), PROCESS_FAILED (disk full; git, tar or zstd is missing), STORE_UNAVAILABLE, STORE_STALLED,
 *   BUSY, ABORTED; MissingRefsError
 */
export async function restore(options: RestoreOptions, signal: AbortSignal): Promise<Restored> {
  const repository = parseUpstream(options.repository, 'repository');
  const run = new Restore(options, repository, signal);
  throwIfAborted(signal);
  await using staging = await openStaging(options.directory);
  return await run.into(staging);
}

class Restore {
  readonly #options: RestoreOptions;
  readonly #repository: Repository;
  readonly #signal: AbortSignal;
  readonly #wanted: WantedRefs;
  readonly #transport: { readonly chunkBytes: number; readonly concurrency: number };

  constructor(options: RestoreOptions, repository: Repository, signal: AbortSignal) {
    const { refs = {}, commits = [], chunkBytes = 16 * MiB, concurrency = 8 } = options;
    this.#options = options;
    this.#repository = repository;
    this.#signal = signal;
    this.#wanted = checked({ refs, commits });
    this.#transport = { chunkBytes, concurrency };
  }

  async into(staging: Staging): Promise<Restored> {
    await this.#askServer();
    this.#begin('downloading');
    const snapshot = await this.#download(staging);
    this.#begin('checking');
    const { folder, tree } = staging;
    const { inside, outside } = await TreeGit.open(folder, tree);
    const expected = { upstream: this.#repository.upstream, commit: snapshot.commit };
    const head = await checkClone({ inside, outside, folder }, expected, this.#signal);
    const ahead = await this.#applyBundle(inside, { folder, head, named: snapshot.bundleUrl });
    if (!wantsNothing(this.#wanted)) {
      this.#begin('refs');
      await fetchMissing(inside, this.#wanted, this.#signal);
    }
    this.#begin('placing');
    throwIfAborted(this.#signal);
    await staging.place();
    return {
      commit: ahead.head.commit,
      branch: ahead.head.branch,
      snapshotCommit: head.commit,
      snapshotBytes: snapshot.bytes,
      bundleBytes: ahead.bytes,
    };
  }

  /** Best before the snapshot: the server then knows that it is behind, and names a bundle. */
  async #askServer(): Promise<void> {
    if (wantsNothing(this.#wanted)) return;
    this.#begin('asking');
    try {
      await askServer(this.#options.server, this.#repository, this.#wanted, this.#signal);
    } catch (error) {
      if (isSluiceError(error, 'ABORTED')) throw error;
      this.#warn(`${messageOf(error)}; what is missing will come from origin`);
    }
  }

  #download(staging: Staging) {
    const request = {
      ...this.#transport,
      server: this.#options.server,
      repository: this.#repository,
      onProgress: this.#progressIn('downloading'),
      onRestart: (why: string) => this.#warn(why),
    };
    return fetchSnapshot(request, staging, this.#signal);
  }

  async #applyBundle(
    git: TreeGit,
    {
      folder,
      head,
      named,
    }: { readonly folder: string; readonly head: Head; readonly named: string | undefined },
  ): Promise<{ readonly head: Head; readonly bytes: number }> {
    const { server, bundle = 'apply' } = this.#options;
    if (named === undefined || bundle === 'ignore') return { head, bytes: 0 };
    this.#begin('bundle');
    const options = { ...this.#transport, onProgress: this.#progressIn('bundle') };
    const apply = async () =>
      applyBundle(git, { url: bundleUrl(server, named), folder, options }, this.#signal);
    const outcome = await apply().catch(withRemedy);
    if (outcome.kind === 'unknown')
      this.#warn(`the server knows no way from ${head.commit} to the newest commit: the clone stays there`);
    if (outcome.kind !== 'applied') return { head, bytes: 0 };
    if (outcome.how === 'rewritten')
      this.#warn(`history was rewritten: ${head.commit} is not in that of ${outcome.head.commit}`);
    return outcome;
  }

  #progressIn(phase: RestorePhase) {
    return ({
      receivedBytes,
      totalBytes,
    }: {
      readonly receivedBytes: number;
      readonly totalBytes: number | undefined;
    }) => this.#options.onEvent?.({ event: 'progress', phase, doneBytes: receivedBytes, totalBytes });
  }

  #begin(phase: RestorePhase): void {
    this.#options.onEvent?.({ event: 'phase', phase });
  }

  #warn(message: string): void {
    this.#options.onEvent?.({ event: 'warning', message });
  }
}

function checked(wanted: WantedRefs): WantedRefs {
  for (const [name, at] of Object.entries(wanted.refs)) {
    if (!isRefName(name)) throw invalid('ref', name, 'a full ref name, like refs/heads/main');
    if (at !== '' && !isCommitId(at)) throw invalid(`commit of ${name}`, at, 'a whole commit id, or nothing');
  }
  for (const commit of wanted.commits) {
    if (!isCommitId(commit))
      throw invalid('commit', commit, 'a whole commit id: 40 or 64 lower-case hex digits');
  }
  return wanted;
}

/** An old clone that passes for a new one would be worse than none. */
function withRemedy(error: unknown): never {
  if (!isSluiceError(error) || error.code === 'ABORTED') throw error;
  const message = `${error.message}; the snapshot alone can be restored, with --no-bundle`;
  throw new SluiceError(error.code, message, { cause: error });
}

function invalid(what: string, value: string, allowed: string): SluiceError {
  return new SluiceError('INVALID_INPUT', `${what} ${quoted(value)}: allowed is ${allowed}`);
}
