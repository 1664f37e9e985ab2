/**
 * The archive of a mirror in the store, from which a new machine gets its mirror without cloning it from the upstream:
 * a bare repository, as it is. Of what comes back from the store only objects and refs are taken: a bare repository's
 * configuration can make git run a program, and a store may be written by others.
 */
import { lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { filesBelow } from '#main/git/folder.ts';
import { plainEnvironment, type Git } from '#main/git/git.ts';
import { feedProgram, startProgram } from '#main/git/process.ts';
import { tarball } from '#main/git/tarball.ts';
import { decompress } from '#main/git/zstd.ts';
import type { Names } from '#main/http/names.ts';
import type { ObjectStore, StoredObject } from '#main/object-store/object-store.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import { freshenMetadata } from './freshen.ts';
import type { Jobs } from './jobs.ts';
import type { KeptMirror } from './kept-mirror.ts';
import type { Leases } from './lease.ts';
import { commitOf, type Publisher } from './publisher.ts';
import type { RunningJob } from './running-job.ts';
import { readStored } from './stored-bytes.ts';

/** A mirror that is a day old is brought up to date by one fetch. */
const renewMs = 24 * 3_600_000;

/** What a mirror is made of. The last is a mark of ours: when it was cleaned up. */
const mirrorParts = ['HEAD', 'packed-refs', 'refs', 'objects', 'sluice-cleaned'] as const;

export interface MirrorSnapshotsOptions {
  readonly git: Git;
  readonly jobs: Jobs;
  readonly publisher: Publisher;
  readonly leases: Leases;
  readonly names: Names;
  readonly store: Pick<ObjectStore, 'openRange'>;
  readonly workFolder: string;
}

export class MirrorSnapshots {
  readonly #options: MirrorSnapshotsOptions;

  constructor(options: MirrorSnapshotsOptions) {
    this.#options = options;
  }

  /** Archives the mirror unless that was done within a day. */
  renew(kept: KeptMirror): RunningJob {
    const { jobs, leases, names, publisher } = this.#options;
    const { repository } = kept;
    const key = names.mirrorSnapshot(repository);
    return jobs.start({ kind: 'snapshot', repository, detail: 'mirror' }, (job) => {
      const settled = async (): Promise<string | undefined> => {
        const stored = await publisher.stored(key, job.signal);
        const isYoung = stored && Date.now() - stored.lastModified.getTime() < renewMs;
        return isYoung ? 'the archive of the mirror is of today' : undefined;
      };
      return leases.make({ key, settled, make: () => this.#make(kept, key, job) }, job);
    });
  }

  /** Brings a mirror back to `kept.path`, if one is in the store; what goes wrong is said, and is no failure. */
  async restore(kept: KeptMirror, job: RunningJob): Promise<boolean> {
    const { names, publisher, workFolder } = this.#options;
    const folder = await mkdtemp(join(workFolder, 'restore-'));
    try {
      const stored = await publisher.stored(names.mirrorSnapshot(kept.repository), job.signal);
      if (!stored) return false;
      job.report('restoring the mirror');
      await this.#extract(stored, folder, job);
      await this.#install(kept, folder, stored, job);
      return true;
    } catch (error) {
      job.signal.throwIfAborted();
      job.line(`cloning, since the mirror could not be restored from the store: ${messageOf(error)}`);
      return false;
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async #make(kept: KeptMirror, key: string, job: RunningJob): Promise<string> {
    const { publisher, workFolder } = this.#options;
    const { head, repository } = kept;
    if (!head) return 'the repository has no commit yet';
    const folder = await mkdtemp(join(workFolder, 'mirror-'));
    try {
      await this.#initialize(folder, head.commit, repository.upstream, job);
      await kept.linkTo(folder, mirrorParts);
      const onBytes = (bytes: number): void =>
        job.report('archiving the mirror', { done: bytes, bytes, unit: 'bytes' });
      const body = tarball(folder, { content: '.', onBytes }, job.signal);
      const name = `mirror of ${repository.host}/${repository.path}`;
      const headers = { 'content-type': ['application/zstd'], ...freshenMetadata(head.commit) };
      const { revision } = await publisher.publish({ key, name, headers }, body, job.signal);
      return `archived the mirror, ${formatBytes(revision.length)}`;
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async #extract(stored: StoredObject, folder: string, job: RunningJob): Promise<void> {
    const { publisher, store } = this.#options;
    const raw = join(folder, 'raw');
    await mkdir(raw);
    using part = await publisher.part('restore of a mirror', job.signal);
    const total = stored.revision.length;
    const bytes = readStored(store, stored.revision, part.memory, job.signal);
    const counted = async function* () {
      let done = 0;
      for await (const piece of bytes) {
        done += piece.length;
        job.report('restoring the mirror', { done, total, bytes: done, unit: 'bytes' });
        yield piece;
      }
    };
    const args = ['-C', raw, '--no-same-owner', '-xf', '-'];
    await using tar = startProgram('tar', args, { env: plainEnvironment() }, job.signal);
    tar.output.resume();
    await feedProgram(tar, decompress(counted(), job.signal));
    await tar.finished;
  }

  /** A repository of our own making, with the objects and refs of the one that was extracted. */
  async #install(kept: KeptMirror, folder: string, stored: StoredObject, job: RunningJob): Promise<void> {
    const raw = join(folder, 'raw');
    for await (const path of filesBelow(raw)) {
      if ((await lstat(path)).isFile()) continue;
      throw new SluiceError('STORE_MISBEHAVED', 'there is a link in the archive');
    }
    const bare = join(folder, 'bare');
    await this.#initialize(bare, commitOf(stored) ?? '', kept.fetchUrl, job);
    for (const part of mirrorParts) {
      const isThere = await lstat(join(raw, part)).catch(() => undefined);
      if (!isThere) continue;
      await rm(join(bare, part), { recursive: true, force: true });
      await rename(join(raw, part), join(bare, part));
    }
    // Objects that lie elsewhere.
    await rm(join(bare, 'objects', 'info', 'alternates'), { force: true });
    await rm(kept.path, { recursive: true, force: true, maxRetries: 3 });
    await rename(bare, kept.path);
  }

  /** An empty bare repository with object ids as long as `commit`. */
  async #initialize(folder: string, commit: string, url: string, job: RunningJob): Promise<void> {
    const { git, workFolder } = this.#options;
    const format = commit.length === 64 ? 'sha256' : 'sha1';
    const how = ['--quiet', '--bare', '--template=', `--object-format=${format}`];
    await git.run(workFolder, ['init', ...how, '--', folder], job.signal);
    await git.run(folder, ['--git-dir=.', 'config', 'remote.origin.url', url], job.signal);
  }
}
