/** One request to the store, until its answer has begun. It has an AbortController of its own, and ends in one tick. */
import { SluiceError } from '#shared/errors.ts';
import type { FetchContext } from './context.ts';
import { stallError } from './stall.ts';

/** Made once: an abort without a reason builds a DOMException with its stack, which is slow. */
const ended = new SluiceError('ABORTED', 'the request is not needed any more');

/** Hears from a request, never from inside its constructor, and not after its end. */
export interface Requester<Answer> {
  answered(request: Request<Answer>, answer: Answer): void;
  /** The request is over. */
  failed(request: Request<Answer>, error: unknown): void;
  /** No answer for so long, in milliseconds. */
  waiting(request: Request<Answer>, silentMs: number): void;
}

export interface RequestOptions<Answer> {
  readonly key: string;
  readonly firstByteLimitMs: number;
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
}

export class Request<Answer> {
  readonly #context: FetchContext;
  readonly #options: RequestOptions<Answer>;
  readonly #requester: Requester<Answer>;
  readonly #controller = new AbortController();
  readonly #beganMs: number;
  #leavePulse: () => void;
  #phase: 'waiting' | 'answered' | 'over' = 'waiting';
  #silentMs = 0;

  constructor(context: FetchContext, options: RequestOptions<Answer>, requester: Requester<Answer>) {
    this.#context = context;
    this.#options = options;
    this.#requester = requester;
    this.#beganMs = context.clock.now();
    context.requestBegan();
    this.#leavePulse = context.pulse.join(() => this.#onBeat());
    void this.#ask();
  }

  /** The store is done with it; nothing needs to be ended there. */
  close(): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    this.#leavePulse();
    this.#context.requestEnded();
  }

  /** Ends it at the store as well, in this tick. */
  end(): void {
    if (this.#phase === 'over') return;
    this.close();
    this.#controller.abort(ended);
  }

  /** Ends it because it has taken too long; what it took is remembered. */
  giveUp(): void {
    this.#noteFirstByte();
    this.end();
  }

  async #ask(): Promise<void> {
    let answer: Answer;
    try {
      answer = await this.#options.ask(this.#controller.signal);
    } catch (error) {
      if (this.#phase === 'waiting') this.#onFailure(error);
      return;
    }
    // Too late after an end: the store has let go of it on the abort.
    if (this.#phase === 'waiting') this.#onAnswer(answer);
  }

  #onAnswer(answer: Answer): void {
    this.#phase = 'answered';
    this.#leavePulse();
    this.#context.counters.firstByte.add(this.#noteFirstByte());
    this.#requester.answered(this, answer);
  }

  #onFailure(error: unknown): void {
    this.close();
    this.#context.requestFailed(error);
    this.#requester.failed(this, error);
  }

  #onBeat(): void {
    this.#silentMs += this.#context.pulse.beatMs;
    // Not `>=`: the beat that reaches the limit may be the late one after a block, before what came was read.
    if (this.#silentMs > this.#options.firstByteLimitMs) {
      this.giveUp();
      this.#context.counters.stalls['first byte'] += 1;
      const error = stallError('first byte', this.#options.key);
      this.#context.requestFailed(error);
      this.#requester.failed(this, error);
    } else {
      this.#requester.waiting(this, this.#silentMs);
    }
  }

  #noteFirstByte(): number {
    const milliseconds = this.#context.clock.now() - this.#beganMs;
    this.#context.latency.firstByteMs.add(milliseconds);
    return milliseconds;
  }
}
