/**
 * How the engine tells what becomes of a chunk on its way from the store and afterwards. Calls are cheap, never wait
 * and never throw: this is the path of every byte.
 */
import type { FetchLane } from '#shared/vocabulary/downloads.ts';

/** A revision of an object, as the engine knows it. */
export interface WatchedRevision {
  readonly object: { readonly key: string; readonly pin: string; readonly length: number };
  /** What people call it, and the path by which it was asked for, where somebody has asked. */
  readonly known: { readonly name: string; readonly path?: string | undefined } | undefined;
  readonly readers: { readonly size: number };
}

/** What is about to be fetched: bytes `[start, end)` of the object, in the chunk of that index. */
export interface WatchedPiece {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly lane: FetchLane;
}

/** Told of one fetch, and of what becomes of its bytes, and of those before it, in memory. */
export interface PieceWatch {
  attempt(number: number): void;
  /** The same is asked a second time. */
  hedged(): void;
  /** The head of an answer is here. */
  answered(by: 'request' | 'hedge'): void;
  received(bytes: number): void;
  backedOff(cause: unknown): void;
  complete(): void;
  failed(cause: unknown): void;
  /** Complete, and somebody comes to it who did not have it fetched. */
  reread(): void;
  /** Nobody wants it any more. */
  released(): void;
  /** It leaves the memory, or is called back before it is complete. */
  left(cause: 'evicted' | 'aborted' | 'failed'): void;
}

export interface ChunkWatch {
  /** A fetch from the store begins; for a chunk of which `before` is in memory: what becomes of that is told with it. */
  began(revision: WatchedRevision, piece: WatchedPiece, before?: PieceWatch): PieceWatch;
  /** A chunk comes from disk. */
  fromDisk(revision: WatchedRevision, index: number): void;
}
