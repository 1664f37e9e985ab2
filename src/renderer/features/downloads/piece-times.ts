/** What the times of a piece come to. Milliseconds; `undefined` where there is nothing to say. */
import type { RecordedFetch } from '#shared/window-simulator.ts';
import type { Piece } from '../../state/pieces.ts';

function between(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}

/** When its first attempt went out. */
function firstAskedAt({ failedAttempts, askedAt }: Piece): number | undefined {
  return failedAttempts[0]?.askedAt ?? askedAt;
}

/** From wanting a permit to having it, for the first attempt. */
export function queueMs(piece: Piece): number | undefined {
  return between(piece.queuedAt, firstAskedAt(piece));
}

/** From the newest attempt to the head of its answer. The answer of a first look came before it was asked for. */
export function firstByteMs(piece: Piece): number | undefined {
  return piece.lane === 'first look' && piece.attempts <= 1
    ? undefined
    : between(piece.askedAt, piece.answeredAt);
}

/** From the head of the last answer to the last byte. */
export function transferMs({ answeredAt, completeAt }: Piece): number | undefined {
  return between(answeredAt, completeAt);
}

/** Bytes per second from asking first to the last byte, retries included. */
export function rateOf(piece: Piece): number | undefined {
  const milliseconds = between(firstAskedAt(piece), piece.completeAt);
  return milliseconds === undefined || milliseconds === 0
    ? undefined
    : (piece.receivedBytes / milliseconds) * 1000;
}

/** When it was of use no longer; `undefined` while it is. */
function letGoAt({ releasedAt, goneAt }: Piece): number | undefined {
  return releasedAt ?? goneAt;
}

/** For how long some transfer wanted it while it was complete, until it left the memory, or `now`. */
export function heldMs({ completeAt, heldMs, heldSince }: Piece, now: number): number | undefined {
  return completeAt === undefined ? undefined : heldMs + (between(heldSince, now) ?? 0);
}

/** From taking memory until nobody wanted it: for the curve of what was in memory. */
export function residence(
  piece: Piece,
  now: number,
): { readonly fromMs: number; readonly toMs: number; readonly bytes: number } {
  const isOver = piece.state === 'failed' || piece.state === 'cancelled';
  const toMs = letGoAt(piece) ?? (isOver ? (piece.askedAt ?? piece.queuedAt) : now);
  return { fromMs: piece.queuedAt, toMs, bytes: piece.end - piece.start };
}

/**
 * The complete pieces in the order of their place, as if they lay without gaps: what was fetched, and what it took.
 * Of several at one place the newest counts.
 */
export function recordedFetches(pieces: readonly Piece[]): {
  readonly fetches: readonly RecordedFetch[];
  readonly bytes: number;
} {
  const byPlace = new Map<number, Piece>();
  for (const piece of pieces) if (piece.completeAt !== undefined) byPlace.set(piece.start, piece);
  let bytes = 0;
  const fetches = [...byPlace.values()]
    .toSorted((a, b) => a.start - b.start)
    .map((piece) => {
      const fetch = {
        start: bytes,
        bytes: piece.end - piece.start,
        firstByteMs: between(firstAskedAt(piece), piece.answeredAt) ?? 0,
        transferMs: transferMs(piece) ?? 0,
      };
      bytes += fetch.bytes;
      return fetch;
    });
  return { fetches, bytes };
}
