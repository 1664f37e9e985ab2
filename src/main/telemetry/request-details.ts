/**
 * What is kept of the newest requests beyond their rows: as much as fits into a fixed number of bytes, the oldest goes
 * first (docs/adr/0015). It is kept as it came, and put into the form of the contract when somebody asks.
 */
import { MiB } from '#shared/units.ts';
import type { ChunkUse, RequestDetail, RequestRow, TierSpan } from '#shared/request-model.ts';

export interface KeptDetail {
  /** Path and query, without secrets. */
  readonly url: string;
  /** Names and values in turns, without secrets. */
  readonly requestFields: readonly string[];
  readonly responseFields: readonly string[];
  readonly representation?: RequestDetail['representation'] | undefined;
  readonly lookupMs?: number | undefined;
  readonly admissionMs?: number | undefined;
  readonly chunks: readonly ChunkUse[];
  readonly chunksHidden: number;
  readonly tierSpans: readonly TierSpan[];
}

interface Entry {
  readonly detail: KeptDetail;
  readonly bytes: number;
}

export const defaultDetailBytes = 8 * MiB;

export class RequestDetails {
  readonly #limitBytes: number;
  readonly #entries = new Map<number, Entry>();
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** What all of it takes, as estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  add(seq: number, detail: KeptDetail): void {
    const bytes = sizeOf(detail);
    this.#entries.set(seq, { detail, bytes });
    this.#bytes += bytes;
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.#limitBytes) return;
      this.#entries.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }

  /** The detail of `row`, while it is kept. */
  of(row: RequestRow): RequestDetail | undefined {
    const detail = this.#entries.get(row.seq)?.detail;
    if (!detail) return undefined;
    const { url, representation, lookupMs, admissionMs, chunks, chunksHidden, tierSpans } = detail;
    return {
      row,
      url,
      requestHeaders: pairs(detail.requestFields),
      responseHeaders: pairs(detail.responseFields),
      ...(representation ? { representation } : {}),
      timing: {
        ...(lookupMs === undefined ? {} : { lookupMs }),
        ...(admissionMs === undefined ? {} : { admissionMs }),
        ...(row.firstByteMs === undefined ? {} : { firstByteMs: row.firstByteMs }),
        durationMs: row.durationMs,
      },
      chunks: [...chunks],
      chunksHidden,
      tierSpans: [...tierSpans],
    };
  }
}

/** Names and values in turns, as pairs. */
export function pairs(fields: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) found.push([fields[at] ?? '', fields[at + 1] ?? '']);
  return found;
}

/** What V8 takes, rounded up; a test compares it with the heap. */
const entryBytes = 600;
const textBytes = 32;
const chunkBytes = 120;
const spanBytes = 64;

function sizeOf({ url, requestFields, responseFields, chunks, tierSpans }: KeptDetail): number {
  let bytes = entryBytes + textBytes + url.length;
  for (const text of requestFields) bytes += textBytes + text.length;
  for (const text of responseFields) bytes += textBytes + text.length;
  return bytes + chunks.length * chunkBytes + tierSpans.length * spanBytes;
}
