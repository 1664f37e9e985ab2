/**
 * An arena is a fixed number of equal slabs. A slab is allocated when it is first needed and recycled ever after:
 * freeing large buffers would hand their memory to the garbage collector's schedule and fragment the heap, and then
 * no figure would be exact any more.
 */
import { SluiceError } from '#shared/errors.ts';
import type { LedgerState } from '#shared/vocabulary/live.ts';
import type { ArenaPlan } from '#shared/memory-plan.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';

/**
 * Whether workers may read the memory in place. Private memory they could have as a copy only; shared memory is
 * copied at a third of the speed, and `fetch` does not take it for a body.
 */
type Sharing = 'private' | 'shared';

/** A buffer on loan. Dispose it once; the memory must not be touched afterwards. */
export class Slab implements Disposable {
  readonly memory: Uint8Array;
  readonly #entry: LedgerEntry;
  readonly #giveBack: (slab: Slab) => void;

  constructor(memory: Uint8Array, entry: LedgerEntry, giveBack: (slab: Slab) => void) {
    this.memory = memory;
    this.#entry = entry;
    this.#giveBack = giveBack;
  }

  /** Says in the ledger what the slab is used for now. */
  move(state: LedgerState, owner?: string): void {
    this.#entry.move(state, owner);
  }

  [Symbol.dispose](): void {
    if (this.#entry.state === 'spare') throw new SluiceError('INVARIANT', 'a slab was given back twice');
    this.#entry.move('spare', '');
    this.#giveBack(this);
  }
}

interface Waiter {
  readonly state: LedgerState;
  readonly owner: string;
  readonly grant: (slab: Slab) => void;
}

export class Arena {
  readonly plan: ArenaPlan;
  readonly #ledger: Ledger;
  readonly #spare: Slab[] = [];
  readonly #waiters = new Set<Waiter>();
  readonly #sharing: Sharing;
  #allocated = 0;

  constructor(plan: ArenaPlan, ledger: Ledger, sharing: Sharing = 'private') {
    this.plan = plan;
    this.#ledger = ledger;
    this.#sharing = sharing;
  }

  /** Bytes of all slabs that there are by now, on loan or not; never shrinks. */
  get allocatedBytes(): number {
    return this.#allocated * this.plan.slabBytes;
  }

  /** Slabs that could be taken now. */
  get available(): number {
    return this.plan.slabs - this.#allocated + this.#spare.length;
  }

  get waiting(): number {
    return this.#waiters.size;
  }

  /** A slab, if one is available now. */
  tryTake(state: LedgerState, owner: string): Slab | undefined {
    const slab = this.#spare.pop() ?? this.#allocate();
    slab?.move(state, owner);
    return slab;
  }

  /** A slab, in the order of asking. @throws the signal's reason */
  take(state: LedgerState, owner: string, signal: AbortSignal): Promise<Slab> {
    signal.throwIfAborted();
    const slab = this.#waiters.size === 0 ? this.tryTake(state, owner) : undefined;
    if (slab) return Promise.resolve(slab);
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        state,
        owner,
        grant: (granted) => {
          signal.removeEventListener('abort', onAbort);
          resolve(granted);
        },
      };
      const onAbort = (): void => {
        this.#waiters.delete(waiter);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  #allocate(): Slab | undefined {
    if (this.#allocated >= this.plan.slabs) return undefined;
    const entry = this.#ledger.enter(this.plan.slabBytes, 'spare', '');
    this.#allocated += 1;
    const { slabBytes } = this.plan;
    const buffer = this.#sharing === 'shared' ? new SharedArrayBuffer(slabBytes) : new ArrayBuffer(slabBytes);
    return new Slab(new Uint8Array(buffer), entry, (slab) => this.#accept(slab));
  }

  #accept(slab: Slab): void {
    const [next] = this.#waiters;
    if (!next) {
      this.#spare.push(slab);
      return;
    }
    this.#waiters.delete(next);
    slab.move(next.state, next.owner);
    next.grant(slab);
  }
}
