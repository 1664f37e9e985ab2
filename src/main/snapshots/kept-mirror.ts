/** One mirror: its folder, what is known of it, and the git repository in it once that has been looked at. */
import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { filesBelow } from '#main/git/folder.ts';
import type { Git, GitWatch } from '#main/git/git.ts';
import { Mirror, type MirrorHead } from '#main/git/mirror.ts';
import type { Repository } from '#main/http/names.ts';
import { ignore } from '#main/object-store/cancel.ts';
import { KeyedLock } from '#main/object-store/keyed-lock.ts';
import type { RepositoryRow } from '#shared/repository-model.ts';
import {
  readMirrorRecord,
  writeMirrorRecord,
  type BundleRecord,
  type MirrorRecord,
} from './mirror-record.ts';

const maxBundles = 32;

/** The name of the folder of a repository's mirror. */
function mirrorName({ upstream }: Repository): string {
  return createHash('sha256').update(upstream).digest('hex');
}

export interface MirrorPlace {
  /** The folder of all mirrors. */
  readonly mirrors: string;
  readonly fetchUrl: string;
  readonly git: Git;
}

export class KeptMirror {
  readonly repository: Repository;
  readonly fetchUrl: string;
  readonly #folder: string;
  readonly #git: Git;
  readonly #writes = new KeyedLock();
  /** Held by whoever changes the repository, or needs it unchanged. */
  readonly #changes = new KeyedLock();
  #record: MirrorRecord;
  #mirror: Mirror | undefined;
  #opening: Promise<boolean> | undefined;
  #state: RepositoryRow['mirror']['state'];
  /** When the last clone or fetch began that brought everything; these three on the process's clock. */
  fetchBeganAt = Number.NEGATIVE_INFINITY;
  /** When the last fetch began, well or badly. */
  fetchedAgainAt = Number.NEGATIVE_INFINITY;
  /** When somebody looked at the upstream's HEAD last. */
  lookedAt = Number.NEGATIVE_INFINITY;
  /** Why it could not be cloned last, and when. */
  failure: { readonly error: unknown; readonly at: number } | undefined;

  constructor(repository: Repository, { mirrors, fetchUrl, git }: MirrorPlace, record?: MirrorRecord) {
    this.repository = repository;
    this.fetchUrl = fetchUrl;
    this.#folder = join(mirrors, mirrorName(repository));
    this.#git = git;
    this.#record = record ?? { upstream: repository.upstream, bundles: [] };
    this.#state = record ? 'ready' : 'absent';
  }

  /** The bare repository. */
  get path(): string {
    return join(this.#folder, 'mirror.git');
  }

  /** The repository, once it has proved to be whole. */
  get mirror(): Mirror | undefined {
    return this.#mirror;
  }

  get head(): MirrorHead | undefined {
    const { head } = this.#record;
    return head && { commit: head.commit, branch: head.branch };
  }

  get bundles(): readonly BundleRecord[] {
    return this.#record.bundles;
  }

  get row(): RepositoryRow['mirror'] {
    const { head, fetchedAt, bytes } = this.#record;
    return {
      state: this.#state,
      ...(head ? { head: head.commit } : {}),
      ...(head?.branch === undefined ? {} : { branch: head.branch }),
      ...(fetchedAt === undefined ? {} : { fetchedAt }),
      ...(bytes === undefined ? {} : { bytes }),
    };
  }

  /** Looks at what is there; false when there is nothing, or nothing that can be used. @throws SluiceError */
  open(signal: AbortSignal): Promise<boolean> {
    if (this.#mirror) return Promise.resolve(true);
    return (this.#opening ??= this.#look(signal).finally(() => (this.#opening = undefined)));
  }

  async #look(signal: AbortSignal): Promise<boolean> {
    const mirror = await Mirror.open(this.#git, this.path, this.fetchUrl, signal);
    if (!mirror) {
      if (this.#state === 'ready') this.#state = 'broken';
      return false;
    }
    await this.#adopt(mirror, signal);
    return true;
  }

  /** Makes it, by `restore` when that can, else from the upstream. @throws SluiceError */
  async clone(
    restore: () => Promise<boolean>,
    signal: AbortSignal,
    watch: GitWatch,
  ): Promise<'restored' | 'cloned'> {
    const before = this.#state;
    this.#state = 'cloning';
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      if ((await restore()) && (await this.open(signal))) return 'restored';
      const began = performance.now();
      const mirror = await Mirror.clone(
        this.#git,
        { folder: this.path, fetchUrl: this.fetchUrl },
        signal,
        watch,
      );
      this.fetchBeganAt = began;
      await this.#adopt(mirror, signal);
      await this.#note({ fetchedAt: Date.now() });
      return 'cloned';
    } catch (error) {
      this.#state = before;
      // Anybody can ask for names that a pattern allows and nobody has: nothing of them may stay.
      if (before === 'absent') await rmdir(this.#folder).catch(ignore);
      throw error;
    }
  }

  /** Asks the upstream for everything; finds out whether the mirror is broken when that fails. @throws SluiceError */
  fetch(signal: AbortSignal, watch: GitWatch): Promise<void> {
    return this.#changes.run('', () => this.#fetch(signal, watch));
  }

  async #fetch(signal: AbortSignal, watch: GitWatch): Promise<void> {
    const mirror = this.#mirror;
    if (!mirror) return;
    const began = performance.now();
    this.fetchedAgainAt = began;
    try {
      await mirror.fetch(signal, watch);
      this.fetchBeganAt = began;
      this.lookedAt = began;
      await this.#adopt(mirror, signal);
      await this.#note({ fetchedAt: Date.now() });
    } catch (error) {
      if (!signal.aborted && !(await Mirror.open(this.#git, this.path, this.fetchUrl, signal))) {
        this.#mirror = undefined;
        this.#state = 'broken';
      }
      throw error;
    }
  }

  /** The large cleaning, when that is due; a fetch waits for it. @throws SluiceError ABORTED */
  clean(signal: AbortSignal, watch: GitWatch): Promise<void> {
    return this.#changes.run('', async () => this.#mirror?.clean(signal, watch));
  }

  /** Puts `parts` of the repository into `folder` as they are at one moment: links for what never changes. */
  linkTo(folder: string, parts: readonly string[]): Promise<void> {
    return this.#changes.run('', async () => {
      for (const part of parts) {
        const path = join(this.path, part);
        const found = await stat(path).catch(() => undefined);
        const files = found?.isDirectory() ? filesBelow(path) : found ? [path] : [];
        for await (const file of files) {
          const place = join(folder, relative(this.path, file));
          await mkdir(dirname(place), { recursive: true });
          await (part === 'objects' ? link(file, place) : copyFile(file, place));
        }
      }
    });
  }

  /** Notes that a bundle is in the store, in the place of an older one from the same base. */
  async addBundle(bundle: BundleRecord): Promise<void> {
    const others = this.bundles.filter(({ base }) => base !== bundle.base);
    await this.#note({ bundles: [bundle, ...others].slice(0, maxBundles) });
  }

  /** Removes all of it. @throws the system's error */
  async remove(): Promise<void> {
    this.#mirror = undefined;
    this.#state = 'absent';
    this.#record = { upstream: this.repository.upstream, bundles: [] };
    await this.#writes.settled('');
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async #adopt(mirror: Mirror, signal: AbortSignal): Promise<void> {
    const head = await mirror.head(signal);
    await this.#note({ head, bytes: await mirror.sizeBytes() });
    this.#mirror = mirror;
    this.#state = 'ready';
    this.failure = undefined;
  }

  async #note(change: Partial<MirrorRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    await this.#writes.run('', () => writeMirrorRecord(this.#folder, this.#record));
  }
}

/** Reads the records of all mirrors, and removes what a crash has left. */
export async function takeStock(
  mirrors: string,
  isLeft: (name: string) => boolean,
): Promise<readonly MirrorRecord[]> {
  const records: MirrorRecord[] = [];
  for (const name of await readdir(mirrors)) {
    const folder = join(mirrors, name);
    const inside = await readdir(folder);
    const left = inside.filter(isLeft);
    for (const each of left) await rm(join(folder, each), { recursive: true, force: true, maxRetries: 3 });
    const record = await readMirrorRecord(folder);
    if (record) records.push(record);
    // A first clone that never came to its end.
    else if (left.length === inside.length) await rm(folder, { recursive: true, force: true });
  }
  return records;
}
