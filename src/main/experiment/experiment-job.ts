/** The experiment that a server runs for its console: one at a time, and the last one until the next. */
import { isSluiceError, messageOf, SluiceError } from '#shared/errors.ts';
import type { PlanNames } from '#shared/experiment/fit.ts';
import type { Experiment } from '#shared/experiment/outcome.ts';
import type { ExperimentPlan } from '#shared/experiment/plan.ts';
import { availableBytes, checkPlan, runExperiment } from './experiment.ts';

/** As the console's form calls them. */
const formNames: PlanNames = {
  objectBytes: 'Object',
  readers: 'Readers',
  speeds: 'Speeds',
  chunkBytes: 'Chunk',
  budgetBytes: 'Budget',
  ceilingBytes: 'Ceiling',
};

interface JobState {
  readonly availableBytes: number;
  readonly experiment?: Experiment;
}

/** Disposing of it ends what runs, and waits until nothing is left of it. */
export class ExperimentJob implements AsyncDisposable {
  readonly #run: typeof runExperiment;
  #experiment: Experiment | undefined;
  #stopping: AbortController | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(run: typeof runExperiment = runExperiment) {
    this.#run = run;
  }

  state(): JobState {
    const experiment = this.#experiment;
    return { availableBytes: availableBytes(), ...(experiment && { experiment }) };
  }

  /** @throws SluiceError BUSY while one runs, INVALID_INPUT with what would fit when the memory is not there */
  start(plan: ExperimentPlan): JobState {
    if (this.#stopping)
      throw new SluiceError('BUSY', 'an experiment runs already: stop it, or wait for its end');
    checkPlan(plan, formNames);
    const stopping = new AbortController();
    this.#stopping = stopping;
    this.#experiment = undefined;
    this.#ended = this.#follow(plan, stopping.signal).finally(() => {
      this.#stopping = undefined;
    });
    return this.state();
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<JobState> {
    this.#stopping?.abort();
    await this.#ended;
    return this.state();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #follow(plan: ExperimentPlan, signal: AbortSignal): Promise<void> {
    try {
      const onChange = (now: Experiment): void => {
        this.#experiment = now;
      };
      this.#experiment = await this.#run(plan, onChange, signal);
    } catch (error) {
      const failure = isSluiceError(error) ? messageOf(error) : 'something failed inside Sluice';
      if (this.#experiment) this.#experiment = { ...this.#experiment, state: 'failed', failure };
    }
  }
}
