/**
 * The ledger counts every buffer that may hold body bytes: how large, whose, why, and since when. A buffer is
 * entered when it is allocated and stays for good (slabs are recycled, never freed), so the ledger's total is
 * exactly the memory that bodies take, and it can never pass the budget.
 */
import type { LedgerState } from '#shared/vocabulary/live.ts';
import { ledgerStates } from '#shared/vocabulary/live.ts';
import { SluiceError } from '#shared/errors.ts';

/** One buffer. */
export class LedgerEntry {
  readonly bytes: number;
  readonly #onMove: (from: LedgerState, to: LedgerState) => void;
  #state: LedgerState;
  #owner: string;
  #since = Date.now();

  constructor(
    bytes: number,
    state: LedgerState,
    owner: string,
    onMove: (from: LedgerState, to: LedgerState) => void,
  ) {
    this.bytes = bytes;
    this.#state = state;
    this.#owner = owner;
    this.#onMove = onMove;
  }

  get state(): LedgerState {
    return this.#state;
  }

  get owner(): string {
    return this.#owner;
  }

  /** When it entered its present state, in milliseconds since the epoch. */
  get since(): number {
    return this.#since;
  }

  /** Counts the buffer under another state, and another owner if one is named. */
  move(state: LedgerState, owner: string = this.#owner): void {
    const from = this.#state;
    this.#state = state;
    this.#owner = owner;
    this.#since = Date.now();
    this.#onMove(from, state);
  }
}

export class Ledger {
  readonly limitBytes: number;
  /** Since when the total has never passed the limit: the whole life of the process, unless there is a bug. */
  readonly withinBudgetSince = Date.now();
  #totalBytes = 0;
  #peakInUseBytes = 0;
  #peakAt = Date.now();
  readonly #byState: Record<LedgerState, number>;
  readonly #entries = new Set<LedgerEntry>();

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
    this.#byState = Object.fromEntries(ledgerStates.map((state) => [state, 0])) as Record<
      LedgerState,
      number
    >;
  }

  /** Bytes of all buffers, spare ones included. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** Bytes of the buffers that are in use for something. */
  get inUseBytes(): number {
    return this.#totalBytes - this.#byState.spare;
  }

  /** The most that was ever in use, and when. */
  get peak(): { readonly bytes: number; readonly at: number } {
    return { bytes: this.#peakInUseBytes, at: this.#peakAt };
  }

  get byState(): Readonly<Record<LedgerState, number>> {
    return { ...this.#byState };
  }

  entries(): Iterable<LedgerEntry> {
    return this.#entries;
  }

  /**
   * Enters a buffer that is about to be allocated.
   * @throws SluiceError INVARIANT when the total would pass the limit; nothing is entered then.
   */
  enter(bytes: number, state: LedgerState, owner: string): LedgerEntry {
    if (this.#totalBytes + bytes > this.limitBytes) {
      throw new SluiceError(
        'INVARIANT',
        `ledger would hold ${this.#totalBytes + bytes} bytes, above its limit of ${this.limitBytes}`,
      );
    }
    const entry = new LedgerEntry(bytes, state, owner, (from, to) => {
      this.#byState[from] -= bytes;
      this.#byState[to] += bytes;
      this.#notePeak();
    });
    this.#entries.add(entry);
    this.#totalBytes += bytes;
    this.#byState[state] += bytes;
    this.#notePeak();
    return entry;
  }

  #notePeak(): void {
    if (this.inUseBytes <= this.#peakInUseBytes) return;
    this.#peakInUseBytes = this.inUseBytes;
    this.#peakAt = Date.now();
  }
}
