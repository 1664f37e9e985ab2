/** The revisions that somebody reads or of which something is in memory. The others are forgotten. */
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { Reader, ResidentChunk } from './resident-chunk.ts';
import { Revision, revisionKey } from './revision.ts';

export class Revisions {
  readonly #byKey = new Map<string, Revision>();

  /** The record of a revision that somebody has found in the store and is about to read. */
  of(object: ObjectRevision): Revision {
    const revision = this.#byKey.get(revisionKey(object)) ?? new Revision(object);
    this.#byKey.set(revision.key, revision);
    revision.gone = undefined;
    return revision;
  }

  /** The record of a revision, if somebody reads it or something of it is in memory. */
  find(object: ObjectRevision): Revision | undefined {
    return this.#byKey.get(revisionKey(object));
  }

  /** The reader has nothing to do with the revision any more. */
  leave(revision: Revision, reader: Reader): void {
    revision.readers.delete(reader);
    this.#tidy(revision);
  }

  /** What is in memory of all revisions of the object named `key`. */
  residentsOf(key: string): readonly ResidentChunk[] {
    return [...this.#byKey.values()]
      .filter(({ object }) => object.key === key)
      .flatMap((revision) => revision.residents);
  }

  /** The chunk is not in memory any more. */
  remove(chunk: ResidentChunk): void {
    const revision = this.#byKey.get(revisionKey(chunk.id.object));
    if (!revision) return;
    revision.remove(chunk);
    this.#tidy(revision);
  }

  #tidy(revision: Revision): void {
    if (revision.isUnused && this.#byKey.get(revision.key) === revision) this.#byKey.delete(revision.key);
  }
}
