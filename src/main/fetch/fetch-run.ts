/**
 * The life of one fetch: it queues for a permit, asks, waits for the head of an answer, and receives. Whatever goes
 * wrong, the next attempt asks for what is still missing, from the watermark on, of the same revision.
 */
import type { RangeAnswer } from '#main/object-store/object-store.ts';
import { Body, type BodySource, type Receiver } from './body.ts';
import type { FetchContext } from './context.ts';
import type { TakenDiscovery } from './discovered.ts';
import type { Fetch, FetchJob, Urgency } from './fetch.ts';
import { HedgedRequest } from './hedged-request.ts';
import { isMoreUrgent } from './permits.ts';
import type { FetchPhase, FetchReading } from './stats.ts';
import { Tries } from './tries.ts';

export class FetchRun implements Fetch {
  readonly #context: FetchContext;
  readonly #job: FetchJob;
  readonly #onOver: (run: FetchRun) => void;
  readonly #tries: Tries;
  readonly #beganMs: number;
  #urgency: Urgency;
  /** The first answer, where it is there already. */
  #discovered: TakenDiscovery | undefined;
  #isOver = false;
  #watermark = 0;
  #request: HedgedRequest<RangeAnswer> | undefined;
  #body: Body | undefined;

  constructor(
    context: FetchContext,
    job: FetchJob,
    discovered: TakenDiscovery | undefined,
    onOver: (run: FetchRun) => void,
  ) {
    this.#context = context;
    this.#job = job;
    this.#urgency = job.urgency;
    this.#onOver = onOver;
    this.#discovered = discovered;
    this.#beganMs = context.clock.now();
    this.#tries = new Tries(context, job.urgency, {
      attempt: (number) => this.#attempt(number),
      backOff: (milliseconds, cause) => job.events.backOff(milliseconds, cause),
      failed: (error) => this.#finish(() => job.events.failed(error)),
    });
    this.#tries.start(discovered?.permit);
  }

  get reading(): FetchReading {
    return {
      key: this.#job.revision.key,
      ...this.#job.range,
      urgency: this.#urgency,
      phase: this.#phase,
      attempt: this.#tries.number,
      isHedged: this.#request?.isHedged === true,
      ageMs: this.#context.clock.now() - this.#beganMs,
      receivedBytes: this.#watermark,
    };
  }

  promote(urgency: Urgency): void {
    if (this.#isOver || !isMoreUrgent(urgency, this.#urgency)) return;
    this.#urgency = urgency;
    this.#tries.promote(urgency);
  }

  cancel(released: () => void): void {
    const body = this.#body;
    this.#finish(() => this.#tries.end());
    if (body) body.stop(released);
    else released();
  }

  get #phase(): FetchPhase {
    const { phase } = this.#tries;
    if (phase !== 'trying') return phase;
    return this.#body ? 'receiving' : 'waiting';
  }

  #attempt(number: number): void {
    const discovered = this.#discovered;
    this.#job.events.attempt(number);
    if (this.#isOver) return;
    this.#discovered = undefined;
    if (discovered) this.#receive(discovered.answer, discovered.source);
    else this.#request = this.#ask();
  }

  #ask(): HedgedRequest<RangeAnswer> {
    const { revision, range } = this.#job;
    const missing = { start: range.start + this.#watermark, end: range.end };
    return new HedgedRequest(this.#context, {
      key: revision.key,
      fruitless: this.#tries.fruitless,
      ask: (signal) => this.#context.store.openRange(revision, missing, signal),
      isUrgent: () => this.#urgency !== 'ahead',
      answered: (answer, source, by) => {
        this.#job.events.answered?.(by);
        if (this.#isOver) source.end();
        else this.#receive(answer, source);
      },
      hedged: () => this.#job.events.hedged?.(),
      failed: (error) => this.#tries.fail(error),
    });
  }

  #receive(answer: RangeAnswer, source: BodySource): void {
    const into = this.#job.into.subarray(this.#watermark);
    this.#body = new Body(
      this.#context,
      { key: this.#job.revision.key, answer, source, into },
      this.#receiver,
    );
    this.#body.start();
  }

  readonly #receiver: Receiver = {
    urgency: () => this.#urgency,
    received: (bytes) => {
      this.#watermark += bytes;
      this.#context.counters.receivedBytes += bytes;
      this.#tries.progress(bytes);
      this.#job.events.received(bytes);
    },
    ended: (error) => {
      this.#body = undefined;
      if (error === undefined) this.#succeed();
      else this.#tries.fail(error);
    },
  };

  #succeed(): void {
    const wholeMs = this.#context.clock.now() - this.#beganMs;
    this.#context.counters.fetch.add(wholeMs);
    if (this.#urgency !== 'small') this.#context.latency.addFetch(wholeMs);
    this.#finish(() => {
      this.#tries.succeed();
      this.#job.events.done();
    });
  }

  /** Over, whatever `last` tells or does. */
  #finish(last: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#request?.end();
    this.#discovered?.source.end();
    this.#onOver(this);
    last();
  }
}
