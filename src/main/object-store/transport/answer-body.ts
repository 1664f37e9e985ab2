/**
 * The body of an answer. Nothing of it is taken off the connection before somebody claims it, in one of two ways:
 *
 *   readInto  once, into the caller's memory, where its length is known: the fast way
 *   read      as any other stream, in copies, paused while nobody reads: the SDK with an error, or a chunked body
 *
 * What came together with the head waits until then, and so does what the end of the connection means.
 */
import { Readable } from 'node:stream';
import { SluiceError } from '#shared/errors.ts';
import { KiB, MiB } from '#shared/units.ts';
import { ignore } from '#main/object-store/cancel.ts';
import type { AnswerHead } from './answer-head.ts';
import { createDecoder, LengthDecoder } from './body-decoder.ts';
import type { BodyDecoder } from './body-decoder.ts';

/** What a body does to the connection it comes over. */
export interface BodySource {
  /** Whether the kernel writes where it is told to, and nothing does after `cut`. */
  readonly lands: boolean;
  pause(): void;
  resume(): void;
  /** Ends the connection, in the same tick. */
  cut(): void;
  /** The last byte has been taken; after a `clean` end nothing followed it. */
  finished(end: 'clean' | 'unclean'): void;
}

/** One read takes no more, so that others get their turn. */
const maxReadBytes = MiB;
/** Errors of S3 are a few hundred bytes. */
const maxErrorBytes = 64 * KiB;

interface Destination {
  readonly into: Uint8Array;
  readonly onBytes: (bytes: number) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class AnswerBody extends Readable {
  readonly #source: BodySource;
  readonly #decoder: BodyDecoder;
  readonly #limitBytes: number;
  #early: Uint8Array[] = [];
  #claim: 'none' | 'stream' | Destination = 'none';
  #takenBytes = 0;
  #connectionEnd: { readonly error: Error | undefined } | undefined;
  #complete = false;
  /** How many bytes `readInto` would give, or `undefined` where only a stream will do. */
  readonly memoryBytes: number | undefined;

  constructor(head: AnswerHead, source: BodySource) {
    super();
    this.#source = source;
    this.#decoder = createDecoder(head.framing);
    this.#limitBytes = head.status >= 300 ? maxErrorBytes : Infinity;
    const { kind } = head.framing;
    const identity = (head.headers['content-encoding'] ?? 'identity') === 'identity';
    if (head.status === 206 && kind === 'length' && identity) this.memoryBytes = head.framing.bytes;
    this.on('error', ignore); // The SDK hands it on before anyone can listen; whoever reads then still gets it.
  }

  get claimed(): boolean {
    return this.#claim !== 'none';
  }

  /**
   * Fills `into`, which has exactly `memoryBytes`. `onBytes` is told of each arrival. Once this has settled, or the
   * body has been destroyed, nothing writes to `into`.
   * @throws SluiceError STORE_UNAVAILABLE when the connection ends first; what the connection or `onBytes` failed with
   */
  readInto(into: Uint8Array, onBytes: (bytes: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.claimed || into.length !== this.memoryBytes)
        throw new SluiceError('INVARIANT', `a body of ${this.memoryBytes} bytes read into ${into.length}`);
      if (this.destroyed) throw this.errored ?? this.#brokenOff();
      this.#take({ into, onBytes, resolve, reject });
    });
  }

  override _read(): void {
    if (!this.claimed) this.#take('stream');
    else if (!this.#complete) this.#source.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.#complete) this.#source.cut();
    if (typeof this.#claim === 'object') this.#claim.reject(error ?? this.#brokenOff());
    callback(error);
  }

  #take(claim: 'stream' | Destination): void {
    this.#claim = claim;
    const early = this.#early;
    this.#early = [];
    this.#deliver(early.length === 1 && early[0] ? early[0] : Buffer.concat(early));
    if (this.#complete || this.destroyed) return;
    if (this.#connectionEnd) this.#end(this.#connectionEnd.error);
    else this.#source.resume();
  }

  /** Where the next bytes go by themselves; `undefined`: anywhere, and then to `received`. */
  get landing(): Uint8Array | undefined {
    const claim = this.#claim;
    if (typeof claim !== 'object' || !this.#source.lands || this.#complete || this.destroyed)
      return undefined;
    return claim.into.subarray(
      this.#takenBytes,
      Math.min(claim.into.length, this.#takenBytes + maxReadBytes),
    );
  }

  /** So many bytes are where `landing` said. */
  landed(bytes: number): void {
    if (this.#decoder instanceof LengthDecoder) this.#decoder.skip(bytes);
    this.#count(bytes);
    if (this.#decoder.done && !this.destroyed) this.#finish('clean');
  }

  /** Bytes of the connection. Until the body is claimed they are kept, not copied. */
  received(bytes: Uint8Array): void {
    if (this.claimed) this.#deliver(bytes);
    else this.#early.push(bytes);
  }

  /** Nothing follows on this connection. */
  connectionEnded(error: Error | undefined): void {
    this.#connectionEnd ??= { error };
    if (this.claimed) this.#end(error);
  }

  #deliver(bytes: Uint8Array): void {
    const used = this.#decoder.push(bytes, (piece) => this.#deliverPiece(piece));
    if (this.#decoder.done && !this.destroyed) this.#finish(used === bytes.length ? 'clean' : 'unclean');
  }

  #deliverPiece(piece: Uint8Array): void {
    if (this.destroyed) return;
    if (typeof this.#claim === 'object') {
      this.#claim.into.set(piece, this.#takenBytes);
    } else {
      if (this.#takenBytes + piece.length > this.#limitBytes)
        throw new SluiceError(
          'STORE_MISBEHAVED',
          `the store sent an error of more than ${maxErrorBytes} bytes`,
        );
      if (!this.push(Buffer.from(piece))) this.#source.pause();
    }
    this.#count(piece.length);
  }

  #count(bytes: number): void {
    this.#takenBytes += bytes;
    if (typeof this.#claim === 'object') this.#claim.onBytes(bytes);
  }

  #end(error: Error | undefined): void {
    if (this.#complete || this.destroyed) return;
    if (error === undefined && this.#decoder.endsHere()) this.#finish('unclean');
    else this.destroy(error ?? this.#brokenOff());
  }

  #finish(end: 'clean' | 'unclean'): void {
    this.#complete = true;
    this.#source.finished(end);
    if (typeof this.#claim === 'object') this.#claim.resolve();
    this.push(null);
  }

  #brokenOff(): SluiceError {
    return new SluiceError('STORE_UNAVAILABLE', `the store broke off after ${this.#takenBytes} bytes`);
  }
}
