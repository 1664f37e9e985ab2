/**
 * The process-wide memory budget: the arenas of the memory plan over one ledger, and the rule by which transfers
 * share the chunk arena.
 *
 * The rule is water-filling. A transfer may take another chunk while it holds fewer than its share, which is the
 * arena divided by the transfers in progress. When a new transfer comes, everybody's share shrinks, and chunks that
 * come back go to those who hold fewer. Nothing is taken away: a client that never reads keeps what it has, and the
 * others advance with their guaranteed piece (window.ts).
 */
import type { MemoryPlan } from '#shared/memory-plan.ts';
import { Arena } from './arena.ts';
import { Ledger } from './ledger.ts';

/** Somebody who waits for a chunk; asked again, in the order of asking, whenever one may be had. */
export interface ChunkWaiter {
  /** Waits for the budget, not for its own window. */
  readonly isBudgetBound: boolean;
  offer(): void;
}

export class Budget {
  readonly plan: MemoryPlan;
  readonly ledger: Ledger;
  readonly pieces: Arena;
  readonly chunks: Arena;
  readonly cacheChunks: Arena;
  readonly cachePieces: Arena;
  readonly uploads: Arena;
  readonly #waiters = new Set<ChunkWaiter>();
  #transfers = 0;

  constructor(plan: MemoryPlan) {
    this.plan = plan;
    this.ledger = new Ledger(plan.budgetBytes);
    this.pieces = new Arena(plan.pieces, this.ledger);
    this.chunks = new Arena(plan.chunks, this.ledger, () => this.#offer());
    this.cacheChunks = new Arena(plan.cacheChunks, this.ledger);
    this.cachePieces = new Arena(plan.cachePieces, this.ledger);
    this.uploads = new Arena(plan.uploads, this.ledger);
  }

  /** Chunks that one transfer may hold now. */
  get share(): number {
    return Math.max(1, Math.floor(this.plan.chunks.slabs / Math.max(1, this.#transfers)));
  }

  /** Transfers that share the chunk arena. */
  get transfers(): number {
    return this.#transfers;
  }

  /** Transfers whose window has room while the budget has no chunk to give. */
  get waiting(): number {
    return [...this.#waiters].filter((waiter) => waiter.isBudgetBound).length;
  }

  join(): void {
    this.#transfers += 1;
  }

  /** A transfer is over: the others' share grows. */
  leave(): void {
    this.#transfers -= 1;
    this.#offer();
  }

  await(waiter: ChunkWaiter): void {
    this.#waiters.add(waiter);
  }

  forget(waiter: ChunkWaiter): void {
    this.#waiters.delete(waiter);
  }

  #offer(): void {
    for (const waiter of this.#waiters) {
      if (this.chunks.available === 0) return;
      waiter.offer();
    }
  }
}
