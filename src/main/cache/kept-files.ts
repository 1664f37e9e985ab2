/** The chunk files of the disk tier: by path in order of last use, and by the folder of their object. */
import type { ByteRange } from '#shared/range.ts';
import { objectFolderOf, rangeOfPath } from './chunk-paths.ts';

export interface KeptFile {
  readonly bytes: number;
  /** The part of its object; read from the path, once. */
  readonly range: ByteRange | undefined;
}

interface Folder {
  bytes: number;
  readonly paths: Set<string>;
}

const none: ReadonlySet<string> = new Set();

export class KeptFiles {
  readonly #files = new Map<string, KeptFile>();
  readonly #folders = new Map<string, Folder>();
  #bytes = 0;

  get size(): number {
    return this.#files.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Folders of objects with at least one file. */
  get folders(): Iterable<string> {
    return this.#folders.keys();
  }

  get folderCount(): number {
    return this.#folders.size;
  }

  /** The one that was used longest ago comes first. */
  get paths(): Iterable<string> {
    return this.#files.keys();
  }

  get(path: string): KeptFile | undefined {
    return this.#files.get(path);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  add(path: string, bytes: number): void {
    this.delete(path);
    const file = { bytes, range: rangeOfPath(path) };
    this.#files.set(path, file);
    this.#bytes += file.bytes;
    const name = objectFolderOf(path);
    const folder = this.#folders.get(name) ?? { bytes: 0, paths: new Set() };
    folder.bytes += file.bytes;
    folder.paths.add(path);
    this.#folders.set(name, folder);
  }

  /** Its last use is now. */
  touch(path: string, file: KeptFile): void {
    this.#files.delete(path);
    this.#files.set(path, file);
  }

  delete(path: string): void {
    const file = this.#files.get(path);
    if (!file) return;
    this.#files.delete(path);
    this.#bytes -= file.bytes;
    const name = objectFolderOf(path);
    const folder = this.#folders.get(name);
    if (!folder) return;
    folder.bytes -= file.bytes;
    folder.paths.delete(path);
    if (folder.paths.size === 0) this.#folders.delete(name);
  }

  /** Files of every revision of the object whose folder this is. */
  inside(folder: string): ReadonlySet<string> {
    return this.#folders.get(folder)?.paths ?? none;
  }

  bytesInside(folder: string): number {
    return this.#folders.get(folder)?.bytes ?? 0;
  }
}
