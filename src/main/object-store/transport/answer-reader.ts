/**
 * One answer, from its first byte: the head is put together in a small buffer of the connection, interim answers are
 * passed over, and everything after it is the body's. Knows no socket: whoever has one asks where the next bytes
 * shall go (`buffer`) and tells how many have come (`received`).
 */
import { AnswerBody } from './answer-body.ts';
import type { BodySource } from './answer-body.ts';
import { malformed, maxHeadBytes, parseAnswerHead } from './answer-head.ts';
import type { AnswerHead, Method } from './answer-head.ts';

export interface Answer {
  readonly head: AnswerHead;
  readonly body: AnswerBody;
}

/** The small buffers of a connection, the first of which is always there. */
export type ScratchAt = (index: number) => Buffer;

const endOfHead = '\r\n\r\n';

export class AnswerReader {
  readonly #method: Method;
  readonly #scratchAt: ScratchAt;
  #scratch: Buffer;
  #index = 0;
  readonly #source: BodySource;
  readonly #onAnswer: (answer: Answer) => void;
  #filledBytes = 0;
  #body: AnswerBody | undefined;
  /** The last landing that was handed out. */
  #landing: Uint8Array | undefined;

  /** Of an answer to a request with this method. */
  constructor(method: Method, scratchAt: ScratchAt, source: BodySource, onAnswer: (answer: Answer) => void) {
    this.#method = method;
    this.#scratchAt = scratchAt;
    this.#scratch = scratchAt(0);
    this.#source = source;
    this.#onAnswer = onAnswer;
  }

  /** Whether a body has begun that nobody has claimed: what has come of it lies in the small buffers. */
  get waits(): boolean {
    return this.#body !== undefined && !this.#body.claimed;
  }

  /** Where the next bytes shall go; never empty. */
  buffer(): Uint8Array {
    if (this.#body?.claimed) this.#startAgain();
    this.#landing = this.#body?.landing;
    if (this.#landing) return this.#landing;
    // Full of body that nobody has claimed. It stops coming, but TLS first gives what it has decrypted.
    if (this.#filledBytes === this.#scratch.length) {
      this.#index += 1;
      this.#scratch = this.#scratchAt(this.#index);
      this.#filledBytes = 0;
    }
    return this.#scratch.subarray(this.#filledBytes);
  }

  #startAgain(): void {
    this.#index = 0;
    this.#scratch = this.#scratchAt(0);
    this.#filledBytes = 0;
  }

  /**
   * So many bytes have come into `buffer`: the one last given, or for the first time the one of the answer before.
   * @throws SluiceError STORE_MISBEHAVED
   */
  received(count: number, buffer: Uint8Array): void {
    if (this.#body && buffer === this.#landing) {
      this.#body.landed(count);
      return;
    }
    const bytes = buffer.subarray(0, count);
    if (this.#body) {
      this.#filledBytes += count;
      this.#body.received(bytes);
      return;
    }
    this.#scratch.set(bytes, this.#filledBytes); // Mostly onto itself.
    const searched = Math.max(0, this.#filledBytes - endOfHead.length + 1);
    this.#filledBytes += count;
    this.#readHead(searched);
  }

  /** Nothing follows on this connection. False: there is no answer yet. */
  connectionEnded(error: Error | undefined): boolean {
    this.#body?.connectionEnded(error);
    return this.#body !== undefined;
  }

  /** Gives up. False: there is no answer yet. */
  fail(error: Error): boolean {
    this.#body?.destroy(error);
    return this.#body !== undefined;
  }

  #readHead(from: number): void {
    const held = this.#scratch.subarray(0, this.#filledBytes);
    const end = held.indexOf(endOfHead, from);
    if (end === -1) {
      if (held.length === this.#scratch.length) throw malformed(`a head of more than ${maxHeadBytes} bytes`);
      return;
    }
    const head = parseAnswerHead(held.toString('latin1', 0, end), this.#method);
    const rest = held.subarray(end + endOfHead.length);
    if (head.status === 101) throw malformed('another protocol');
    if (head.status < 200) this.#passOver(rest);
    else this.#begin(head, rest);
  }

  #passOver(rest: Buffer): void {
    this.#scratch.set(rest);
    this.#filledBytes = rest.length;
    this.#readHead(0);
  }

  #begin(head: AnswerHead, rest: Buffer): void {
    this.#source.pause();
    this.#body = new AnswerBody(head, this.#source);
    if (rest.length > 0) this.#body.received(rest);
    this.#onAnswer({ head, body: this.#body });
  }
}
