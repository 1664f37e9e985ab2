/**
 * What a recording has of downloads: their list every two seconds, and of those that are being fetched the pieces that
 * changed. Few at a time, because each is a look at the whole object.
 */
import type { DownloadDetail, DownloadList } from '#shared/download-model.ts';
import type { RecordingRecord } from '#shared/recording/records.ts';

export interface DownloadSource {
  list(): DownloadList;
  /** With the pieces that changed since `version`; -1 for all. @throws when it is forgotten */
  detail(id: number, version: number): DownloadDetail;
}

const everyMs = 2000;
const maxDetails = 4;
const maxListed = 50;

export class DownloadRecords {
  readonly #source: DownloadSource;
  #versions = new Map<number, number>();
  #askedAt = 0;
  #wasIdle = false;

  constructor(source: DownloadSource) {
    this.#source = source;
  }

  /** A file begins in which nothing is known of what was told before. */
  beginAgain(): void {
    this.#versions.clear();
    this.#wasIdle = false;
  }

  /** Nothing most of the time, and nothing new while nothing is fetched. */
  due(at: number): readonly RecordingRecord[] {
    if (at - this.#askedAt < everyMs) return [];
    this.#askedAt = at;
    const list = this.#source.list();
    const live = list.downloads.filter(({ state }) => state !== 'ended').slice(0, maxDetails);
    const isIdle = live.length === 0;
    if (isIdle && this.#wasIdle) return [];
    this.#wasIdle = isIdle;
    const downloads = list.downloads.slice(0, maxListed);
    const forgotten = list.forgotten + list.downloads.length - downloads.length;
    return [
      { kind: 'downloads', at, list: { ...list, downloads, forgotten } },
      ...live.flatMap(({ id }) => this.#detail(id, at)),
    ];
  }

  #detail(id: number, at: number): readonly RecordingRecord[] {
    try {
      const detail = this.#source.detail(id, this.#versions.get(id) ?? -1);
      this.#versions.set(id, detail.version);
      return [{ kind: 'download', at, detail }];
    } catch {
      // It was forgotten between the two questions.
      this.#versions.delete(id);
      return [];
    }
  }
}
