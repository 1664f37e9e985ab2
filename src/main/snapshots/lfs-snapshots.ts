/** The archive of the LFS objects of HEAD, where git-lfs is installed and HEAD has any. */
import type { Git } from '#main/git/git.ts';
import { createLfsArchive, lfsVersion } from '#main/git/lfs.ts';
import type { Names, Repository } from '#main/http/names.ts';
import { SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import { freshenMetadata } from './freshen.ts';
import type { Jobs } from './jobs.ts';
import type { KeptMirror } from './kept-mirror.ts';
import type { Leases } from './lease.ts';
import type { Mirrors } from './mirrors.ts';
import { commitOf, type Publisher } from './publisher.ts';
import type { RunningJob } from './running-job.ts';

export interface LfsOptions {
  readonly git: Git;
  readonly jobs: Jobs;
  readonly mirrors: Mirrors;
  readonly publisher: Publisher;
  readonly leases: Leases;
  readonly names: Names;
}

export class LfsSnapshots {
  readonly #options: LfsOptions;

  constructor(options: LfsOptions) {
    this.#options = options;
  }

  /** Makes it unless it is up to date. */
  start(repository: Repository): RunningJob {
    return this.#options.jobs.start({ kind: 'lfs-snapshot', repository }, (job) =>
      this.#run(repository, job),
    );
  }

  /** As `start`; where git-lfs is not installed nothing happens. */
  async renew(repository: Repository, signal: AbortSignal): Promise<void> {
    if ((await lfsVersion(signal)) !== undefined) await this.start(repository).finished;
  }

  async #run(repository: Repository, job: RunningJob): Promise<string> {
    const { mirrors, publisher, leases, names } = this.#options;
    if ((await lfsVersion(job.signal)) === undefined) {
      const remedy = 'install it (apt-get install git-lfs) to have LFS snapshots';
      throw new SluiceError('PROCESS_FAILED', `git-lfs is not installed on this server: ${remedy}`);
    }
    const kept = await mirrors.ready(repository, job.signal, job);
    const key = names.lfsSnapshot(repository);
    const settled = async (): Promise<string | undefined> => {
      const commit = commitOf(await publisher.stored(key, job.signal));
      return commit !== undefined && commit === kept.head?.commit ? 'HEAD has not moved' : undefined;
    };
    return leases.make({ key, settled, make: () => this.#make(kept, key, job) }, job);
  }

  async #make(kept: KeptMirror, key: string, job: RunningJob): Promise<string> {
    const { git, publisher } = this.#options;
    const { repository, mirror } = kept;
    const made = mirror && (await createLfsArchive(git, mirror, job.signal, job.watch));
    if (!made) {
      await publisher.remove(key, job.signal);
      return 'HEAD has no LFS objects';
    }
    await using archive = made;
    const publication = {
      key,
      name: `LFS snapshot of ${repository.host}/${repository.path}`,
      headers: { 'content-type': ['application/zstd'], ...freshenMetadata(archive.commit) },
    };
    const { revision } = await publisher.publish(publication, archive.stream, job.signal);
    return `published LFS objects of ${archive.commit.slice(0, 10)}, ${formatBytes(revision.length)}`;
  }
}
