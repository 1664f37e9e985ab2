/**
 * The objects that this server has served, by name: the caches themselves know only keys, and folders on disk only
 * hashes of them. Also which of them are pinned. It survives restarts in a small file, with what is on disk: names are
 * saved after a while, pins at once.
 *
 * A pin counts with the whole length of its object, whatever is cached of it, so that the pinned bytes can never pass
 * their limit later. It moves on to the next revision of the object where that fits, and ends where it does not.
 */
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import { formatBytes } from '#shared/units.ts';
import { objectPlaceOf, placeOf } from './chunk-paths.ts';

const fileSchema = z.array(
  z.object({
    name: z.string(),
    key: z.string(),
    pin: z.string(),
    length: z.number().int().nonnegative(),
    versionId: z.string().optional(),
    usedAt: z.number(),
    isPinned: z.boolean(),
  }),
);

/** Least recently used ones beyond this are forgotten, unless they are pinned. */
const maxObjects = 10_000;
const saveAfterMs = 10_000;

export interface KnownObject {
  readonly name: string;
  readonly revision: ObjectRevision;
  readonly usedAt: number;
  readonly isPinned: boolean;
}

export interface KnownObjectsOptions {
  /** Where they are saved. */
  readonly file: string;
  /** What pinned objects may come to in all. */
  readonly pinLimitBytes: number;
  /** Where they could not be saved, or a pin could not move on, it is said here. */
  readonly onTrouble: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export class KnownObjects implements AsyncDisposable {
  readonly pinLimitBytes: number;
  /** Told when something is pinned, or is not any more. */
  onPins: () => void = () => undefined;
  readonly #options: KnownObjectsOptions;
  /** By key, in order of last use. */
  readonly #byKey = new Map<string, KnownObject>();
  readonly #keys = new Map<string, string>();
  /** By the first part of their place on disk. */
  readonly #keysByPlace = new Map<string, string>();
  readonly #pinnedPlaces = new Set<string>();
  #pinnedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  private constructor(options: KnownObjectsOptions) {
    this.#options = options;
    this.pinLimitBytes = options.pinLimitBytes;
  }

  /** Reads what was saved; a file that cannot be read is as good as none. */
  static async open(options: KnownObjectsOptions): Promise<KnownObjects> {
    const known = new KnownObjects(options);
    try {
      const saved = fileSchema.parse(JSON.parse(await readFile(options.file, 'utf8')));
      for (const { name, usedAt, isPinned, ...revision } of saved) {
        const fits = known.#pinnedBytes + revision.length <= options.pinLimitBytes;
        known.#put({ name, usedAt, revision, isPinned: isPinned && fits });
      }
    } catch {
      // The first start, or a file that somebody else has written: names come back with the next requests.
    }
    return known;
  }

  /** The one that was used last comes last. */
  [Symbol.iterator](): Iterator<KnownObject> {
    return this.#byKey.values();
  }

  get pins(): { readonly limitBytes: number; readonly bytes: number; readonly count: number } {
    return { limitBytes: this.pinLimitBytes, bytes: this.#pinnedBytes, count: this.#pinnedPlaces.size };
  }

  named(name: string): KnownObject | undefined {
    return this.#byKey.get(this.#keys.get(name) ?? '');
  }

  /** For people; the key itself when nobody has asked for it by name. */
  nameOf(key: string): string {
    return this.#byKey.get(key)?.name ?? key;
  }

  /** For people; the place itself when it is not known whose it is. */
  nameAt(place: string): string {
    const [object = ''] = place.split(/[\\/]/);
    return this.nameOf(this.#keysByPlace.get(object) ?? place);
  }

  knowsPlace(objectPlace: string): boolean {
    return this.#keysByPlace.has(objectPlace);
  }

  isKept({ key, pin, length }: ObjectRevision): boolean {
    if (this.#pinnedPlaces.size === 0) return false;
    const known = this.#byKey.get(key);
    return known?.isPinned === true && known.revision.pin === pin && known.revision.length === length;
  }

  isKeptAt(place: string): boolean {
    return this.#pinnedPlaces.has(place);
  }

  /** Somebody reads the object. */
  used(revision: ObjectRevision, name: string): void {
    const before = this.#byKey.get(revision.key);
    const isSame = before?.revision.pin === revision.pin && before.revision.length === revision.length;
    if (before && isSame) {
      this.#byKey.delete(revision.key);
      this.#byKey.set(revision.key, { ...before, usedAt: Date.now() });
      this.#saveLater();
      return;
    }
    if (before) this.#remove(before);
    const fits = this.#pinnedBytes + revision.length <= this.pinLimitBytes;
    const isPinned = before?.isPinned === true && fits;
    this.#put({ name: before?.name ?? name, revision, usedAt: Date.now(), isPinned });
    if (before?.isPinned) {
      if (!fits) this.#options.onTrouble('a pinned object has grown too long to stay pinned', { name });
      this.onPins();
    }
    this.#trim();
    this.#saveLater();
  }

  /** @throws SluiceError CONFLICT when pinned objects would come to more than they may */
  async pin(known: KnownObject): Promise<void> {
    if (known.isPinned) return;
    const { length } = known.revision;
    const afterwards = this.#pinnedBytes + length;
    if (afterwards > this.pinLimitBytes) {
      throw new SluiceError(
        'INVALID_INPUT',
        `${known.name} has ${formatBytes(length)}: pinned objects would come to ${formatBytes(afterwards)}, ` +
          `and may come to ${formatBytes(this.pinLimitBytes)}, half of the cache`,
      );
    }
    await this.#setPinned(known, 'pinned');
  }

  async unpin(known: KnownObject): Promise<void> {
    if (known.isPinned) await this.#setPinned(known, 'free');
  }

  /** The object is no more: nothing of it is pinned any more. */
  deleted(key: string): void {
    const known = this.#byKey.get(key);
    if (known?.isPinned) void this.#setPinned(known, 'free');
  }

  /** Saves what has not been saved. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer) this.#save();
    await this.#saving;
  }

  async #setPinned(known: KnownObject, state: 'pinned' | 'free'): Promise<void> {
    this.#remove(known);
    this.#put({ ...known, isPinned: state === 'pinned' });
    this.onPins();
    this.#save();
    await this.#saving;
  }

  #put(known: KnownObject): void {
    const { name, revision, isPinned } = known;
    this.#byKey.set(revision.key, known);
    this.#keys.set(name, revision.key);
    this.#keysByPlace.set(objectPlaceOf(revision.key), revision.key);
    if (!isPinned) return;
    this.#pinnedPlaces.add(placeOf(revision));
    this.#pinnedBytes += revision.length;
  }

  #remove({ name, revision, isPinned }: KnownObject): void {
    this.#byKey.delete(revision.key);
    if (this.#keys.get(name) === revision.key) this.#keys.delete(name);
    this.#keysByPlace.delete(objectPlaceOf(revision.key));
    if (!isPinned) return;
    this.#pinnedPlaces.delete(placeOf(revision));
    this.#pinnedBytes -= revision.length;
  }

  #trim(): void {
    if (this.#byKey.size <= maxObjects) return;
    for (const known of this.#byKey.values()) {
      if (known.isPinned) continue;
      this.#remove(known);
      return;
    }
  }

  #saveLater(): void {
    this.#timer ??= setTimeout(() => this.#save(), saveAfterMs).unref();
  }

  #save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { file, onTrouble } = this.#options;
    const text = JSON.stringify(
      [...this.#byKey.values()].map(({ name, usedAt, isPinned, revision }) => {
        const { key, pin, length, versionId } = revision;
        return { name, key, pin, length, versionId, usedAt, isPinned };
      }),
    );
    const incoming = `${file}.${randomUUID()}`;
    this.#saving = this.#saving
      .then(() => writeFile(incoming, text, { mode: 0o600 }))
      .then(() => rename(incoming, file))
      .catch(async (error: unknown) => {
        await rm(incoming, { force: true });
        onTrouble('the names of cached objects could not be saved', { reason: String(error) });
      });
  }
}
