/**
 * A fetch brings one range of one revision from the store into memory that somebody has already reserved. It lasts
 * through requests, retries and hedges until the last byte is there, it has failed for good, or nobody wants it.
 *
 * Order of taking: memory first, then a connection permit, then the network. Whoever holds a permit waits for neither
 * memory nor clients, so no client can hold up a fetch.
 */
import type { Discovery, ObjectRevision } from '#main/object-store/object-store.ts';
import type { ByteRange } from '#shared/range.ts';
import { KiB } from '#shared/units.ts';

/** A range of no more than this is a small read. */
export const smallReadBytes = 256 * KiB;

/** How urgent a fetch is; permits go to the first of these that waits. */
export const urgencies = ['small', 'demand', 'ahead'] as const;
export type Urgency = (typeof urgencies)[number];

/** Told what happens to a fetch. Calls never come from inside `start` or after `cancel`. */
export interface FetchEvents {
  /** A request goes out, the first is 1. What has been received stays. */
  attempt(number: number): void;
  /** The same is asked a second time, because the answer is late. */
  hedged?(): void;
  /** The head of an answer is here: of the second request, where that was faster. */
  answered?(by: 'request' | 'hedge'): void;
  /** `bytes` more are in the memory, after those that are there already. */
  received(bytes: number): void;
  /** A request failed; the next waits. */
  backOff(milliseconds: number, cause: unknown): void;
  /** Everything is there. The last call. */
  done(): void;
  /** Final. The last call; nothing writes to the memory any more. */
  failed(error: unknown): void;
}

export interface FetchJob {
  readonly revision: ObjectRevision;
  /** Not empty. */
  readonly range: ByteRange;
  /** As long as the range. */
  readonly into: Uint8Array;
  readonly urgency: Urgency;
  readonly events: FetchEvents;
  /** The first answer, where a discovery brought one. The job takes it over, whatever comes of it. */
  readonly discovered?: Discovered | undefined;
}

/** A discovery with the permit that its answer came under. */
export interface Discovered extends Disposable {
  readonly discovery: Discovery;
}

export interface Fetch {
  /** Somebody waits for the bytes now. Never makes a fetch less urgent. */
  promote(urgency: Urgency): void;
  /**
   * Ends the fetch in this tick: its permit is back and its request ended when this returns, and no event follows.
   * `released` is called once, when nothing writes to the memory any more: before this returns, wherever the store
   * lets go at once.
   */
  cancel(released: () => void): void;
}
