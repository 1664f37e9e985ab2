/** An arena that spoils what comes back, and knows which slabs are out. */
import { Arena, type Slab } from '#main/flow/arena.ts';
import type { LedgerState } from '#shared/vocabulary/live.ts';

export class PoisonedArena extends Arena {
  readonly out = new Set<Slab>();

  override tryTake(state: LedgerState, owner: string): Slab | undefined {
    const slab = super.tryTake(state, owner);
    if (!slab) return undefined;
    this.out.add(slab);
    const giveBack = Object.getPrototypeOf(slab)[Symbol.dispose] as () => void;
    Object.defineProperty(slab, Symbol.dispose, {
      configurable: true,
      value: () => {
        this.out.delete(slab);
        slab.memory.fill(0xee);
        giveBack.call(slab);
      },
    });
    return slab;
  }
}
