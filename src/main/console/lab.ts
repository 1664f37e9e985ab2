/** The Range Lab of all consoles: how many of its requests there may be at a time, and the checks that run or ran. */
import { randomUUID } from 'node:crypto';
import { allChecks, checkServer } from '#main/probe/checks/suite.ts';
import type { Reach } from '#main/probe/reach.ts';
import { sendRequest } from '#main/probe/send.ts';
import { messageOf, isSluiceError, SluiceError } from '#shared/errors.ts';
import type { CheckRun, LabAnswer, LabRequest } from '#shared/lab-model.ts';
import type { ConsoleContext } from './context.ts';

/** Requests at a time, and runs of the checks at a time, of all consoles together. */
const maxSending = 4;
const maxRunning = 2;
/** Runs that are kept, the newest. */
const keptRuns = 8;
/** A run is ended after this. */
const runMs = 180_000;
/** `progress` answers after this, if nothing has ended. */
const progressMs = 1000;

interface Run {
  record: CheckRun;
  readonly controller: AbortController;
  /** Settles when it has ended, and never rejects. */
  readonly ended: Promise<void>;
}

export class ConsoleLab {
  readonly #ownUrl: () => string;
  readonly #runs = new Map<string, Run>();
  #sending = 0;

  /** `ownUrl`: where this server listens, as far as it is known by now. */
  constructor(ownUrl: () => string = () => '') {
    this.#ownUrl = ownUrl;
  }

  /** @throws SluiceError BUSY; what `sendRequest` throws */
  async send(request: LabRequest, context: ConsoleContext, signal: AbortSignal): Promise<LabAnswer> {
    if (this.#sending >= maxSending) {
      throw new SluiceError(
        'BUSY',
        `${maxSending} requests of the Range Lab are under way; try again in a moment`,
      );
    }
    this.#sending += 1;
    try {
      return await sendRequest(request, { reach: this.#reachOf(context) }, signal);
    } finally {
      this.#sending -= 1;
    }
  }

  /** Starts a run. What is wrong with the URL is found out by it. @throws SluiceError BUSY */
  start(url: string, context: ConsoleContext): CheckRun {
    const running = [...this.#runs.values()].filter(({ record }) => record.state === 'running');
    if (running.length >= maxRunning) {
      throw new SluiceError('BUSY', `${maxRunning} servers are being checked; try again when one is done`);
    }
    const id = randomUUID();
    const controller = new AbortController();
    const record: CheckRun = {
      id,
      url,
      startedAt: Date.now(),
      state: 'running',
      total: allChecks.length,
      results: [],
      durationMs: 0,
    };
    const ended = this.#follow(id, this.#reachOf(context), controller);
    this.#runs.set(id, { record, controller, ended });
    this.#forgetOldest();
    return record;
  }

  /** @throws SluiceError NOT_FOUND */
  async progress(id: string, signal: AbortSignal | undefined): Promise<CheckRun> {
    const run = this.#run(id);
    if (run.record.state === 'running') await Promise.race([run.ended, passed(progressMs, signal)]);
    return this.#run(id).record;
  }

  /** @throws SluiceError NOT_FOUND */
  cancel(id: string): boolean {
    const { record, controller } = this.#run(id);
    controller.abort();
    return record.state === 'running';
  }

  /** Ends what runs. */
  [Symbol.dispose](): void {
    for (const { controller } of this.#runs.values()) controller.abort();
  }

  async #follow(id: string, reach: Reach, controller: AbortController): Promise<void> {
    // Once the run is in the map.
    await Promise.resolve();
    const startedAt = performance.now();
    const update = (change: Partial<CheckRun>): void => {
      const run = this.#runs.get(id);
      if (run) run.record = { ...run.record, durationMs: performance.now() - startedAt, ...change };
    };
    const timer = setTimeout(() => controller.abort(), runMs);
    try {
      await checkServer(
        {
          url: this.#run(id).record.url,
          reach,
          onObject: (object) => update({ object }),
          onResult: (result) => update({ results: [...this.#run(id).record.results, result] }),
        },
        controller.signal,
      );
      update({ state: 'done' });
    } catch (error) {
      if (isSluiceError(error, 'ABORTED')) update({ state: 'cancelled' });
      else
        update({
          state: 'failed',
          failure: isSluiceError(error) ? messageOf(error) : 'something failed inside Sluice',
        });
    } finally {
      clearTimeout(timer);
    }
  }

  #run(id: string): Run {
    const run = this.#runs.get(id);
    if (!run)
      throw new SluiceError('NOT_FOUND', 'this run of the checks is not kept any more; start another');
    return run;
  }

  #forgetOldest(): void {
    const ended = [...this.#runs].filter(([, { record }]) => record.state !== 'running');
    for (const [id] of ended.slice(0, Math.max(0, this.#runs.size - keptRuns))) this.#runs.delete(id);
  }

  #reachOf({ role }: ConsoleContext): Reach {
    const own = this.#ownUrl();
    if (role === 'operator') return { kind: 'everywhere' };
    return { kind: 'public', ...(URL.canParse(own) && { own: new URL(own) }) };
  }
}

/** Settles after so long, or when the signal says so. */
function passed(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
