/** Where chunks lie on disk: `{object}/{revision}/{start}-{end}.chunk`, hashes for names, below one folder. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { ChunkId } from './chunk.ts';

export class ChunkPaths {
  readonly #directory: string;
  readonly #revisions = new WeakMap<ObjectRevision, string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  chunk({ object, range }: ChunkId): string {
    return join(this.#revisionFolder(object), `${range.start}-${range.end}.chunk`);
  }

  /** The folder of every revision of the object named `key`. */
  object(key: string): string {
    return join(this.#directory, digest(key));
  }

  /** Hashed once for each revision: it is asked for at every look-up. */
  #revisionFolder(object: ObjectRevision): string {
    const known = this.#revisions.get(object);
    if (known !== undefined) return known;
    const folder = join(this.object(object.key), digest(`${object.pin}\n${object.length}`));
    this.#revisions.set(object, folder);
    return folder;
  }
}

/** The folder of the object whose chunk is at `path`. */
export function objectFolderOf(path: string): string {
  return dirname(dirname(path));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
