/** What the answers of every store have in common: ranges in words, and the way of a body into memory. */
import type { Readable } from 'node:stream';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import { abortedError, throwIfAborted } from './cancel.ts';
import type { ObjectRevision, RangeAnswer } from './object-store.ts';
import { AnswerBody } from './transport/answer-body.ts';

/** A body whose head has been judged, under the signal of its request, which destroys it. */
export interface ReceivedBody {
  readonly body: Readable;
  /** How many there must be. */
  readonly bytes: number;
  readonly signal: AbortSignal;
  /** Names what a connection fails with. */
  readonly toError: (error: unknown) => unknown;
}

/** The answer with this body: straight into memory where the transport can, otherwise in copies. */
export function rangeAnswer({ body, bytes, signal, toError }: ReceivedBody): RangeAnswer {
  return {
    readInto: async (into, onBytes) => {
      try {
        throwIfAborted(signal);
        if (into.length !== bytes)
          throw new SluiceError('INVARIANT', `an answer of ${bytes} bytes read into ${into.length}`);
        if (body instanceof AnswerBody && body.memoryBytes === bytes) await body.readInto(into, onBytes);
        else await copyBody(body, into, onBytes, signal);
      } catch (error) {
        throw signal.aborted ? abortedError(signal) : toError(error);
      } finally {
        body.destroy(); // After the last byte this changes nothing.
      }
    },
  };
}

/** Nothing is written once the signal has aborted, whatever the stream still holds. */
async function copyBody(
  body: Readable,
  into: Uint8Array,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let filled = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    throwIfAborted(signal);
    if (filled + piece.length > into.length) {
      const message = `the store sent more than the ${into.length} bytes asked for`;
      throw new SluiceError('STORE_MISBEHAVED', message);
    }
    into.set(piece, filled);
    filled += piece.length;
    onBytes(piece.length);
  }
  throwIfAborted(signal);
  if (filled < into.length) {
    const message = `the store broke off after ${filled} of ${into.length} bytes`;
    throw new SluiceError('STORE_UNAVAILABLE', message);
  }
}

/** The value of a `Range` field. */
export function rangeField({ start, end }: ByteRange): string {
  return `bytes=${start}-${end - 1}`;
}

/** What a `Content-Range` says; `undefined` when it is none, or leaves the length open. */
export function parseContentRange(
  text: string | undefined,
): { readonly range: ByteRange; readonly length: number } | undefined {
  const [, first, last, length] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(text ?? '') ?? [];
  if (first === undefined) return undefined;
  return { range: { start: Number(first), end: Number(last) + 1 }, length: Number(length) };
}

/** The part of `wanted` that an object of this length has; empty, at its end, when it has none. */
export function rangeWithin({ start, end }: ByteRange, length: number): ByteRange {
  return { start: Math.min(start, length), end: Math.min(end, length) };
}

/** The pin did not hold: final. */
export function revisionChanged(revision: ObjectRevision, cause?: unknown): SluiceError {
  const message = `${revision.key} is no longer at revision ${revision.pin}`;
  return new SluiceError('REVISION_CHANGED', message, { cause });
}
