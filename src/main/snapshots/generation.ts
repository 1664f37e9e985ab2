/**
 * Makes snapshots: the archive of the mirror's HEAD goes to a spool file, and from there, as it grows, to the store
 * and to whoever waits for it. Nothing is made while HEAD is where the stored snapshot is, nor while another server
 * makes it.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createArchive } from '#main/git/archive.ts';
import type { Names, Repository } from '#main/http/names.ts';
import { orAborted } from '#main/object-store/cancel.ts';
import { SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import { freshenMetadata } from './freshen.ts';
import { branchField, isOf } from './snapshot-head.ts';
import { Growth } from './growing.ts';
import type { Jobs } from './jobs.ts';
import type { KeptMirror } from './kept-mirror.ts';
import type { Leases } from './lease.ts';
import { carryOn, type Mirrors } from './mirrors.ts';
import { commitOf, type Publisher } from './publisher.ts';
import type { RunningJob } from './running-job.ts';
import type { GrowingSnapshot } from './service.ts';
import { pieceBytes, Spool } from './spool.ts';

export interface GenerationOptions {
  readonly jobs: Jobs;
  readonly mirrors: Mirrors;
  readonly publisher: Publisher;
  readonly leases: Leases;
  readonly names: Names;
  /** For what is there for a while only. */
  readonly workFolder: string;
  /** A snapshot has become visible, or proved to be up to date. */
  readonly onCurrent: (kept: KeptMirror) => void;
}

/** A job that makes a snapshot, and the snapshot once it has begun to grow. */
interface Making {
  readonly job: RunningJob;
  /** `stored` when there was nothing to make. Rejects with why it cannot be made; never unhandled. */
  readonly growth: Promise<Growth | 'stored'>;
}

export class Generation {
  readonly #options: GenerationOptions;
  readonly #making = new Map<string, Making>();

  constructor(options: GenerationOptions) {
    this.#options = options;
  }

  /** Makes the snapshot unless it is up to date. */
  start(repository: Repository): RunningJob {
    return this.#start(repository).job;
  }

  /** As RepositoryService.grow. */
  async grow(repository: Repository, signal: AbortSignal): Promise<GrowingSnapshot | 'stored'> {
    const { publisher, names } = this.#options;
    if (await publisher.stored(names.snapshot(repository), signal)) return 'stored';
    const growth = await orAborted(this.#start(repository).growth, signal);
    return growth === 'stored' ? growth : growth.join(signal);
  }

  #start(repository: Repository): Making {
    const known = this.#making.get(repository.upstream);
    if (known && !known.job.hasEnded) return known;
    let begun: (growth: Growth) => void = () => undefined;
    const growing = new Promise<Growth>((resolve) => (begun = resolve));
    const job = this.#options.jobs.start({ kind: 'snapshot', repository }, (running) =>
      this.#run(repository, running, begun),
    );
    const growth = Promise.race([growing, job.finished.then(() => 'stored' as const)]);
    growth.catch(() => undefined);
    const making = { job, growth };
    this.#making.set(repository.upstream, making);
    const forget = (): void => {
      if (this.#making.get(repository.upstream) === making) this.#making.delete(repository.upstream);
    };
    job.finished.then(forget, forget);
    return making;
  }

  async #run(repository: Repository, job: RunningJob, begun: (growth: Growth) => void): Promise<string> {
    const { mirrors, publisher, leases, names, onCurrent } = this.#options;
    const began = performance.now();
    const kept = await mirrors.ready(repository, job.signal, job);
    // A mirror that was cloned or fetched just now is fresh enough.
    if (kept.fetchBeganAt < began)
      await job.follow(mirrors.fetch(repository)).catch((error: unknown) => carryOn(job, error));
    const { head } = kept;
    if (!head) {
      throw new SluiceError(
        'NOT_FOUND',
        `${repository.upstream} has no commit yet: there is nothing to make a snapshot of`,
      );
    }
    const key = names.snapshot(repository);
    const before = await publisher.stored(key, job.signal);
    const settled = async (): Promise<string | undefined> => {
      const stored = await publisher.stored(key, job.signal);
      if (stored && isOf(stored, head))
        return `HEAD has not moved: the snapshot of ${head.commit.slice(0, 10)} is up to date`;
      if (!stored || stored.etag === before?.etag) return undefined;
      return `another server has published commit ${commitOf(stored)?.slice(0, 10)}`;
    };
    const make = (): Promise<string> => this.#make(kept, job, begun);
    const outcome = await leases.make({ key, settled, make }, job);
    onCurrent(kept);
    return outcome;
  }

  async #make(kept: KeptMirror, job: RunningJob, begun: (growth: Growth) => void): Promise<string> {
    const { workFolder } = this.#options;
    const { upstream } = kept.repository;
    job.report('cloning');
    const how = { upstream, watch: job.watch, temp: workFolder };
    await using archive = await createArchive(kept.mirror ?? kept.path, how, job.signal);
    const spool = await Spool.create(join(workFolder, `${randomUUID()}.spool`));
    await using growth = new Growth(archive.commit, spool);
    begun(growth);
    try {
      const bytes = await this.#publish(kept, growth, archive.stream, job);
      growth.publish();
      return `published commit ${archive.commit.slice(0, 10)}, ${formatBytes(bytes)}`;
    } catch (error) {
      growth.fail(error);
      throw error;
    }
  }

  /** Writes the archive and uploads what is written, at the same time. A failure of either ends the other. */
  async #publish(
    { repository, head }: KeptMirror,
    growth: Growth,
    archive: AsyncIterable<Uint8Array>,
    job: RunningJob,
  ): Promise<number> {
    const { publisher, names } = this.#options;
    const end = new AbortController();
    const signal = AbortSignal.any([job.signal, end.signal]);
    const filling = growth.fill(archive, (bytes) =>
      job.report('archiving', { done: bytes, bytes, unit: 'bytes' }),
    );
    const filled = filling.catch((error: unknown) => {
      growth.fail(error);
      throw error;
    });
    const publication = {
      key: names.snapshot(repository),
      name: `snapshot of ${repository.host}/${repository.path}`,
      headers: {
        'content-type': ['application/zstd'],
        ...freshenMetadata(growth.commit),
        ...branchField(head),
      },
    };
    const uploading = publisher
      .publish(publication, counted(growth, job, signal), signal)
      .catch((error: unknown) => {
        growth.fail(error);
        throw error;
      });
    try {
      const [, stored] = await Promise.all([filled, uploading]);
      return stored.revision.length;
    } catch (error) {
      end.abort(error);
      await Promise.allSettled([filled, uploading]);
      throw error;
    }
  }
}

/** What the upload reads; it is the job's progress once all is written. */
async function* counted({ spool }: Growth, job: RunningJob, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let done = 0;
  // Copied into the upload's part at once, so that one buffer does.
  for await (const piece of spool.follow(signal, new Uint8Array(pieceBytes))) {
    yield piece;
    done += piece.length;
    if (spool.isComplete) job.report('uploading', { done, total: spool.bytes, bytes: done, unit: 'bytes' });
  }
}
