/** Finding the body in the bytes after a head, and its end. */
import { malformed, maxHeadBytes, parseField } from './answer-head.ts';
import type { Framing } from './answer-head.ts';

export interface BodyDecoder {
  /** True after the last byte. */
  readonly done: boolean;
  /** Gives the body's bytes in `bytes` to `emit`, as views; returns how many bytes belonged to the answer. */
  push(bytes: Uint8Array, emit: (piece: Uint8Array) => void): number;
  /** The connection has ended: whether the body has, too. */
  endsHere(): boolean;
}

export function createDecoder(framing: Framing): BodyDecoder {
  if (framing.kind === 'length') return new LengthDecoder(framing.bytes);
  return framing.kind === 'chunked' ? new ChunkedDecoder() : new CloseDecoder();
}

/** So many bytes. */
export class LengthDecoder implements BodyDecoder {
  #leftBytes: number;

  constructor(bytes: number) {
    this.#leftBytes = bytes;
  }

  get leftBytes(): number {
    return this.#leftBytes;
  }

  get done(): boolean {
    return this.#leftBytes === 0;
  }

  push(bytes: Uint8Array, emit: (piece: Uint8Array) => void): number {
    const piece = bytes.subarray(0, this.#leftBytes);
    this.skip(piece.length);
    if (piece.length > 0) emit(piece);
    return piece.length;
  }

  /** So many bytes have gone where they belong without being pushed. */
  skip(bytes: number): void {
    this.#leftBytes -= bytes;
  }

  endsHere(): boolean {
    return this.done;
  }
}

/** Everything until the connection ends. */
class CloseDecoder implements BodyDecoder {
  readonly done = false;

  push(bytes: Uint8Array, emit: (piece: Uint8Array) => void): number {
    emit(bytes);
    return bytes.length;
  }

  endsHere(): boolean {
    return true;
  }
}

/** RFC 9112, section 7.1. Extensions and trailers are checked for form and dropped. */
class ChunkedDecoder implements BodyDecoder {
  #state: 'size' | 'data' | 'data end' | 'trailer' | 'done' = 'size';
  /** The line so far, where lines are read. */
  #line = '';
  #trailerBytes = 0;
  #leftBytes = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  push(bytes: Uint8Array, emit: (piece: Uint8Array) => void): number {
    let at = 0;
    while (at < bytes.length && this.#state !== 'done') {
      at += this.#state === 'data' ? this.#data(bytes.subarray(at), emit) : this.#text(bytes.subarray(at));
    }
    return at;
  }

  endsHere(): boolean {
    return this.done;
  }

  #data(bytes: Uint8Array, emit: (piece: Uint8Array) => void): number {
    const piece = bytes.subarray(0, this.#leftBytes);
    this.#leftBytes -= piece.length;
    if (this.#leftBytes === 0) this.#state = 'data end';
    emit(piece);
    return piece.length;
  }

  #text(bytes: Uint8Array): number {
    const count = bytes.indexOf(0x0a) + 1 || bytes.length;
    this.#line += Buffer.from(bytes.buffer, bytes.byteOffset, count).toString('latin1');
    if (this.#line.length > maxHeadBytes) throw malformed('an endless line in a chunked body');
    if (this.#line.endsWith('\n')) {
      if (!this.#line.endsWith('\r\n')) throw malformed('a bare line feed in a chunked body');
      const line = this.#line.slice(0, -2);
      this.#line = '';
      this.#onLine(line);
    }
    return count;
  }

  #onLine(line: string): void {
    if (this.#state === 'size') {
      this.#leftBytes = chunkSize(line);
      this.#state = this.#leftBytes === 0 ? 'trailer' : 'data';
    } else if (this.#state === 'data end') {
      if (line !== '') throw malformed('a chunk longer than its size');
      this.#state = 'size';
    } else if (line === '') {
      this.#state = 'done';
    } else {
      parseField(line);
      this.#trailerBytes += line.length;
      if (this.#trailerBytes > maxHeadBytes) throw malformed('an endless trailer');
    }
  }
}

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const sizeLine = new RegExp(`^([0-9A-Fa-f]{1,12})(?:;${token}(?:=(?:${token}|"[ !#-[\\]-~]*"))?)*$`);

function chunkSize(line: string): number {
  const [, digits] = sizeLine.exec(line) ?? [];
  if (digits === undefined) throw malformed('a bad chunk size');
  return Number.parseInt(digits, 16);
}
