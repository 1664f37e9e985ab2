/**
 * One question to the store, asked once more when its answer is late (hedging.ts). Whichever of the two is answered
 * first wins, whatever the answer is, and the other ends in the same tick: whoever asked sees one request.
 */
import { isSluiceError } from '#shared/errors.ts';
import type { BodySource } from './body.ts';
import type { FetchContext } from './context.ts';
import { hedgeAfterMs } from './hedging.ts';
import { Request, type Requester } from './request.ts';
import { firstByteLimitMs } from './stall.ts';

/** Whose question it is; hears of one end, never from inside the constructor, and not after `end`. */
export interface Question<Answer> {
  readonly key: string;
  /** Attempts before this one, in a row, that came to nothing. */
  readonly fruitless: number;
  readonly ask: (signal: AbortSignal) => Promise<Answer>;
  /** Whether somebody waits for the answer now. Otherwise it is not asked again. */
  readonly isUrgent: () => boolean;
  readonly answered: (answer: Answer, source: BodySource, by: 'request' | 'hedge') => void;
  readonly hedged?: () => void;
  readonly failed: (error: unknown) => void;
}

export class HedgedRequest<Answer> {
  readonly #context: FetchContext;
  readonly #question: Question<Answer>;
  #first: Request<Answer> | undefined;
  #hedge: Request<Answer> | undefined;
  /** Whether the time for a hedge has come, and what came of it: there is one at most. */
  #lateness: 'in time' | 'late' | 'refused' | 'hedged' = 'in time';

  constructor(context: FetchContext, question: Question<Answer>) {
    this.#context = context;
    this.#question = question;
    this.#first = this.#send();
  }

  /** The same is asked twice at present. */
  get isHedged(): boolean {
    return this.#first !== undefined && this.#hedge !== undefined;
  }

  /** Ends what has been asked, in this tick. */
  end(): void {
    this.#first?.end();
    this.#hedge?.end();
  }

  #send(): Request<Answer> {
    const { key, ask, fruitless } = this.#question;
    const limitMs = firstByteLimitMs(this.#context.latency, this.#context.tuning.stalls, fruitless);
    return new Request(this.#context, { key, firstByteLimitMs: limitMs, ask }, this.#requester);
  }

  readonly #requester: Requester<Answer> = {
    answered: (request, answer) => this.#onAnswer(request, answer),
    failed: (request, error) => this.#onFailure(request, error),
    waiting: (request, silentMs) => {
      if (request === this.#first) this.#considerHedge(silentMs);
    },
  };

  #onAnswer(winner: Request<Answer>, answer: Answer): void {
    const { counters, hedges } = this.#context;
    if (this.#lateness === 'in time') hedges.noteHead('in time');
    const by = winner === this.#hedge ? 'hedge' : 'request';
    if (by === 'hedge') {
      counters.hedges.won += 1;
      this.#first?.giveUp();
    } else {
      this.#loseHedge();
    }
    this.#first = this.#hedge = undefined;
    this.#question.answered(answer, winner, by);
  }

  /** One of two may fail, unless it says something about the object that the other cannot change. */
  #onFailure(request: Request<Answer>, error: unknown): void {
    if (request === this.#hedge) this.#loseHedge();
    else this.#first = undefined;
    const goesOn = this.#first ?? this.#hedge;
    if (goesOn && isSluiceError(error) && error.retryable) return;
    this.#first?.end();
    this.#loseHedge();
    this.#question.failed(error);
  }

  #loseHedge(): void {
    if (!this.#hedge) return;
    this.#context.counters.hedges.lost += 1;
    this.#hedge.end();
    this.#hedge = undefined;
  }

  #considerHedge(silentMs: number): void {
    const { tuning, latency, hedges, counters, clock } = this.#context;
    const afterMs = hedgeAfterMs(latency);
    if (this.#lateness === 'hedged' || afterMs === undefined || silentMs < afterMs) return;
    if (this.#lateness === 'in time') hedges.noteHead((this.#lateness = 'late'));
    if (tuning.hedging === 'off' || !this.#question.isUrgent()) return;
    if (hedges.tryPay(clock.now())) {
      counters.hedges.launched += 1;
      this.#lateness = 'hedged';
      this.#hedge = this.#send();
      this.#question.hedged?.();
    } else if (this.#lateness === 'late') {
      // It may still come: every beat asks again.
      counters.hedges.refused += 1;
      this.#lateness = 'refused';
    }
  }
}
