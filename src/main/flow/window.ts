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
import type { ChunkState, Slot, Tier } from '#shared/model.ts';
import type { Slab } from './arena.ts';
import type { Budget, ChunkWaiter } from './budget.ts';

interface TokenEvents {
  readonly onReceived: (bytes: number) => void;
  readonly onReturn: () => void;
}

/** The right to hold one chunk, with the memory to hold it in, and the story of that chunk so far. */
export class WindowToken implements Disposable {
  readonly memory: Uint8Array;
  readonly #slab: Slab;
  readonly #events: TokenEvents;
  #holders = 1;
  #since = performance.now();
  #state: ChunkState = 'queued';
  #start = 0;
  #bytes = 0;
  #filledBytes = 0;
  #sentBytes = 0;
  #attempt = 0;
  tier: Tier | undefined;

  constructor(slab: Slab, events: TokenEvents) {
    this.#slab = slab;
    this.memory = slab.memory;
    this.#events = events;
  }

  get state(): ChunkState {
    return this.#state;
  }

  /** What the console shows of it. */
  get slot(): Slot {
    return {
      start: this.#start,
      bytes: this.#bytes,
      state: this.#state,
      tier: this.tier,
      filledBytes: this.#filledBytes,
      sentBytes: this.#sentBytes,
      attempt: this.#attempt,
      ageMs: performance.now() - this.#since,
    };
  }

  /** Names the bytes of the object that this token will carry. */
  assign(start: number, bytes: number): void {
    this.#start = start;
    this.#bytes = bytes;
  }

  enter(state: ChunkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = performance.now();
    this.#slab.move(state);
  }

  /** A request goes out; what an earlier attempt brought is void. */
  attempt(number: number): void {
    this.#attempt = number;
    this.#filledBytes = 0;
    this.enter('waiting');
  }

  /** An attempt failed; the next one waits. */
  backOff(): void {
    this.enter('retry');
  }

  received(bytes: number): void {
    this.#filledBytes += bytes;
    this.#events.onReceived(bytes);
    this.enter('receiving');
  }

  complete(): void {
    this.#events.onReceived(Math.max(0, this.#bytes - this.#filledBytes));
    this.#filledBytes = this.#bytes;
    this.enter('held');
  }

  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  /** One more holder, such as a disk write: the token returns when the last has disposed of it. */
  retain(): this {
    if (this.#holders === 0) throw new SluiceError('INVARIANT', 'a returned token was retained');
    this.#holders += 1;
    return this;
  }

  [Symbol.dispose](): void {
    if (this.#holders === 0) throw new SluiceError('INVARIANT', 'a token was returned twice');
    this.#holders -= 1;
    if (this.#holders > 0) return;
    this.#events.onReturn();
    this.#slab[Symbol.dispose]();
  }
}

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
