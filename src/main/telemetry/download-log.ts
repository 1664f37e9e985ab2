/**
 * The downloads of the recent past: how each revision was fetched from the store, piece by piece. Bounded in number
 * and in bytes; whatever ended longest ago makes room first, then whatever began longest ago.
 */
import { maxDownloads, maxLogBytes } from '#shared/vocabulary/downloads.ts';
import type { ChunkWatch, PieceWatch, WatchedPiece, WatchedRevision } from './chunk-watch.ts';
import { pageRows } from './chunk-records.ts';
import { type LogClock, RecordedDownload } from './recorded-download.ts';

export interface DownloadLogOptions {
  /** Milliseconds on the engine's clock. */
  readonly now: () => number;
  readonly limits?: { readonly downloads: number; readonly bytes: number };
}

export class DownloadLog implements ChunkWatch {
  readonly #clock: LogClock;
  readonly #limits: { readonly downloads: number; readonly bytes: number };
  /** In the order in which they began. */
  readonly #downloads = new Map<number, RecordedDownload>();
  /** Those that go on, by revision. */
  readonly #open = new Map<string, RecordedDownload>();
  #nextId = 1;
  #version = 0;
  #forgotten = 0;

  constructor({ now, limits = { downloads: maxDownloads, bytes: maxLogBytes } }: DownloadLogOptions) {
    this.#limits = limits;
    this.#clock = { now, nextVersion: () => (this.#version += 1) };
  }

  /** Milliseconds on the engine's clock, as all times here. */
  get now(): number {
    return this.#clock.now();
  }

  /** The newest change. */
  get version(): number {
    return this.#version;
  }

  /** Downloads that are remembered no longer. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get byteLength(): number {
    let bytes = 0;
    for (const download of this.#downloads.values()) bytes += download.byteLength;
    return bytes;
  }

  /** Newest first. */
  get downloads(): readonly RecordedDownload[] {
    return [...this.#downloads.values()].toReversed();
  }

  download(id: number): RecordedDownload | undefined {
    return this.#downloads.get(id);
  }

  began(revision: WatchedRevision, piece: WatchedPiece, before?: PieceWatch): PieceWatch {
    const download = this.#openOf(revision) ?? this.#begin(revision);
    const watch = download.add(revision, piece, before);
    if (download.records.added % pageRows === 1) this.#makeRoom(download);
    return watch;
  }

  fromDisk(revision: WatchedRevision, index: number): void {
    this.#openOf(revision)?.fromDisk(index);
  }

  #openOf(revision: WatchedRevision): RecordedDownload | undefined {
    const name = nameOf(revision);
    const download = this.#open.get(name);
    if (download?.state !== 'ended') return download;
    this.#open.delete(name);
    return undefined;
  }

  #begin(revision: WatchedRevision): RecordedDownload {
    const download = new RecordedDownload(this.#nextId, revision, this.#clock);
    this.#nextId += 1;
    this.#downloads.set(download.id, download);
    this.#open.set(nameOf(revision), download);
    return download;
  }

  /** Keeps `newest`, whatever it takes: it is bounded itself. */
  #makeRoom(newest: RecordedDownload): void {
    let bytes = this.byteLength;
    const isTooMuch = (): boolean =>
      this.#downloads.size > this.#limits.downloads || bytes > this.#limits.bytes;
    if (!isTooMuch()) return;
    const inOrder = [...this.#downloads.values()]
      .filter((download) => download !== newest)
      .toSorted((a, b) => Number(b.state === 'ended') - Number(a.state === 'ended') || a.lastAt - b.lastAt);
    for (const download of inOrder) {
      if (!isTooMuch()) return;
      bytes -= download.byteLength;
      this.#forget(download);
    }
  }

  #forget(download: RecordedDownload): void {
    this.#downloads.delete(download.id);
    const name = nameOf(download.revision);
    if (this.#open.get(name) === download) this.#open.delete(name);
    download.forget();
    this.#forgotten += 1;
  }
}

function nameOf({ object: { key, pin, length } }: WatchedRevision): string {
  return `${key}\n${pin}\n${length}`;
}
