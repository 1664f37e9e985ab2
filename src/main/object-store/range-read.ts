/** One ranged read, whatever the store: what is asked for, who is told, and the way of a body into its buffer. */
import type { Readable } from 'node:stream';
import { SluiceError } from '#shared/errors.ts';
import type { ByteRange } from '#shared/range.ts';
import type { ObjectRevision, ReadObserver } from './object-store.ts';
import type { Watched } from './watchdog.ts';

export interface RangeRead {
  readonly revision: ObjectRevision;
  readonly range: ByteRange;
  /** As long as the range. */
  readonly into: Uint8Array;
  readonly onAttempt: () => void;
  readonly onReceived: (bytes: number) => void;
  readonly onBackOff: (milliseconds: number, cause: unknown) => void;
}

/** A read that counts its attempts for `observer`. */
export function observedRead(
  revision: ObjectRevision,
  range: ByteRange,
  into: Uint8Array,
  observer: ReadObserver,
): RangeRead {
  let attempts = 0;
  return {
    revision,
    range,
    into,
    onAttempt: () => observer.attempt((attempts += 1)),
    onReceived: (bytes) => observer.received(bytes),
    onBackOff: (milliseconds, cause) => observer.backOff(milliseconds, cause),
  };
}

/**
 * Fills the buffer with `body`, which must have exactly its length. Nothing is written once the watch has aborted.
 * @throws SluiceError STORE_UNAVAILABLE when the body is shorter, STORE_MISBEHAVED when it is longer; its own errors
 */
export async function copyBody(body: Readable, read: RangeRead, watch: Watched): Promise<void> {
  const { into, onReceived } = read;
  let filled = 0;
  for await (const piece of body as AsyncIterable<Uint8Array>) {
    if (watch.signal.aborted) break;
    if (filled + piece.length > into.length) {
      throw new SluiceError(
        'STORE_MISBEHAVED',
        `the store sent more than the ${into.length} bytes asked for`,
      );
    }
    into.set(piece, filled);
    filled += piece.length;
    watch.alive();
    onReceived(piece.length);
  }
  // Also where an abort has destroyed the body; whoever aborted says why (watchdog.ts).
  if (filled === into.length && !watch.signal.aborted) return;
  throw new SluiceError('STORE_UNAVAILABLE', `the store broke off after ${filled} of ${into.length} bytes`);
}

/** The pin did not hold: final. */
export function revisionChanged(revision: ObjectRevision, cause?: unknown): SluiceError {
  return new SluiceError('REVISION_CHANGED', `${revision.key} is no longer at revision ${revision.pin}`, {
    cause,
  });
}
