/** Where chunks lie on disk: `{object}/{revision}/{start}-{end}.chunk`, hashes for names, below one folder. */
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { ByteRange } from '#shared/range.ts';
import type { ObjectRevision } from '#main/object-store/object-store.ts';
import type { ChunkId } from './chunk.ts';

export class ChunkPaths {
  readonly #directory: string;
  readonly #revisions = new WeakMap<ObjectRevision, string>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  chunk({ object, range }: ChunkId): string {
    return join(this.revision(object), `${range.start}-${range.end}.chunk`);
  }

  /** The folder of every revision of the object named `key`. */
  object(key: string): string {
    return join(this.#directory, objectPlaceOf(key));
  }

  /** Hashed once for each revision: it is asked for at every look-up. */
  revision(object: ObjectRevision): string {
    const known = this.#revisions.get(object);
    if (known !== undefined) return known;
    const folder = join(this.#directory, placeOf(object));
    this.#revisions.set(object, folder);
    return folder;
  }
}

/** The folder of the object whose chunk is at `path`. */
export function objectFolderOf(path: string): string {
  return dirname(dirname(path));
}

/** Where the chunks of one revision lie, below the folder of the tier. */
export function placeOf({ key, pin, length }: ObjectRevision): string {
  return join(digest(key), digest(`${pin}\n${length}`));
}

/** The place of the revision whose chunk is at `path`. */
export function placeOfPath(path: string): string {
  const folder = dirname(path);
  return join(basename(dirname(folder)), basename(folder));
}

/** The part of its object that the file at `path` has; `undefined` for a name that no chunk has. */
export function rangeOfPath(path: string): ByteRange | undefined {
  const match = /^(\d{1,16})-(\d{1,16})\.chunk$/.exec(basename(path));
  return match ? { start: Number(match[1]), end: Number(match[2]) } : undefined;
}

/** The first part of the place of every revision of the object named `key`. */
export function objectPlaceOf(key: string): string {
  return digest(key);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
