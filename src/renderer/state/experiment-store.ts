/** The experiment of a server, read once a second while somebody looks. */
import type { ExperimentState } from '#shared/contract/experiment.ts';
import { messageOf } from '#shared/errors.ts';
import type { ExperimentPlan } from '#shared/experiment/plan.ts';
import type { ConsoleClient } from '../rpc/connect.ts';
import { type Follower, inTime } from '../rpc/follow.ts';
import { Signal } from './signal.ts';

const readIntervalMs = 1000;

export class ExperimentStore {
  readonly changed = new Signal(0);
  readonly #call: Follower['call'];
  #state: ExperimentState | undefined;
  #failure: string | undefined;
  #isAsking = false;

  constructor(call: Follower['call']) {
    this.#call = call;
  }

  /** The newest answer; `undefined` until the first. */
  get state(): ExperimentState | undefined {
    return this.#state;
  }

  /** Why it could not be started or stopped: a sentence. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Somebody has asked for a start or a stop, and has no answer yet. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Reads until the returned function is called. */
  follow(): () => void {
    void this.#read();
    const timer = setInterval(() => void this.#read(), readIntervalMs);
    return () => clearInterval(timer);
  }

  start(plan: ExperimentPlan): Promise<void> {
    return this.#ask((client) => client.experiment.start(plan));
  }

  stop(): Promise<void> {
    return this.#ask((client) => client.experiment.stop());
  }

  async #ask(work: (client: ConsoleClient) => Promise<ExperimentState>): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#failure = undefined;
    this.changed.touch();
    try {
      this.#state = await inTime(this.#call(work));
    } catch (error) {
      this.#failure = messageOf(error);
    }
    this.#isAsking = false;
    this.changed.touch();
  }

  /** A page that nobody sees asks for nothing, nor while a start or a stop is on its way. */
  async #read(): Promise<void> {
    if (document.hidden || this.#isAsking) return;
    try {
      const state = await inTime(this.#call((client) => client.experiment.state()));
      if (!this.#isAsking) this.#state = state;
    } catch {
      // The notice of the connection says so; what was read stays.
    }
    this.changed.touch();
  }
}
