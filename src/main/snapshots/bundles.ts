/**
 * Bundles on request: from a client's commit to HEAD. They are objects of the store like any other, so they have
 * ranges and caches; each lives as long as somebody asks for it, and is made anew when HEAD has moved.
 */
import { createBundle } from '#main/git/bundle.ts';
import type { Git } from '#main/git/git.ts';
import type { Mirror } from '#main/git/mirror.ts';
import type { Names } from '#main/http/names.ts';
import { orAborted } from '#main/object-store/cancel.ts';
import { isSluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import type { Jobs } from './jobs.ts';
import type { KeptMirror } from './kept-mirror.ts';
import type { Publisher } from './publisher.ts';
import type { RunningJob } from './running-job.ts';
import type { BundleFound } from './service.ts';

/** A look in the second half of its life puts the end off (see ObjectStore.head). */
const timeToLiveMs = 7 * 24 * 3_600_000;
const headField = 'x-sluice-bundle-head';

export interface BundlesOptions {
  readonly git: Git;
  readonly jobs: Jobs;
  readonly publisher: Publisher;
  readonly names: Names;
}

export class Bundles {
  readonly #options: BundlesOptions;

  constructor(options: BundlesOptions) {
    this.#options = options;
  }

  /** The bundle from `base` to HEAD as the mirror has it. @throws why it cannot be made */
  async find(kept: KeptMirror, base: string, signal: AbortSignal): Promise<BundleFound | 'same' | 'unknown'> {
    const { jobs, publisher, names } = this.#options;
    const { mirror, head, repository } = kept;
    if (!mirror || !head) return 'unknown';
    if (base === head.commit) return 'same';
    if (!(await mirror.hasCommit(base, signal))) return 'unknown';
    const key = names.bundle(repository, base);
    const stored = await publisher.stored(key, signal);
    if (stored?.headers[headField]?.[0] === head.commit) return { key, head: head.commit };
    const job = jobs.start({ kind: 'bundle', repository, detail: base }, (running) =>
      this.#make(kept, mirror, base, running),
    );
    try {
      await orAborted(job.finished, signal);
    } catch (error) {
      // Nothing leads from there to HEAD.
      if (isSluiceError(error, 'NOT_FOUND')) return 'unknown';
      throw error;
    }
    return { key, head: kept.bundles.find((bundle) => bundle.base === base)?.head ?? head.commit };
  }

  async #make(kept: KeptMirror, mirror: Mirror, base: string, job: RunningJob): Promise<string> {
    const { git, publisher, names } = this.#options;
    const { repository } = kept;
    job.report('bundling');
    await using bundle = await createBundle(git, mirror, base, job.signal);
    const publication = {
      key: names.bundle(repository, base),
      name: `bundle of ${repository.host}/${repository.path}`,
      headers: { 'content-type': ['application/x-git-bundle'], [headField]: [bundle.head] },
      timeToLiveMs,
    };
    const stored = await publisher.publish(publication, counted(bundle.stream, job), job.signal);
    const bytes = stored.revision.length;
    await kept.addBundle({ base, head: bundle.head, bytes, madeAt: Date.now() });
    return `${base.slice(0, 10)} to ${bundle.head.slice(0, 10)}, ${formatBytes(bytes)}`;
  }
}

async function* counted(stream: AsyncIterable<Uint8Array>, job: RunningJob): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of stream) {
    bytes += piece.length;
    job.report('bundling', { done: bytes, bytes, unit: 'bytes' });
    yield piece;
  }
}
