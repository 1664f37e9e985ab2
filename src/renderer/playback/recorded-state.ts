/**
 * What a recording knows of an instant beside its frame: downloads, older requests, alerts. All of it is looked for
 * from the instant back, in as few blocks as it takes.
 */
import type { Alert } from '#shared/alert-model.ts';
import { downloadDetailSchema, downloadListSchema } from '#shared/download-model.ts';
import type { DownloadDetail, DownloadList } from '#shared/download-model.ts';
import { ledgerReadingSchema, type LedgerReading } from '#shared/ledger-model.ts';
import { linesOf, requestsOf } from '#shared/recording/frames.ts';
import { jsonOf, type RecordingEvent } from '#shared/recording/records.ts';
import type { RequestRow } from '#shared/request-model.ts';
import type { Blocks } from './blocks.ts';
import { mergeDetails } from './merge-details.ts';

/** Within this time a recording tells all of a download once, in milliseconds: a segment of the recorder, and a bit. */
const wholeWithinMs = 70_000;

export class RecordedState {
  readonly #blocks: Blocks;
  /** Blocks without any record of a kind, by the kind: never looked into again. */
  readonly #without = new Map<string, Set<number>>();

  constructor(blocks: Blocks) {
    this.#blocks = blocks;
  }

  /** As it was told last before an instant; nothing was told before the first download. */
  async downloads(at: number): Promise<DownloadList> {
    for await (const line of this.#back('downloads', at)) {
      const list = downloadListSchema.safeParse(valueOf(line, 'list')).data;
      if (list) return list;
    }
    return { at, downloads: [], forgotten: 0, usedBytes: 0 };
  }

  /** All that is known of a download at an instant. `undefined` when nothing is. */
  async download(id: number, at: number): Promise<DownloadDetail | undefined> {
    const details: DownloadDetail[] = [];
    const wanted = `"download":{"id":${id},`;
    for await (const line of this.#back('download', at)) {
      if (!line.includes(wanted)) continue;
      const detail = downloadDetailSchema.safeParse(valueOf(line, 'detail')).data;
      if (detail?.download.id !== id) continue;
      const [newest] = details;
      if (newest && newest.at - detail.at > wholeWithinMs) break;
      details.push(detail);
    }
    return mergeDetails(details);
  }

  /** Who held the ledger, as it was told last before an instant. `undefined` when it never was. */
  async owners(at: number): Promise<LedgerReading | undefined> {
    for await (const line of this.#back('owners', at)) {
      const ledger = ledgerReadingSchema.safeParse(valueOf(line, 'ledger')).data;
      if (ledger) return ledger;
    }
    return undefined;
  }

  /** Requests with a lower number that had ended by an instant, the newest first, and whether there are more. */
  async requests(
    at: number,
    before: number,
    limit: number,
  ): Promise<{ readonly requests: RequestRow[]; readonly hasOlder: boolean }> {
    const requests: RequestRow[] = [];
    for (let index = this.#blocks.indexAt(at); index >= 0; index -= 1) {
      if (this.#isWithout('requests', index)) continue;
      const rows = requestsOf(await this.#blocks.text(index));
      if (rows.length === 0) this.#note('requests', index);
      for (const row of rows) {
        // A row of a run before has a higher number than those after it: it is of other requests.
        if (row.seq >= (requests.at(-1)?.seq ?? before) || row.at + row.durationMs > at) continue;
        if (requests.length === limit) return { requests, hasOlder: true };
        requests.push(row);
      }
    }
    return { requests, hasOlder: false };
  }

  /** Alerts as they were at an instant, the newest first. */
  alerts(at: number): readonly Alert[] {
    return alertsAt(this.#blocks.facts.events, at);
  }

  /** Lines of a kind up to an instant, the newest first. */
  async *#back(kind: string, at: number): AsyncGenerator<string> {
    for (let index = this.#blocks.indexAt(at); index >= 0; index -= 1) {
      if (this.#isWithout(kind, index)) continue;
      const lines = linesOf(await this.#blocks.text(index), kind);
      if (lines.length === 0) this.#note(kind, index);
      for (const line of lines.toReversed()) if (timeOf(line) <= at) yield line;
    }
  }

  #isWithout(kind: string, index: number): boolean {
    return this.#without.get(kind)?.has(index) === true;
  }

  #note(kind: string, index: number): void {
    const found = this.#without.get(kind) ?? new Set<number>();
    this.#without.set(kind, found.add(index));
  }
}

/** As each was told last before an instant. */
function alertsAt(events: readonly RecordingEvent[], at: number): readonly Alert[] {
  const alerts = new Map<string, Alert>();
  for (const event of events)
    if (event.kind === 'alert' && event.at <= at) alerts.set(event.alert.id, event.alert);
  return [...alerts.values()].toSorted((a, b) => b.at - a.at);
}

function timeOf(line: string): number {
  return Number(/^\{"kind":"[a-z]+","at":([\d.]+)/.exec(line)?.[1] ?? Number.NaN);
}

function valueOf(line: string, name: string): unknown {
  return (Object(jsonOf(line)) as Readonly<Record<string, unknown>>)[name];
}
