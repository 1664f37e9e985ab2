/**
 * What the server and the console ask of the repositories: which are allowed, what is current, and the jobs that
 * change it. Implemented by repositories.ts.
 */
import type { Repository } from '#main/http/names.ts';
import type { Job, JobKind, Repositories as RepositoriesRow } from '#shared/repository-model.ts';

/** A snapshot that is being made; its bytes can be read as they are written. */
export interface GrowingSnapshot {
  readonly commit: string;
  /**
   * All of its bytes from the first, as they come; every reader has its own. Ends without an error only when the
   * snapshot is complete and visible. Reading holds no memory but one piece, which lies in `into` when there is one
   * and may be used until the next is asked for; a reader that stops early stops nobody.
   * @throws why the snapshot could not be made
   */
  read(signal: AbortSignal, into?: Uint8Array): AsyncGenerator<Uint8Array, void, undefined>;
}

/** What a client wants to find, and on which refs and commits. Names and commits are checked already. */
export interface WantedRefs {
  /** Full ref names, and the commit each is expected at, or an empty text for any. */
  readonly refs: Readonly<Record<string, string>>;
  readonly commits: readonly string[];
}

export interface FoundRefs {
  /** The commit of each ref that exists. */
  readonly refs: Readonly<Record<string, string>>;
  readonly missingCommits: readonly string[];
  /** Whether the upstream was asked. */
  readonly fetched: boolean;
}

export interface BundleFound {
  /** The store's key of the bundle, a complete object. */
  readonly key: string;
  readonly head: string;
}

export interface RepositoryService {
  /** Whether a rule allows it. Whatever is not allowed is not found, and starts nothing. */
  allows(repository: Repository): boolean;

  /** Everything, for people. */
  list(): Promise<RepositoriesRow>;

  /** The commit of the mirror's HEAD as far as it is known now, without asking anybody. */
  head(repository: Repository): string | undefined;

  /** Its snapshot has been served: a mirror that is absent is fetched in the background. Cheap, and never throws. */
  touch(repository: Repository): void;

  /**
   * The first request for an allowed repository without a snapshot starts making one; others of that moment follow
   * it. Resolves when its commit is known; it can be read until the signal aborts. `stored`: there is one by now,
   * perhaps another server's.
   * @throws SluiceError NOT_FOUND when it is not allowed; why it cannot be made
   */
  grow(repository: Repository, signal: AbortSignal): Promise<GrowingSnapshot | 'stored'>;

  /**
   * The bundle from `base`, a checked commit id, to the mirror's HEAD, which has been compared with the upstream's.
   * `same`: base is HEAD. `unknown`: the mirror does not have it, or cannot get from there to HEAD.
   * @throws SluiceError NOT_FOUND when it is not allowed
   */
  bundle(
    repository: Repository,
    base: string,
    signal: AbortSignal,
  ): Promise<BundleFound | 'same' | 'unknown'>;

  /** Asks the upstream when something of `wanted` is missing. @throws SluiceError NOT_FOUND when it is not allowed */
  ensureRefs(repository: Repository, wanted: WantedRefs, signal: AbortSignal): Promise<FoundRefs>;

  /**
   * Starts a job, or finds the one of this kind that is under way: `clone` (adds a mirror), `fetch`, `snapshot` (now,
   * unless HEAD has not moved), `lfs-snapshot`.
   * @throws SluiceError NOT_FOUND when it is not allowed
   */
  start(repository: Repository, kind: Exclude<JobKind, 'bundle' | 'restore'>): Job;

  /** The job as it is now. */
  job(id: number): Job | undefined;

  /** Ends a job; nothing of it is left behind. False when it has ended already. */
  cancel(id: number): boolean;

  /** What git, tar and the others have written, secrets taken out; the newest lines when there are many. */
  log(id: number): readonly string[];

  /** Removes the mirror, and the snapshot and bundles from every level. @throws SluiceError NOT_FOUND */
  remove(repository: Repository, signal: AbortSignal): Promise<void>;
}
