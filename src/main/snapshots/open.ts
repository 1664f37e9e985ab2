/** Opens the repositories that the configuration allows: what is known of them, and the parts that work on them. */
import type { Logger } from 'pino';
import type { Catalog } from '#main/cache/catalog.ts';
import type { Arena } from '#main/flow/arena.ts';
import { Git, readTokens } from '#main/git/git.ts';
import type { Names, Repository } from '#main/http/names.ts';
import type { ObjectRevision, ObjectStore } from '#main/object-store/object-store.ts';
import { isHttpOrigin, type Config } from '#shared/config.ts';
import type { RepositoryRow } from '#shared/repository-model.ts';
import { fetchUrlOf, ruleFor } from '#shared/repository-rules.ts';
import { Bundles } from './bundles.ts';
import { Generation } from './generation.ts';
import { Jobs } from './jobs.ts';
import type { KeptMirror } from './kept-mirror.ts';
import { Leases, type LeaseTimes } from './lease.ts';
import { LfsSnapshots } from './lfs-snapshots.ts';
import { Listing } from './listing.ts';
import { MirrorSnapshots } from './mirror-snapshots.ts';
import { Mirrors, type MirrorsOptions } from './mirrors.ts';
import { noRepositories } from './no-repositories.ts';
import { Publisher } from './publisher.ts';
import { Repositories, type Parts } from './repositories.ts';
import { Schedule } from './schedule.ts';
import { explainGit } from './sentences.ts';
import type { RepositoryService } from './service.ts';
import { openWorkFolder, type WorkFolder } from './work-folder.ts';

export interface OpenOptions {
  readonly config: Pick<
    Config,
    'repositories' | 'upstreamTokenFile' | 'dataDir' | 'store' | 'fetchIntervalMs' | 'snapshotIntervalMs'
  >;
  readonly store: Pick<ObjectStore, 'lease' | 'openRange'>;
  readonly catalog: Pick<Catalog, 'current' | 'forget' | 'put' | 'delete'>;
  readonly names: Names;
  /** Parts for uploads, from the memory budget. */
  readonly uploads: Pick<Arena, 'take'>;
  /** Bytes of a revision in the levels of the cache. */
  readonly residency: (revision: ObjectRevision) => RepositoryRow['residency'];
  readonly log: Logger;
  /** For tests; the defaults are for everybody else. */
  readonly times?:
    { readonly lease?: LeaseTimes | undefined; readonly intervals?: MirrorsOptions['intervals'] } | undefined;
}

/**
 * The repositories of a server; dispose of them at the end. Where none is allowed, git is not needed and nothing is
 * touched. What a crash has left in the data folder is removed.
 * @throws SluiceError INVALID_INPUT for a token file that cannot be used, PROCESS_FAILED when git cannot be run; the
 *   system's error when the data folder cannot be used
 */
export async function openRepositories(options: OpenOptions): Promise<RepositoryService & AsyncDisposable> {
  const { repositories, dataDir, upstreamTokenFile: tokenFile } = options.config;
  if (repositories.length === 0) return { ...noRepositories, [Symbol.asyncDispose]: async () => undefined };
  const tokens = tokenFile === undefined ? undefined : await readTokens(tokenFile);
  const work = await openWorkFolder(dataDir);
  try {
    const git = await Git.create({ folder: work.path, ...(tokens ? { tokens } : {}) });
    return new Repositories(options, await openParts(options, git, work));
  } catch (error) {
    await work[Symbol.asyncDispose]();
    throw error;
  }
}

async function openParts(options: OpenOptions, git: Git, work: WorkFolder): Promise<Parts> {
  const { config, store, catalog, names, uploads, times, log } = options;
  const fetchUrl = (repository: Repository): string | undefined => {
    const rule = ruleFor(config.repositories, repository);
    return rule && fetchUrlOf(rule, repository);
  };
  const jobs = new Jobs({
    log,
    explain: (repository) => (error, lines) =>
      explainGit(error, lines, {
        fetchUrl: fetchUrl(repository) ?? repository.upstream,
        repository: repository.path,
      }),
  });
  const publisher = new Publisher({ catalog, uploads });
  const leases = new Leases(store, times?.lease);
  const base = { git, jobs, publisher, leases, names, store, workFolder: work.path };
  // What the embedded store has does not outlive this process.
  const isKept = config.store !== 'embedded' && !isHttpOrigin(config.store);
  const mirrorSnapshots = isKept ? new MirrorSnapshots(base) : undefined;
  const mirrors = await Mirrors.open({
    ...base,
    dataDir: config.dataDir,
    isAlone: work.isAlone,
    fetchUrl,
    restore: async (kept, job) => (await mirrorSnapshots?.restore(kept, job)) === true,
    intervals: times?.intervals,
  });
  const listing = new Listing(options);
  const onCurrent = (kept: KeptMirror): void => {
    listing.changed(kept.repository);
    mirrorSnapshots?.renew(kept);
  };
  return {
    work,
    jobs,
    mirrors,
    publisher,
    listing,
    generation: new Generation({ ...base, mirrors, onCurrent }),
    lfs: new LfsSnapshots({ ...base, mirrors }),
    bundles: new Bundles(base),
    schedule: new Schedule(),
  };
}
