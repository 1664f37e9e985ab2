/** One typed array for each figure of a request; what is not known has a mark of its own, never 0. */
import type { RequestRow } from '#shared/request-model.ts';
import { failedConditions, ifRangeVerdicts, rangeKinds, tiers } from '#shared/vocabulary/requests.ts';

/** Spans kept for a row's range bar; further ones are not drawn. */
const maxSpans = 4;

/** A stretch of the object: where it starts and how long it is, as shares of the object's length. */
export type SpanShare = readonly [start: number, length: number];

/** A list of words as small numbers; 0 is none of them. */
class WordColumn<T extends string> {
  readonly codes: Uint8Array;
  readonly #words: readonly T[];

  constructor(rows: number, words: readonly T[]) {
    this.codes = new Uint8Array(rows);
    this.#words = words;
  }

  set(slot: number, word: T | undefined): void {
    this.codes[slot] = word === undefined ? 0 : this.#words.indexOf(word) + 1;
  }

  get(slot: number): T | undefined {
    return this.#words[(this.codes[slot] ?? 0) - 1];
  }
}

/** Numbers of which some are not known. */
class FigureColumn {
  readonly values: Float64Array | Float32Array;

  constructor(values: Float64Array | Float32Array) {
    this.values = values;
  }

  set(slot: number, value: number | undefined): void {
    this.values[slot] = value ?? Number.NaN;
  }

  get(slot: number): number | undefined {
    const value = this.values[slot] ?? Number.NaN;
    return Number.isNaN(value) ? undefined : value;
  }
}

/** Everything about requests that is not text. */
export class RequestColumns {
  readonly seq: Float64Array;
  readonly at: Float64Array;
  readonly sentBytes: Float64Array;
  readonly durationMs: Float32Array;
  readonly status: Uint16Array;
  readonly askedBytes: FigureColumn;
  readonly objectBytes: FigureColumn;
  readonly firstByteMs: FigureColumn;
  readonly heldMs: FigureColumn;
  readonly tier: WordColumn<NonNullable<RequestRow['tier']>>;
  readonly rangeKind: WordColumn<NonNullable<RequestRow['rangeKind']>>;
  readonly ifRange: WordColumn<NonNullable<RequestRow['ifRange']>>;
  readonly condition: WordColumn<NonNullable<RequestRow['condition']>>;
  readonly complete: Uint8Array;
  readonly #spanCount: Uint8Array;
  readonly #spans: Float32Array;

  constructor(rows: number) {
    this.seq = new Float64Array(rows);
    this.at = new Float64Array(rows);
    this.sentBytes = new Float64Array(rows);
    this.durationMs = new Float32Array(rows);
    this.status = new Uint16Array(rows);
    this.askedBytes = new FigureColumn(new Float64Array(rows));
    this.objectBytes = new FigureColumn(new Float64Array(rows));
    this.firstByteMs = new FigureColumn(new Float32Array(rows));
    this.heldMs = new FigureColumn(new Float32Array(rows));
    this.tier = new WordColumn(rows, tiers);
    this.rangeKind = new WordColumn(rows, rangeKinds);
    this.ifRange = new WordColumn(rows, ifRangeVerdicts);
    this.condition = new WordColumn(rows, failedConditions);
    this.complete = new Uint8Array(rows);
    this.#spanCount = new Uint8Array(rows);
    this.#spans = new Float32Array(rows * maxSpans * 2);
  }

  get byteLength(): number {
    const plain = [this.seq, this.at, this.sentBytes, this.durationMs, this.status, this.complete];
    const figures = [this.askedBytes, this.objectBytes, this.firstByteMs, this.heldMs];
    const words = [this.tier, this.rangeKind, this.ifRange, this.condition];
    const arrays = [
      ...plain,
      ...figures.map(({ values }) => values),
      ...words.map(({ codes }) => codes),
      this.#spanCount,
      this.#spans,
    ];
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  write(slot: number, row: RequestRow): void {
    this.seq[slot] = row.seq;
    this.at[slot] = row.at;
    this.sentBytes[slot] = row.sentBytes;
    this.durationMs[slot] = row.durationMs;
    this.status[slot] = row.status;
    this.complete[slot] = Number(row.complete);
    this.askedBytes.set(slot, row.askedBytes);
    this.objectBytes.set(slot, row.objectBytes);
    this.firstByteMs.set(slot, row.firstByteMs);
    this.heldMs.set(slot, row.heldMs);
    this.tier.set(slot, row.tier);
    this.rangeKind.set(slot, row.rangeKind);
    this.ifRange.set(slot, row.ifRange);
    this.condition.set(slot, row.condition);
    this.#writeSpans(slot, row);
  }

  spans(slot: number): readonly SpanShare[] {
    return Array.from({ length: this.#spanCount[slot] ?? 0 }, (_, index) => {
      const offset = (slot * maxSpans + index) * 2;
      return [this.#spans[offset] ?? 0, this.#spans[offset + 1] ?? 0] as const;
    });
  }

  /** Nothing has a place in an object of no or unknown length. */
  #writeSpans(slot: number, { spans = [], objectBytes = 0 }: RequestRow): void {
    const kept = objectBytes > 0 ? spans.slice(0, maxSpans) : [];
    this.#spanCount[slot] = kept.length;
    for (const [index, [start, end]] of kept.entries()) {
      const offset = (slot * maxSpans + index) * 2;
      this.#spans[offset] = start / objectBytes;
      this.#spans[offset + 1] = (end - start) / objectBytes;
    }
  }
}
