/**
 * The newest requests in a fixed amount of memory: one typed array for each figure, strings in a bounded table. Rows
 * have absolute numbers that never change (the first request this console has seen is 0, older ones that the server
 * still had are negative), so a view can hold on to one while older rows leave.
 */
import type { RequestRow } from '#shared/request-model.ts';
import { tiers } from '#shared/vocabulary/requests.ts';
import { RequestColumns, type SpanShare } from './request-columns.ts';
import { StringTable } from './string-table.ts';

const longest = { method: 16, target: 256, range: 128, client: 64 } as const;
type TextColumn = keyof typeof longest;
const textColumns = ['method', 'target', 'range', 'client'] as const;

interface Limits {
  readonly rows: number;
  readonly stringBytes: number;
}

/** About 20 MiB when full: every range of a download has a text of its own. */
const defaultLimits: Limits = { rows: 50_000, stringBytes: 14 * 1024 * 1024 };

/** A row without its spans: what filters read. */
export type RequestFacts = Omit<RequestRow, 'spans'>;

/** A row as tables show it. */
export interface StoredRequest extends RequestFacts {
  readonly number: number;
  /** Where the served spans lie in the object. */
  readonly shares: readonly SpanShare[];
}

/** How many of the kept rows there are of each kind. */
export interface RequestCounts {
  /** By the first digit of the status: index 2 for 2xx. */
  readonly statusClasses: Uint32Array;
  /** By tier, in the order of `tiers`; those without one at the end. */
  readonly tiers: Uint32Array;
}

export class RequestStore {
  readonly counts: RequestCounts = {
    statusClasses: new Uint32Array(10),
    tiers: new Uint32Array(tiers.length + 1),
  };
  readonly #limits: Limits;
  readonly #strings: StringTable;
  readonly #texts: Readonly<Record<TextColumn, Uint32Array>>;
  readonly #columns: RequestColumns;
  #first = 0;
  #next = 0;
  /** The first row of the server as it runs now: `seq` starts over when it starts over. */
  #runStart = 0;
  #missed = 0;
  #clearings = 0;

  constructor(limits: Limits = defaultLimits) {
    const ids = (): Uint32Array => new Uint32Array(limits.rows);
    this.#limits = limits;
    this.#strings = new StringTable(limits.stringBytes);
    this.#texts = { method: ids(), target: ids(), range: ids(), client: ids() };
    this.#columns = new RequestColumns(limits.rows);
  }

  /** Number of the oldest kept row. */
  get first(): number {
    return this.#first;
  }

  /** Number that the next row will get. */
  get next(): number {
    return this.#next;
  }

  /** Kept rows. */
  get size(): number {
    return this.#next - this.#first;
  }

  /** Rows that are kept at most. */
  get capacity(): number {
    return this.#limits.rows;
  }

  /** Number of the first row of the server as it runs now; older ones are of an earlier run. */
  get runStart(): number {
    return Math.max(this.#first, this.#runStart);
  }

  /** Requests that the server no longer had when this console asked. */
  get missed(): number {
    return this.#missed;
  }

  /** Bytes in use now, and the most that this store ever uses. */
  get memory(): { readonly usedBytes: number; readonly limitBytes: number } {
    const ids = textColumns.reduce((sum, column) => sum + this.#texts[column].byteLength, 0);
    const fixed = ids + this.#columns.byteLength;
    return { usedBytes: fixed + this.#strings.usedBytes, limitBytes: fixed + this.#strings.limitBytes };
  }

  /** Appends rows, oldest first; the oldest kept ones leave when there is no room. */
  append(rows: readonly RequestRow[], missed: number): void {
    this.#missed += missed;
    for (const row of rows) {
      if (this.size === this.#limits.rows) this.#evict();
      const ids = this.#retainAll(row);
      this.#write(this.#next, row, ids);
      this.#next += 1;
    }
  }

  /**
   * Puts older rows of this run before all others, newest first, while there is room. False when there was none for
   * all of them: nothing older fits either.
   */
  prepend(rows: readonly RequestRow[]): boolean {
    if (this.#first < this.#runStart) return false;
    for (const row of rows) {
      if (this.size === this.#limits.rows) return false;
      const ids = this.#tryRetain(row);
      if (!ids) return false;
      this.#first -= 1;
      this.#runStart = this.#first;
      this.#write(this.#first, row, ids);
    }
    return true;
  }

  /** The server has started over: what comes now is of another run. */
  startRun(): void {
    this.#runStart = this.#next;
  }

  /** Forgets all rows. No number that was given is given again, also not to older rows. */
  clear(): void {
    while (this.size > 0) this.#evict();
    this.#next += 2 * this.#limits.rows;
    this.#first = this.#next;
    this.#runStart = this.#next;
    this.#missed = 0;
    this.#clearings += 1;
  }

  /** How often everything was forgotten: what was read of before has nothing to do with what is here. */
  get clearings(): number {
    return this.#clearings;
  }

  /** The oldest row of this run: what older history is asked for with. */
  get oldestSeq(): number | undefined {
    return this.runStart < this.#next ? this.#columns.seq[this.#slot(this.runStart)] : undefined;
  }

  /** The number of the request that the server calls `seq`, when it is of this run and kept. */
  find(seq: number): number | undefined {
    let [low, high] = [this.runStart, this.#next];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#columns.seq[this.#slot(middle)] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low < this.#next && this.#columns.seq[this.#slot(low)] === seq ? low : undefined;
  }

  /** The row of a number, or `undefined` when it has left or is not there yet. */
  row(number: number): StoredRequest | undefined {
    if (number < this.#first || number >= this.#next) return undefined;
    const facts = new RowCursor(this);
    facts.number = number;
    return { number, ...copyFacts(facts), shares: this.#columns.spans(this.#slot(number)) };
  }

  /** For one figure of a kept row, without making an object of it. */
  text(column: TextColumn, number: number): string {
    return this.#strings.text(this.#texts[column][this.#slot(number)] ?? 0);
  }

  /** The typed arrays, and where in them a row is. For reading only. */
  get columns(): RequestColumns {
    return this.#columns;
  }

  slot(number: number): number {
    return this.#slot(number);
  }

  #slot(number: number): number {
    const { rows } = this.#limits;
    return ((number % rows) + rows) % rows;
  }

  #write(number: number, row: RequestRow, ids: readonly number[]): void {
    const slot = this.#slot(number);
    for (const [index, column] of textColumns.entries()) this.#texts[column][slot] = ids[index] ?? 0;
    this.#columns.write(slot, row);
    this.#count(slot, 1);
  }

  #retainAll(row: RequestRow): readonly number[] {
    let ids = this.#tryRetain(row);
    while (!ids && this.size > 0) {
      this.#evict();
      ids = this.#tryRetain(row);
    }
    return ids ?? [];
  }

  /** All of a row's strings, or none. */
  #tryRetain(row: RequestRow): readonly number[] | undefined {
    const ids: number[] = [];
    for (const column of textColumns) {
      const id = this.#strings.retain(cut(row[column] ?? '', longest[column]));
      if (id === undefined) {
        for (const each of ids) this.#strings.release(each);
        return undefined;
      }
      ids.push(id);
    }
    return ids;
  }

  #evict(): void {
    const slot = this.#slot(this.#first);
    for (const column of textColumns) this.#strings.release(this.#texts[column][slot] ?? 0);
    this.#count(slot, -1);
    this.#first += 1;
  }

  #count(slot: number, by: 1 | -1): void {
    const digit = Math.min(9, Math.floor((this.#columns.status[slot] ?? 0) / 100));
    const tier = this.#columns.tier.get(slot);
    add(this.counts.statusClasses, digit, by);
    add(this.counts.tiers, tier === undefined ? tiers.length : tiers.indexOf(tier), by);
  }
}

/**
 * One row after another through the same object: reading a figure reads one array. A filter over many rows makes
 * nothing that has to be collected.
 */
export class RowCursor implements RequestFacts {
  number = 0;
  readonly #store: RequestStore;
  readonly #columns: RequestColumns;

  constructor(store: RequestStore) {
    this.#store = store;
    this.#columns = store.columns;
  }

  get #slot(): number {
    return this.#store.slot(this.number);
  }

  get seq(): number {
    return this.#columns.seq[this.#slot] ?? 0;
  }

  get at(): number {
    return this.#columns.at[this.#slot] ?? 0;
  }

  get method(): string {
    return this.#store.text('method', this.number);
  }

  get target(): string {
    return this.#store.text('target', this.number);
  }

  get range(): string | undefined {
    return this.#store.text('range', this.number) || undefined;
  }

  get client(): string {
    return this.#store.text('client', this.number);
  }

  get status(): number {
    return this.#columns.status[this.#slot] ?? 0;
  }

  get sentBytes(): number {
    return this.#columns.sentBytes[this.#slot] ?? 0;
  }

  get durationMs(): number {
    return this.#columns.durationMs[this.#slot] ?? 0;
  }

  get complete(): boolean {
    return this.#columns.complete[this.#slot] === 1;
  }

  get askedBytes(): number | undefined {
    return this.#columns.askedBytes.get(this.#slot);
  }

  get objectBytes(): number | undefined {
    return this.#columns.objectBytes.get(this.#slot);
  }

  get firstByteMs(): number | undefined {
    return this.#columns.firstByteMs.get(this.#slot);
  }

  get heldMs(): number | undefined {
    return this.#columns.heldMs.get(this.#slot);
  }

  get tier(): RequestFacts['tier'] {
    return this.#columns.tier.get(this.#slot);
  }

  get rangeKind(): RequestFacts['rangeKind'] {
    return this.#columns.rangeKind.get(this.#slot);
  }

  get ifRange(): RequestFacts['ifRange'] {
    return this.#columns.ifRange.get(this.#slot);
  }

  get condition(): RequestFacts['condition'] {
    return this.#columns.condition.get(this.#slot);
  }
}

function copyFacts(row: RowCursor): RequestFacts {
  return {
    seq: row.seq,
    at: row.at,
    method: row.method,
    target: row.target,
    range: row.range,
    rangeKind: row.rangeKind,
    ifRange: row.ifRange,
    condition: row.condition,
    objectBytes: row.objectBytes,
    status: row.status,
    sentBytes: row.sentBytes,
    askedBytes: row.askedBytes,
    firstByteMs: row.firstByteMs,
    durationMs: row.durationMs,
    heldMs: row.heldMs,
    tier: row.tier,
    client: row.client,
    complete: row.complete,
  };
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

function add(counts: Uint32Array, index: number, by: number): void {
  counts[index] = (counts[index] ?? 0) + by;
}
