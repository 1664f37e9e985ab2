/**
 * The wire format of protocol buffers, as far as profiles use it: varints, lengths, and packed lists (the encoding
 * guide, protobuf.dev/programming-guides/encoding). A reader goes over one message, field by field.
 */

export class WireError extends Error {}

/** In one list: stacks and values are short. */
const maxNumbers = 0xffff;

export class WireReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** Where it is in the whole file. */
  get position(): number {
    return this.#at;
  }

  /** The next field's number and how it is written. @throws WireError */
  tag(): { readonly field: number; readonly type: number } {
    const tag = this.varint();
    return { field: Math.floor(tag / 8), type: tag % 8 };
  }

  /** A number up to 2^53; what is larger loses its lowest bits, what is negative comes as such. @throws WireError */
  varint(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    // Most are small; up to 28 bits a number is cheap to put together.
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = at < this.#end ? bytes[at] : undefined;
      if (byte === undefined) throw new WireError('a number is cut off');
      at += 1;
      low |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      this.#at = at;
      return low;
    }
    let high = 0;
    let scale = 1;
    for (let count = 4; count < 10; count += 1, scale *= 128) {
      const byte = at < this.#end ? bytes[at] : undefined;
      if (byte === undefined) throw new WireError('a number is cut off');
      at += 1;
      high += (byte & 0x7f) * scale;
      if (byte >= 0x80) continue;
      this.#at = at;
      return low + (high >= 2 ** 35 ? high - 2 ** 36 : high) * 2 ** 28;
    }
    throw new WireError('a number has more than ten bytes');
  }

  /** A message or a string inside this one. @throws WireError */
  inside(): WireReader {
    const length = this.varint();
    const start = this.#at;
    if (length < 0 || start + length > this.#end) throw new WireError('a part is longer than what is left');
    this.#at = start + length;
    return new WireReader(this.#bytes, start, start + length);
  }

  /** From where this one is, without moving it. */
  again(): WireReader {
    return new WireReader(this.#bytes, this.#at, this.#end);
  }

  /** The rest of it, as it is. */
  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at, this.#end);
  }

  /** Numbers of a repeated field: several in one (packed), or one alone. @throws WireError, also when there are too many */
  numbers(type: number, into: number[]): void {
    if (type !== 2) {
      this.#append(into);
      return;
    }
    const packed = this.inside();
    while (!packed.isAtEnd) packed.#append(into);
  }

  #append(into: number[]): void {
    if (into.length >= maxNumbers) throw new WireError(`a list has more than ${maxNumbers} numbers`);
    into.push(this.varint());
  }

  /** Passes over a field that nobody needs. @throws WireError */
  skip(type: number): void {
    if (type === 0) this.varint();
    else if (type === 2) this.inside();
    else if (type === 1 || type === 5) {
      this.#at += type === 1 ? 8 : 4;
      if (this.#at > this.#end) throw new WireError('a fixed number is cut off');
    } else throw new WireError(`${type} is no way to write a field`);
  }
}
