/**
 * The window of one transfer. A token is the right to hold one chunk, or a piece of one, in memory: taken before
 * the fetch, returned when the client's socket has taken the bytes. At most `limit` tokens are out at a time.
 *
 * A token comes with its memory. Normally that is a chunk from the shared arena. A transfer that holds nothing and
 * finds no chunk free gets a piece instead, a small slab that admission has set aside for it; so it always advances,
 * in smaller steps, and no schedule of slow clients can stop the others. A read that fits into a piece takes the
 * piece to begin with.
 */
import { SluiceError } from '#shared/errors.ts';
import type { Slab } from './arena.ts';
import type { Budget, ChunkWaiter } from './budget.ts';
import { WindowToken } from './token.ts';

interface PendingTake {
  readonly wantBytes: number;
  readonly resolve: (token: WindowToken) => void;
}

export interface WindowOptions {
  /** Whose memory it is, for the ledger. */
  readonly owner: string;
  /** Tokens that may be out at a time. */
  readonly limit: number;
  /** Told of bytes that arrive in memory, from the store or a tier. */
  readonly onReceived?: (bytes: number) => void;
}

export class Window implements AsyncDisposable, ChunkWaiter {
  readonly limit: number;
  readonly #budget: Budget;
  readonly #options: WindowOptions;
  readonly #tokens = new Set<WindowToken>();
  #chunksHeld = 0;
  #pieceHeld = false;
  #pending: PendingTake | undefined;
  #onEmpty: (() => void) | undefined;

  /** Joins the budget: the caller was admitted (admission.ts), so one piece is set aside for it. */
  constructor(budget: Budget, options: WindowOptions) {
    this.#budget = budget;
    this.#options = options;
    this.limit = options.limit;
    budget.join();
  }

  /** Tokens that are out, in the order they were taken. */
  get tokens(): ReadonlySet<WindowToken> {
    return this.#tokens;
  }

  /** Waits for memory although the window has room: the budget is the bound. */
  get isBudgetBound(): boolean {
    return this.#pending !== undefined && this.#tokens.size < this.limit;
  }

  /**
   * A token for a read that wants `wantBytes` of memory. It may carry less (a piece): the reader then reads in
   * smaller steps. One call at a time. @throws the signal's reason
   */
  async take(wantBytes: number, signal: AbortSignal): Promise<WindowToken> {
    signal.throwIfAborted();
    const token = this.#grant(wantBytes);
    if (token) return token;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal.removeEventListener('abort', onAbort);
        this.#budget.forget(this);
        this.#pending = undefined;
      };
      const onAbort = (): void => {
        settle();
        reject(signal.reason as Error);
      };
      this.#pending = {
        wantBytes,
        resolve: (granted) => {
          settle();
          resolve(granted);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#budget.await(this);
    });
  }

  /** Called when a chunk may be had, here or anywhere. */
  offer(): void {
    const token = this.#pending && this.#grant(this.#pending.wantBytes);
    if (token) this.#pending?.resolve(token);
  }

  /**
   * Leaves the budget when the last token has come back: only then may the transfer's place, and with it the
   * guaranteed piece, pass to another.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#tokens.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
    }
    this.#budget.leave();
  }

  #grant(wantBytes: number): WindowToken | undefined {
    if (this.#tokens.size >= this.limit) return undefined;
    const { pieces, chunks, share } = this.#budget;
    if (wantBytes <= pieces.plan.slabBytes && !this.#pieceHeld) return this.#issuePiece();
    const chunk = this.#chunksHeld < share ? chunks.tryTake('queued', this.#options.owner) : undefined;
    if (chunk) return this.#issueChunk(chunk);
    return this.#tokens.size === 0 ? this.#issuePiece() : undefined;
  }

  #issuePiece(): WindowToken {
    const slab = this.#budget.pieces.tryTake('queued', this.#options.owner);
    if (!slab) throw new SluiceError('INVARIANT', 'an admitted transfer found its piece taken');
    this.#pieceHeld = true;
    return this.#issue(slab, () => {
      this.#pieceHeld = false;
    });
  }

  #issueChunk(slab: Slab): WindowToken {
    this.#chunksHeld += 1;
    return this.#issue(slab, () => {
      this.#chunksHeld -= 1;
    });
  }

  #issue(slab: Slab, onReturn: () => void): WindowToken {
    const token = new WindowToken(slab, {
      onReceived: this.#options.onReceived ?? (() => undefined),
      onReturn: () => {
        onReturn();
        this.#tokens.delete(token);
        // The slab is given back right after this call; ask for it then.
        queueMicrotask(() => this.offer());
        if (this.#tokens.size === 0) this.#onEmpty?.();
      },
    });
    this.#tokens.add(token);
    return token;
  }
}
