/** What a transfer asks of those who decide who gets memory, and what it tells them. */
import type { ChunkPool } from '#main/cache/pool.ts';
import type { Slab } from '#main/flow/arena.ts';
import type { Clock } from '#main/flow/clock.ts';
import type { ByteRange } from '#shared/range.ts';
import type { Measures } from './measures.ts';
import type { Grain } from './place.ts';
import type { Transfer } from './transfer.ts';

export interface Scheduler {
  readonly clock: Clock;
  readonly pool: ChunkPool;
  readonly windowLimit: number;
  readonly measures: Measures;
  /** The bytes at its position are neither there nor coming, and it would take them. */
  demand(transfer: Transfer): void;
  /** There is something of its window that is not in memory. */
  wantsAhead(transfer: Transfer): void;
  /** It waits for nothing any more. */
  withdraw(transfer: Transfer): void;
  takeBounce(): Slab;
  /** Nothing of it is with the socket any more. */
  closed(transfer: Transfer): void;
  grainOf(range: ByteRange): Grain;
  /** How many of the last bytes must wait until the whole object has been verified. */
  heldBackBytes(transfer: Transfer): number;
}
