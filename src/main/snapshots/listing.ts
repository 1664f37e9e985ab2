/** Everything that is known of the repositories, for people. The store is asked about each every few seconds at most. */
import type { Catalog } from '#main/cache/catalog.ts';
import type { Names, Repository } from '#main/http/names.ts';
import type { ObjectRevision, StoredObject } from '#main/object-store/object-store.ts';
import type { RepositoryRow } from '#shared/repository-model.ts';
import type { KeptMirror } from './kept-mirror.ts';
import { commitOf } from './publisher.ts';

const freshMs = 5000;

export interface ListingOptions {
  readonly catalog: Pick<Catalog, 'current'>;
  readonly names: Names;
  /** Bytes of a revision in the levels of the cache. */
  readonly residency: (revision: ObjectRevision) => RepositoryRow['residency'];
}

export interface Listed {
  readonly repository: Repository;
  readonly fetchUrl: string;
  readonly rule: string;
  readonly kept: KeptMirror | undefined;
}

type SnapshotRow = NonNullable<RepositoryRow['snapshot']>;

interface Looked {
  readonly at: number;
  readonly stored: StoredObject | undefined;
}

const never = new AbortController().signal;

export class Listing {
  readonly #options: ListingOptions;
  readonly #looked = new Map<string, Promise<Looked>>();
  readonly #behind = new Map<
    string,
    { readonly between: string; readonly count: Promise<number | undefined> }
  >();

  constructor(options: ListingOptions) {
    this.#options = options;
  }

  /** What is stored of a repository has changed. */
  changed({ upstream }: Repository): void {
    this.#looked.delete(upstream);
    this.#behind.delete(upstream);
  }

  async row({ repository, fetchUrl, rule, kept }: Listed): Promise<RepositoryRow> {
    const stored = await this.#stored(repository);
    const behind = stored && kept ? await this.#countBehind(stored, kept) : undefined;
    const none = { memoryBytes: 0, diskBytes: 0 };
    return {
      name: repository.upstream,
      fetchUrl,
      rule,
      mirror: kept?.row ?? { state: 'absent' },
      ...(stored ? { snapshot: snapshotRow(stored, behind) } : {}),
      residency: stored ? this.#options.residency(stored.revision) : none,
      bundles: [...(kept?.bundles ?? [])],
    };
  }

  /** A store that does not answer has nothing to show; the next request for the snapshot will say why. */
  async #stored(repository: Repository): Promise<StoredObject | undefined> {
    const { catalog, names } = this.#options;
    const known = await this.#looked.get(repository.upstream);
    if (known && performance.now() - known.at < freshMs) return known.stored;
    const looking = catalog
      .current(names.snapshot(repository))
      .catch(() => undefined)
      .then((stored) => ({ at: performance.now(), stored }));
    this.#looked.set(repository.upstream, looking);
    return (await looking).stored;
  }

  async #countBehind(stored: StoredObject, kept: KeptMirror): Promise<number | undefined> {
    const commit = commitOf(stored);
    const { head, mirror } = kept;
    if (commit === undefined || !head || !mirror) return undefined;
    if (commit === head.commit) return 0;
    const between = `${commit}..${head.commit}`;
    const known = this.#behind.get(kept.repository.upstream);
    if (known?.between === between) return known.count;
    const count = mirror.countBetween(commit, head.commit, never).catch(() => undefined);
    this.#behind.set(kept.repository.upstream, { between, count });
    return count;
  }
}

function snapshotRow(stored: StoredObject, behind: number | undefined): SnapshotRow {
  const commit = commitOf(stored);
  return {
    ...(commit === undefined ? {} : { commit }),
    bytes: stored.revision.length,
    etag: stored.etag,
    storedAt: stored.lastModified.getTime(),
    ...(behind === undefined ? {} : { behind }),
  };
}
