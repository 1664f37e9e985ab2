/**
 * The newest requests in a fixed amount of memory: one typed array for each column, strings in a bounded table.
 * Rows have absolute numbers that never change (the first request this console has seen is 0), so a view can hold
 * on to one while older rows leave.
 */
import { type RequestRow, tiers } from '#shared/request-model.ts';
import { StringTable } from './string-table.ts';

/** Spans kept for a row's range bar; further ones are not drawn. */
const maxSpans = 4;
const longest = { method: 16, target: 256, range: 128, client: 64 } as const;
type TextColumn = keyof typeof longest;
const textColumns = ['method', 'target', 'range', 'client'] as const;

interface Limits {
  readonly rows: number;
  readonly stringBytes: number;
}

const defaultLimits: Limits = { rows: 20_000, stringBytes: 6 * 1024 * 1024 };

/** A row as the table shows it. */
export interface StoredRequest {
  readonly number: number;
  readonly at: number;
  readonly method: string;
  readonly target: string;
  readonly range: string;
  readonly client: string;
  readonly status: number;
  readonly sentBytes: number;
  readonly firstByteMs: number | undefined;
  readonly durationMs: number;
  readonly tier: RequestRow['tier'];
  readonly complete: boolean;
  /** Where the served spans lie in the object, as shares of its length: `[start, length]`. */
  readonly spans: readonly (readonly [number, number])[];
}

export class RequestStore {
  readonly #limits: Limits;
  readonly #strings: StringTable;
  readonly #texts: Readonly<Record<TextColumn, Uint32Array>>;
  readonly #at: Float64Array;
  readonly #sent: Float64Array;
  readonly #duration: Float32Array;
  readonly #firstByte: Float32Array;
  readonly #status: Uint16Array;
  readonly #tier: Uint8Array;
  readonly #complete: Uint8Array;
  readonly #spanCount: Uint8Array;
  readonly #spans: Float32Array;
  #first = 0;
  #next = 0;
  #missed = 0;

  constructor(limits: Limits = defaultLimits) {
    const { rows } = limits;
    this.#limits = limits;
    this.#strings = new StringTable(limits.stringBytes);
    const ids = (): Uint32Array => new Uint32Array(rows);
    this.#texts = { method: ids(), target: ids(), range: ids(), client: ids() };
    this.#at = new Float64Array(rows);
    this.#sent = new Float64Array(rows);
    this.#duration = new Float32Array(rows);
    this.#firstByte = new Float32Array(rows);
    this.#status = new Uint16Array(rows);
    this.#tier = new Uint8Array(rows);
    this.#complete = new Uint8Array(rows);
    this.#spanCount = new Uint8Array(rows);
    this.#spans = new Float32Array(rows * maxSpans * 2);
  }

  /** Number of the oldest kept row. */
  get first(): number {
    return this.#first;
  }

  /** Number that the next row will get: all rows ever seen. */
  get next(): number {
    return this.#next;
  }

  /** Kept rows. */
  get size(): number {
    return this.#next - this.#first;
  }

  /** Requests that the server no longer had when this console asked. */
  get missed(): number {
    return this.#missed;
  }

  /** Bytes in use now, and the most that this store ever uses. */
  get memory(): { readonly usedBytes: number; readonly limitBytes: number } {
    const columns = [this.#at, this.#sent, this.#duration, this.#firstByte, this.#status, this.#tier];
    const rest = [this.#complete, this.#spanCount, this.#spans, ...Object.values(this.#texts)];
    const fixed = [...columns, ...rest].reduce((sum, column) => sum + column.byteLength, 0);
    return { usedBytes: fixed + this.#strings.usedBytes, limitBytes: fixed + this.#strings.limitBytes };
  }

  /** Appends rows, oldest first; the oldest kept ones leave when there is no room. */
  append(rows: readonly RequestRow[], missed: number): void {
    this.#missed += missed;
    for (const row of rows) this.#push(row);
  }

  /** The row of a number, or `undefined` when it has left or is not there yet. */
  row(number: number): StoredRequest | undefined {
    if (number < this.#first || number >= this.#next) return undefined;
    const slot = number % this.#limits.rows;
    const firstByteMs = this.#firstByte[slot] ?? Number.NaN;
    return {
      number,
      at: this.#at[slot] ?? 0,
      method: this.#text('method', slot),
      target: this.#text('target', slot),
      range: this.#text('range', slot),
      client: this.#text('client', slot),
      status: this.#status[slot] ?? 0,
      sentBytes: this.#sent[slot] ?? 0,
      firstByteMs: Number.isNaN(firstByteMs) ? undefined : firstByteMs,
      durationMs: this.#duration[slot] ?? 0,
      tier: tiers[(this.#tier[slot] ?? 0) - 1],
      complete: this.#complete[slot] === 1,
      spans: this.#readSpans(slot),
    };
  }

  #push(row: RequestRow): void {
    if (this.size === this.#limits.rows) this.#evict();
    const slot = this.#next % this.#limits.rows;
    for (const column of textColumns) this.#texts[column][slot] = this.#retain(row[column] ?? '', column);
    this.#at[slot] = row.at;
    this.#sent[slot] = row.sentBytes;
    this.#duration[slot] = row.durationMs;
    this.#firstByte[slot] = row.firstByteMs ?? Number.NaN;
    this.#status[slot] = row.status;
    this.#tier[slot] = row.tier === undefined ? 0 : tiers.indexOf(row.tier) + 1;
    this.#complete[slot] = Number(row.complete);
    this.#writeSpans(row, slot);
    this.#next += 1;
  }

  #retain(text: string, column: TextColumn): number {
    const limit = longest[column];
    const kept = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
    let id = this.#strings.retain(kept);
    while (id === undefined && this.size > 0) {
      this.#evict();
      id = this.#strings.retain(kept);
    }
    return id ?? 0;
  }

  #evict(): void {
    const slot = this.#first % this.#limits.rows;
    for (const column of textColumns) this.#strings.release(this.#texts[column][slot] ?? 0);
    this.#first += 1;
  }

  #text(column: TextColumn, slot: number): string {
    return this.#strings.text(this.#texts[column][slot] ?? 0);
  }

  #writeSpans({ spans = [], objectBytes = 0 }: RequestRow, slot: number): void {
    const kept = objectBytes > 0 ? spans.slice(0, maxSpans) : [];
    this.#spanCount[slot] = kept.length;
    for (const [index, [start, end]] of kept.entries()) {
      const offset = (slot * maxSpans + index) * 2;
      this.#spans[offset] = start / objectBytes;
      this.#spans[offset + 1] = (end - start) / objectBytes;
    }
  }

  #readSpans(slot: number): StoredRequest['spans'] {
    return Array.from({ length: this.#spanCount[slot] ?? 0 }, (_, index) => {
      const offset = (slot * maxSpans + index) * 2;
      return [this.#spans[offset] ?? 0, this.#spans[offset + 1] ?? 0] as const;
    });
  }
}
