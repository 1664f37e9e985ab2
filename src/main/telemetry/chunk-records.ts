/**
 * What is remembered of the fetched pieces of one download: one row of numbers each, in pages of typed arrays, the
 * newest `maxRecords` of them. Times are milliseconds on the engine's clock; NaN says that it has not happened.
 */

/** Rows of one download; an older one makes room for a newer. */
export const maxRecords = 4096;

/** Rows are allocated so many at a time. */
export const pageRows = 32;

const recordFields = [
  'index',
  'start',
  'end',
  'lane',
  'state',
  'attempts',
  'hedge',
  'tier',
  'receivedBytes',
  'queuedAt',
  'askedAt',
  'answeredAt',
  'completeAt',
  /** For how long it was wanted while it was complete, and since when it is again. */
  'heldMs',
  'heldSince',
  'releasedAt',
  'goneAt',
  /** Grows with every change to any row of the log. */
  'version',
] as const;
export type RecordField = (typeof recordFields)[number];

const width = recordFields.length;
const offsetOf = Object.fromEntries(recordFields.map((field, index) => [field, index])) as Readonly<
  Record<RecordField, number>
>;
const pageBytes = pageRows * width * Float64Array.BYTES_PER_ELEMENT;

export class ChunkRecords {
  readonly #pages: Float64Array[] = [];
  #added = 0;

  /** Rows so far; they are numbered from 0 and the newest `maxRecords` are kept. */
  get added(): number {
    return this.#added;
  }

  /** The oldest row that is kept. */
  get first(): number {
    return Math.max(0, this.#added - maxRecords);
  }

  get byteLength(): number {
    return this.#pages.length * pageBytes;
  }

  /** What the next row will take beyond what is taken already, in bytes. */
  get nextBytes(): number {
    return this.#added < maxRecords && this.#added % pageRows === 0 ? pageBytes : 0;
  }

  has(row: number): boolean {
    return row >= this.first && row < this.#added;
  }

  /** A row in which everything is NaN. @returns its number */
  add(): number {
    const row = this.#added;
    if (this.nextBytes > 0) this.#pages.push(new Float64Array(pageRows * width));
    this.#added += 1;
    const at = (row % pageRows) * width;
    this.#page(row)?.fill(Number.NaN, at, at + width);
    return row;
  }

  get(row: number, field: RecordField): number {
    return this.#page(row)?.[(row % pageRows) * width + offsetOf[field]] ?? Number.NaN;
  }

  /** Does nothing to a row that is kept no longer. */
  set(row: number, field: RecordField, value: number): void {
    const page = this.has(row) ? this.#page(row) : undefined;
    if (page) page[(row % pageRows) * width + offsetOf[field]] = value;
  }

  /** The newest row of the chunk; `undefined` when none is kept. */
  newestOf(index: number): number | undefined {
    for (let row = this.#added - 1; row >= this.first; row -= 1)
      if (this.get(row, 'index') === index) return row;
    return undefined;
  }

  /** Forgets everything; what is set later is lost. */
  clear(): void {
    this.#pages.length = 0;
  }

  #page(row: number): Float64Array | undefined {
    return this.#pages[Math.floor((row % maxRecords) / pageRows)];
  }
}
