/** One run of an experiment: one fetcher before a store, the readers, and an eye on what the fetcher takes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Variant } from '#shared/experiment/formula.ts';
import type { Ending, Run } from '#shared/experiment/outcome.ts';
import { type ExperimentPlan, longestMs, readerSpeeds } from '#shared/experiment/plan.ts';
import { type Child, startChild, type Task } from './child.ts';
import { Curve } from './curve.ts';
import { objectPath } from './origin.ts';

/** How often the ceiling is looked at: a fast store fills some hundred MiB meanwhile. */
const lookMs = 25;
/** A process that has just started is given so long to come to rest. */
const restMs = 400;

/** Where runs happen. */
export interface Surroundings {
  readonly plan: ExperimentPlan;
  /** The store's address. */
  readonly origin: string;
  /** A folder for the data of Sluice. */
  readonly dataDir: string;
}

/**
 * Runs it to its end, which may be any of `Ending`, also when `signal` aborts. `onChange` is told of the run while it
 * goes on.
 * @throws SluiceError PROCESS_FAILED when a process cannot be started, ABORTED when `signal` aborts before the readers began
 */
export async function runVariant(
  variant: Variant,
  surroundings: Surroundings,
  onChange: (run: Run) => void,
  signal: AbortSignal,
): Promise<Run> {
  const { plan } = surroundings;
  const { objectBytes } = plan;
  const reading = { role: 'readers', objectBytes, speeds: readerSpeeds(plan) } as const;
  await using children = await startChildren(taskOf(variant, surroundings), reading, signal);
  const [fetcher, readers] = children.both;
  await sleep(restMs, undefined, { signal }).catch(() => undefined);
  const watch = new Watch(plan, variant, fetcher, readers);
  readers.begin(`${fetcher.url}${objectPath}`);
  let ending: Ending | undefined;
  while (ending === undefined) {
    await sleep(lookMs);
    ending = signal.aborted ? 'stopped' : watch.look();
    if (ending === undefined) onChange(watch.run());
  }
  return watch.run(ending);
}

interface Children extends AsyncDisposable {
  readonly both: readonly [Child, Child];
}

/** Both at the same time; when one does not start, the other does not stay. */
async function startChildren(first: Task, second: Task, signal: AbortSignal): Promise<Children> {
  const starting = [startChild(first, signal), startChild(second, signal)] as const;
  const end = async (): Promise<void> => {
    const started = await Promise.allSettled(starting);
    for (const each of started) if (each.status === 'fulfilled') await each.value[Symbol.asyncDispose]();
  };
  try {
    return { both: await Promise.all(starting), [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Sluice's window is as many chunks as that of the fetcher with a window. */
function taskOf(variant: Variant, { plan, origin, dataDir }: Surroundings): Task {
  const { chunkBytes, workers, budgetBytes } = plan;
  const window = 2 * workers;
  if (variant === 'sluice') return { role: 'sluice', origin, budgetBytes, chunkBytes, window, dataDir };
  const bound = variant === 'windowed' ? { window } : {};
  return { role: 'fetcher', origin, chunkBytes, workers, ...bound };
}

class Watch {
  readonly #plan: ExperimentPlan;
  readonly #variant: Variant;
  readonly #fetcher: Child;
  readonly #readers: Child;
  readonly #curve = new Curve();
  readonly #startedAt = performance.now();
  readonly #idle: { readonly rssBytes: number; readonly cpuMs: number };
  #now;
  #elapsedMs = 0;
  #peakRssBytes = 0;

  constructor(plan: ExperimentPlan, variant: Variant, fetcher: Child, readers: Child) {
    this.#plan = plan;
    this.#variant = variant;
    this.#fetcher = fetcher;
    this.#readers = readers;
    this.#idle = fetcher.figures();
    this.#now = fetcher.figures();
    this.#peakRssBytes = this.#now.rssBytes;
    this.#curve.add([0, this.#now.rssBytes, this.#now.bodyBytes]);
  }

  /** Takes a sample. @returns how the run ends, if it does */
  look(): Ending | undefined {
    this.#elapsedMs = performance.now() - this.#startedAt;
    if (this.#fetcher.hasEnded) return 'died';
    const figures = this.#fetcher.figures();
    // A process that is on its way out has no memory any more, and says nothing of its time.
    if (figures.rssBytes > 0) this.#now = figures;
    const { rssBytes, bodyBytes } = this.#now;
    this.#peakRssBytes = Math.max(this.#peakRssBytes, rssBytes);
    this.#curve.add([this.#elapsedMs, rssBytes, bodyBytes]);
    if (rssBytes >= this.#plan.ceilingBytes) return 'ceiling';
    return this.#endingOfReaders() ?? (this.#elapsedMs > longestMs(this.#plan) ? 'late' : undefined);
  }

  run(ending?: Ending): Run {
    const { rssBytes, bodyBytes, cpuMs, peakBodyBytes } = this.#now;
    if (ending !== undefined) this.#curve.add([this.#elapsedMs, rssBytes, bodyBytes], 'last');
    return {
      variant: this.#variant,
      ...(ending !== undefined && { ending }),
      elapsedMs: this.#elapsedMs,
      idleBytes: this.#idle.rssBytes,
      peakRssBytes: this.#peakRssBytes,
      peakBodyBytes: Math.max(peakBodyBytes, bodyBytes),
      cpuMs: Math.max(0, cpuMs - this.#idle.cpuMs),
      samples: this.#curve.samples,
      readers: this.#readers.readers,
    };
  }

  #endingOfReaders(): Ending | undefined {
    if (this.#readers.hasEnded) return 'broken';
    const states = this.#readers.readers.map(({ state }) => state);
    if (states.includes('wrong')) return 'wrong';
    if (states.length === 0 || states.includes('reading')) return undefined;
    return states.includes('broken') ? 'broken' : 'finished';
  }
}
