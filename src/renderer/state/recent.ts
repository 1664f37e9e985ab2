/** What was made lately and may be wanted again: the newest always, and older ones within a bound of bytes. */
export class Recent {
  readonly #limitBytes: number;
  readonly #entries = new Map<string, { readonly value: unknown; readonly bytes: number }>();

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** Bytes of all that is kept, as they were told. */
  get usedBytes(): number {
    return [...this.#entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** What was made for this key, or makes it. A key always stands for the same kind of value. */
  get<T>(key: string, bytes: number | ((value: T) => number), make: () => T): T {
    const known = this.#entries.get(key);
    const value = known ? (known.value as T) : make();
    this.#entries.delete(key);
    this.#entries.set(key, { value, bytes: typeof bytes === 'number' ? bytes : bytes(value) });
    for (const oldest of this.#entries.keys()) {
      if (oldest === key || this.usedBytes <= this.#limitBytes) break;
      this.#entries.delete(oldest);
    }
    return value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
