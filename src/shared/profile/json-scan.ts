/**
 * Walks over JSON text as bytes, so that a file of hundreds of megabytes never becomes objects: values that nobody
 * needs are passed over, and lists of whole numbers go number by number to whoever wants them.
 */
import type { ReadOptions } from './profile.ts';

/** Says where it is not as expected; the reader of the format makes a sentence of it. */
export class ScanError extends Error {
  readonly position: number;

  constructor(position: number, message: string) {
    super(message);
    this.name = 'ScanError';
    this.position = position;
  }
}

const [quote, backslash, comma, minus, zero, nine] = [0x22, 0x5c, 0x2c, 0x2d, 0x30, 0x39];
const [openBracket, closeBracket, openBrace, closeBrace, colon] = [0x5b, 0x5d, 0x7b, 0x7d, 0x3a];

/** How often somebody who waits hears of it, in numbers or strings. */
const stride = 1 << 18;

const text = new TextDecoder();

export class JsonScanner {
  readonly bytes: Uint8Array;
  readonly #options: ReadOptions;
  #at: number;

  constructor(bytes: Uint8Array, options: ReadOptions, at = 0) {
    this.bytes = bytes;
    this.#options = options;
    this.#at = at;
  }

  get position(): number {
    return this.#at;
  }

  /** The keys of an object; each value has to be read, or skipped, before the next. @throws ScanError */
  *keys(): Generator<string, void> {
    this.#expect(openBrace, '{');
    if (this.#passes(closeBrace)) return;
    do {
      this.#space();
      const key = this.#string();
      this.#expect(colon, ':');
      this.#space();
      yield key;
    } while (this.#passes(comma));
    this.#expect(closeBrace, '}');
  }

  /** The bytes of the next value, whatever it is. @throws ScanError */
  value(): Uint8Array {
    this.#space();
    const start = this.#at;
    let depth = 0;
    const { bytes } = this;
    for (;;) {
      const byte = bytes[this.#at];
      if (byte === undefined) throw new ScanError(this.#at, 'the file ends in the middle of a value');
      if (byte === quote) this.#passString();
      else if (depth === 0 && (byte === comma || byte === closeBracket || byte === closeBrace)) break;
      else {
        if (byte === openBracket || byte === openBrace) depth += 1;
        else if (byte === closeBracket || byte === closeBrace) depth -= 1;
        this.#at += 1;
      }
      if (depth === 0 && (byte === quote || byte === closeBracket || byte === closeBrace)) break;
    }
    return bytes.subarray(start, this.#at);
  }

  /** A list of whole numbers that are not negative. @returns how many there were @throws ScanError */
  numbers(visit: (value: number, index: number) => void): number {
    this.#expect(openBracket, '[');
    if (this.#passes(closeBracket)) return 0;
    const { bytes } = this;
    let count = 0;
    do {
      this.#space();
      let at = this.#at;
      let value = 0;
      let byte = bytes[at] ?? 0;
      if (byte < zero || byte > nine) {
        throw new ScanError(at, byte === minus ? 'a number is negative' : 'there is no whole number');
      }
      while (byte >= zero && byte <= nine) {
        value = value * 10 + byte - zero;
        at += 1;
        byte = bytes[at] ?? 0;
      }
      this.#at = at;
      // What is left of a number is another number.
      if (at >= bytes.length) throw new ScanError(at, 'the file ends in the middle of a list');
      visit(value, count);
      count += 1;
      if (count % stride === 0) this.#tell();
    } while (this.#passes(comma));
    this.#expect(closeBracket, ']');
    return count;
  }

  /** A list of strings, of which only those that are wanted are made. @returns how many there were @throws ScanError */
  strings(isWanted: (index: number) => boolean, visit: (value: string, index: number) => void): number {
    this.#expect(openBracket, '[');
    if (this.#passes(closeBracket)) return 0;
    let count = 0;
    do {
      this.#space();
      if (isWanted(count)) visit(this.#string(), count);
      else this.#passString();
      count += 1;
      if (count % stride === 0) this.#tell();
    } while (this.#passes(comma));
    this.#expect(closeBracket, ']');
    return count;
  }

  #string(): string {
    const start = this.#at;
    this.#passString();
    try {
      return JSON.parse(text.decode(this.bytes.subarray(start, this.#at))) as string;
    } catch {
      throw new ScanError(start, 'there is no whole string');
    }
  }

  #passString(): void {
    const { bytes } = this;
    if (bytes[this.#at] !== quote) throw new ScanError(this.#at, 'there is no string');
    let at = this.#at + 1;
    for (let byte = bytes[at]; byte !== quote; byte = bytes[at]) {
      if (byte === undefined) throw new ScanError(at, 'the file ends in the middle of a string');
      at += byte === backslash ? 2 : 1;
    }
    this.#at = at + 1;
  }

  /** @throws ScanError when something else comes */
  #expect(wanted: number, sign: string): void {
    if (this.#passes(wanted)) return;
    const isEnd = this.#at >= this.bytes.length;
    throw new ScanError(this.#at, isEnd ? 'the file ends too early' : `"${sign}" is missing`);
  }

  #passes(wanted: number): boolean {
    this.#space();
    if (this.bytes[this.#at] !== wanted) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    const { bytes } = this;
    for (let byte = bytes[this.#at]; byte === 32 || byte === 10 || byte === 13 || byte === 9;) {
      this.#at += 1;
      byte = bytes[this.#at];
    }
  }

  #tell(): void {
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.(this.#at / this.bytes.length);
  }
}
