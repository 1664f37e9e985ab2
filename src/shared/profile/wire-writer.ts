/** Writes the wire format of protocol buffers: the counterpart of wire.ts, as far as profiles use it. */

const text = new TextEncoder();

export class WireWriter {
  #bytes = new Uint8Array(4096);
  #used = 0;

  /** What has been written, as a copy. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#used);
  }

  /** Nothing is written for 0: that is what a missing field means. */
  number(field: number, value: number): void {
    if (value === 0) return;
    this.#varint(field * 8);
    this.#varint(value);
  }

  /** Several numbers in one. */
  packed(field: number, values: ArrayLike<number>): void {
    if (values.length === 0) return;
    const inside = new WireWriter();
    for (let index = 0; index < values.length; index += 1) inside.#varint(values[index] ?? 0);
    this.message(field, inside);
  }

  /** A message inside this one. */
  message(field: number, inside: WireWriter): void {
    this.#part(field, inside.#bytes.subarray(0, inside.#used));
  }

  string(field: number, value: string): void {
    this.#part(field, text.encode(value));
  }

  #part(field: number, bytes: Uint8Array): void {
    this.#varint(field * 8 + 2);
    this.#varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** A whole number of up to 53 bits; one below 0 takes ten bytes. */
  #varint(value: number): void {
    this.#reserve(10);
    let rest = value < 0 ? BigInt.asUintN(64, BigInt(Math.round(value))) : Math.round(value);
    while (rest >= 0x80) {
      const low = typeof rest === 'bigint' ? Number(rest & 0x7fn) : rest % 0x80;
      this.#bytes[this.#used] = low | 0x80;
      this.#used += 1;
      rest = typeof rest === 'bigint' ? rest >> 7n : Math.floor(rest / 0x80);
    }
    this.#bytes[this.#used] = Number(rest);
    this.#used += 1;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + bytes));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
