/** The body of an answer on its way into memory, watched for stalls. */
import type { RangeAnswer } from '#main/object-store/object-store.ts';
import { SluiceError } from '#shared/errors.ts';
import type { FetchContext } from './context.ts';
import type { Urgency } from './fetch.ts';
import { BodyWatch, stallError, type Stall } from './stall.ts';

/** Who a body is for. Not called after `stop`. */
export interface Receiver {
  urgency(): Urgency;
  /** So many bytes more are in the memory and will stay. */
  received(bytes: number): void;
  /** The body is over, and nothing writes to its memory: all of it is there, or an error says why not. */
  ended(error?: unknown): void;
}

/** What the body came with: a request, or a discovery. */
export interface BodySource {
  close(): void;
  end(): void;
}

export interface BodyOptions {
  readonly key: string;
  readonly answer: RangeAnswer;
  readonly source: BodySource;
  /** As long as the body is to be. */
  readonly into: Uint8Array;
}

export class Body {
  readonly #context: FetchContext;
  readonly #key: string;
  readonly #answer: RangeAnswer;
  readonly #into: Uint8Array;
  readonly #source: BodySource;
  readonly #receiver: Receiver;
  readonly #watch: BodyWatch;
  readonly #beganMs: number;
  readonly #leavePulse: () => void;
  #arrived = 0;
  /** The last piece counts only when the body has ended as it should: it may be the one that is wrong. */
  #lastPiece = 0;
  #stalled: SluiceError | undefined;
  #isOver = false;
  #isStopped = false;
  #onRelease: (() => void) | undefined;

  constructor(context: FetchContext, { key, answer, source, into }: BodyOptions, receiver: Receiver) {
    this.#context = context;
    this.#key = key;
    this.#answer = answer;
    this.#source = source;
    this.#into = into;
    this.#receiver = receiver;
    this.#watch = new BodyWatch(context.tuning.stalls, context.latency, into.length);
    this.#beganMs = context.clock.now();
    this.#leavePulse = context.pulse.join(() => this.#onBeat());
  }

  /**
   * Begins to read. What came together with the head is received before this returns, and whoever receives it may have
   * had enough: so the owner must know the body by now, to be able to stop it.
   */
  start(): void {
    void this.#read();
  }

  /** Ends it in this tick; `released` is called once, when nothing writes to the memory any more. */
  stop(released: () => void): void {
    this.#end();
    const isWritten = this.#context.store.letsGo === 'when settled' && !this.#isOver;
    this.#isOver = true;
    this.#isStopped = true;
    if (isWritten) this.#onRelease = released;
    else released();
  }

  async #read(): Promise<void> {
    let failure: unknown;
    try {
      await this.#answer.readInto(this.#into, (bytes) => this.#onBytes(bytes));
    } catch (error) {
      failure = error;
    }
    this.#onSettled(failure);
  }

  #onBytes(bytes: number): void {
    if (this.#isOver || this.#stalled || bytes === 0) return;
    this.#watch.received(bytes);
    this.#arrived += bytes;
    if (this.#arrived < this.#into.length) this.#receiver.received(bytes);
    else this.#lastPiece += bytes;
  }

  #onSettled(error: unknown): void {
    if (this.#onRelease) this.#onRelease();
    else if (!this.#isOver) this.#finish(this.#stalled ?? error ?? this.#missing());
  }

  #missing(): SluiceError | undefined {
    if (this.#arrived === this.#into.length) return undefined;
    const sentence = `${this.#key}: the store said it was done after ${this.#arrived} of ${this.#into.length} bytes`;
    return new SluiceError('STORE_MISBEHAVED', sentence);
  }

  #finish(error: unknown): void {
    this.#isOver = true;
    this.#leavePulse();
    this.#source.close();
    this.#context.latency.addBody(this.#arrived, this.#context.clock.now() - this.#beganMs);
    if (error === undefined) {
      this.#receiver.received(this.#lastPiece);
    } else {
      this.#context.counters.discardedBytes += this.#lastPiece;
      this.#context.requestFailed(error);
    }
    // It may have been stopped when the receiver heard of the last piece.
    if (!this.#isStopped) this.#receiver.ended(error);
  }

  #onBeat(): void {
    const stall = this.#watch.beat(this.#context.pulse.beatMs);
    if (!stall || (stall === 'slow' && !this.#isWorthAnother())) return;
    this.#giveUp(stall);
  }

  /** To ask again for what is slow is an extra request: when all is slow it would not help. */
  #isWorthAnother(): boolean {
    return this.#receiver.urgency() !== 'ahead' && this.#context.hedges.tryPay(this.#context.clock.now());
  }

  #giveUp(stall: Stall): void {
    this.#context.counters.stalls[stall] += 1;
    this.#stalled = stallError(stall, this.#key);
    this.#end();
    if (this.#context.store.letsGo === 'at once') this.#finish(this.#stalled);
  }

  #end(): void {
    this.#leavePulse();
    this.#source.end();
  }
}
