/**
 * The process-wide memory budget: the arenas of the memory plan over one ledger. Who gets a slab, and who has to give
 * one back, is not decided here.
 */
import type { MemoryPlan } from '#shared/memory-plan.ts';
import { Arena } from './arena.ts';
import { Ledger } from './ledger.ts';

export class Budget {
  readonly plan: MemoryPlan;
  readonly ledger: Ledger;
  readonly chunks: Arena;
  readonly small: Arena;
  readonly bounce: Arena;
  readonly uploads: Arena;
  readonly connections: Arena;

  /** What is fetched lies in shared memory, where a worker can take its checksum. */
  constructor(plan: MemoryPlan) {
    this.plan = plan;
    this.ledger = new Ledger(plan.budgetBytes);
    this.chunks = new Arena(plan.chunks, this.ledger, 'shared');
    this.small = new Arena(plan.small, this.ledger, 'shared');
    this.bounce = new Arena(plan.bounce, this.ledger);
    this.uploads = new Arena(plan.uploads, this.ledger);
    this.connections = new Arena(plan.connections, this.ledger);
  }

  /** Bytes of buffers that no worker shares: the runtime counts those, and only those, as external memory. */
  get privateBytes(): number {
    const { bounce, uploads, connections } = this;
    return bounce.allocatedBytes + uploads.allocatedBytes + connections.allocatedBytes;
  }
}
