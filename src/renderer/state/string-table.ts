/**
 * Strings once each, counted by use, within a fixed number of bytes. Rows of a columnar store hold small numbers
 * instead of strings; when the last row that uses a string leaves, so does the string.
 */
const bytesPerUnit = 2;
/** What a map entry, its slot and the string's header cost beside the text: an estimate, counted for honesty. */
const overheadBytes = 96;

export class StringTable {
  readonly limitBytes: number;
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];
  readonly #uses: number[] = [];
  readonly #free: number[] = [];
  #usedBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** The number of `text`, with one more use; `undefined` when it is new and there is no room for it. */
  retain(text: string): number | undefined {
    const known = this.#ids.get(text);
    if (known !== undefined) {
      this.#uses[known] = (this.#uses[known] ?? 0) + 1;
      return known;
    }
    const bytes = costOf(text);
    if (this.#usedBytes + bytes > this.limitBytes) return undefined;
    const id = this.#free.pop() ?? this.#texts.length;
    this.#texts[id] = text;
    this.#uses[id] = 1;
    this.#ids.set(text, id);
    this.#usedBytes += bytes;
    return id;
  }

  /** Takes one use away. */
  release(id: number): void {
    const left = (this.#uses[id] ?? 0) - 1;
    this.#uses[id] = left;
    if (left > 0) return;
    const text = this.text(id);
    this.#ids.delete(text);
    this.#texts[id] = '';
    this.#free.push(id);
    this.#usedBytes -= costOf(text);
  }

  text(id: number): string {
    return this.#texts[id] ?? '';
  }
}

function costOf(text: string): number {
  return text.length * bytesPerUnit + overheadBytes;
}
