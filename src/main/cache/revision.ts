/** What is in memory of one revision, and what is known about it. */
import type { FullChecksum, ObjectRevision } from '#main/object-store/object-store.ts';
import type { Reader, ResidentChunk } from './resident-chunk.ts';
import { Coverage } from './waste.ts';

/** One string for each revision. */
export function revisionKey({ key, pin, length, versionId = '' }: ObjectRevision): string {
  return `${key}\n${pin}\n${length}\n${versionId}`;
}

export class Revision {
  readonly object: ObjectRevision;
  readonly key: string;
  /** Whole chunks by index. */
  readonly chunks = new Map<number, ResidentChunk>();
  /** Small reads. */
  readonly extents = new Set<ResidentChunk>();
  /** Of the whole object; may become known late. */
  checksum: FullChecksum | undefined;
  /** What people call it, and the path by which it is asked for: as whoever asked last said. */
  known: { readonly name: string; readonly path?: string | undefined } | undefined;
  /** Why the store has it no longer; what is in memory stays good. */
  gone: unknown;
  /** Everybody who reads it, near or far from the chunks in memory. */
  readonly readers = new Set<Reader>();
  readonly #fetched = new Map<number, Coverage>();

  constructor(object: ObjectRevision) {
    this.object = object;
    this.key = revisionKey(object);
    this.checksum = object.checksum;
  }

  /** Nothing of it is in memory and nobody reads it: it need not be remembered. */
  get isUnused(): boolean {
    return this.readers.size === 0 && this.chunks.size === 0 && this.extents.size === 0;
  }

  /** What is in memory of it, whole chunks first. */
  get residents(): readonly ResidentChunk[] {
    return [...this.chunks.values(), ...this.extents];
  }

  /** The chunk or small read that has the byte at `position`, or will. */
  find(position: number, chunkBytes: number): ResidentChunk | undefined {
    const chunk = this.chunks.get(Math.floor(position / chunkBytes));
    if (chunk) return chunk;
    for (const extent of this.extents) if (extent.holds(position)) return extent;
    return undefined;
  }

  add(chunk: ResidentChunk): void {
    if (chunk.id === chunk.within) this.chunks.set(chunk.id.index, chunk);
    else this.extents.add(chunk);
  }

  remove(chunk: ResidentChunk): void {
    this.extents.delete(chunk);
    if (this.chunks.get(chunk.id.index) === chunk) this.chunks.delete(chunk.id.index);
  }

  /** Notes bytes from the store. @returns how many of them had not come before */
  noteFetched(index: number, start: number, end: number): number {
    const coverage = this.#fetched.get(index) ?? new Coverage();
    this.#fetched.set(index, coverage);
    return coverage.add(start, end);
  }
}
