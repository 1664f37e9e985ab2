/**
 * The downloads, and one of them in full, read once a second while somebody looks: the newest answers are kept, and
 * the next are asked for when the last have come. What was read stays when the connection is lost.
 */
import type { DownloadDetail, DownloadList } from '#shared/download-model.ts';
import { messageOf } from '#shared/errors.ts';
import { maxCells, maxDownloads, maxPieces } from '#shared/vocabulary/downloads.ts';
import { inTime, type Follower } from '../rpc/follow.ts';
import { type Footprint, footprintOf } from './footprint.ts';
import { Pieces } from './pieces.ts';
import { Polling } from './polling.ts';
import { Signal } from './signal.ts';

/** How often somebody who looks gets something new, in milliseconds. */
const readIntervalMs = 1000;
/** What a download takes in the list, and a piece with its failed attempts, as it came and as it is shown: estimates. */
const rowBytes = 2048;
const pieceBytes = 1024;
/** Lanes that are remembered of one download. */
const maxLanes = 64;

/** One download as it was read last. */
export interface OpenedDownload {
  readonly id: number;
  readonly pieces: Pieces;
  /** Lanes of the transfers that have read it since it was opened: those that have ended are shown for a while. */
  lanes: readonly number[];
  detail: DownloadDetail | undefined;
  /** Why it could not be read: a sentence. */
  failure: string | undefined;
}

export class DownloadStore {
  readonly changed = new Signal(0);
  readonly #call: Follower['call'];
  readonly #isPaused: () => boolean;
  readonly #polling = new Polling(() => this.#read(), readIntervalMs);
  #list: DownloadList | undefined;
  #failure: string | undefined;
  #opened: OpenedDownload | undefined;

  /** While `isPaused`, what is shown stands still. */
  constructor(call: Follower['call'], isPaused: () => boolean) {
    this.#call = call;
    this.#isPaused = isPaused;
  }

  /** The newest answer; `undefined` until the first. */
  get list(): DownloadList | undefined {
    return this.#list;
  }

  /** Why the last reading failed: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  get opened(): OpenedDownload | undefined {
    return this.#opened;
  }

  get footprint(): Footprint {
    const { pieces, detail } = this.#opened ?? {};
    return footprintOf([
      { count: this.#list?.downloads.length ?? 0, most: maxDownloads, eachBytes: rowBytes },
      { count: pieces?.size ?? 0, most: maxPieces, eachBytes: pieceBytes },
      { count: detail?.cells.length ?? 0, most: maxCells, eachBytes: 2 },
    ]);
  }

  /** Reads one of them in full from now on, or none. */
  open(id: number | undefined): void {
    if (this.#opened?.id === id) return;
    this.#opened =
      id === undefined
        ? undefined
        : { id, pieces: new Pieces(), lanes: [], detail: undefined, failure: undefined };
    this.changed.touch();
    this.refresh();
  }

  /** Reads until the returned function is called. */
  follow(): () => void {
    return this.#polling.follow();
  }

  /** Reads at once. */
  readonly refresh = (): void => this.#polling.refresh();

  async #read(): Promise<void> {
    if (!this.#isPaused() || !this.#list) await this.#readList();
    if (!this.#isPaused() || !this.#opened?.detail) await this.#readOpened();
    this.changed.touch();
  }

  async #readList(): Promise<void> {
    try {
      this.#list = await inTime(this.#call((client) => client.downloads.list()));
      this.#failure = undefined;
    } catch (error) {
      this.#failure = messageOf(error);
    }
  }

  async #readOpened(): Promise<void> {
    const opened = this.#opened;
    if (!opened) return;
    const { id, detail: before } = opened;
    try {
      const version = before?.version ?? -1;
      const detail = await inTime(this.#call((client) => client.downloads.detail({ id, version })));
      // An instant before the one that was shown: pieces of after it are not known yet.
      if (before && detail.version < before.version) opened.pieces.clear();
      opened.detail = detail;
      opened.failure = undefined;
      opened.pieces.apply(detail);
      opened.lanes = [...new Set([...opened.lanes, ...detail.lanes])].slice(-maxLanes);
    } catch (error) {
      opened.failure = messageOf(error);
    }
  }
}
