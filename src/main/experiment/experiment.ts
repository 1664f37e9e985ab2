/** The experiment: the same load on three fetchers, one after the other, each in a process of its own with a ceiling. */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, freemem, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { effectiveMemoryBytes } from '#main/config/effective-memory.ts';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { misfit, type PlanNames } from '#shared/experiment/fit.ts';
import { variants } from '#shared/experiment/formula.ts';
import type { Experiment, Run } from '#shared/experiment/outcome.ts';
import type { ExperimentPlan } from '#shared/experiment/plan.ts';
import { startChild } from './child.ts';
import { runVariant } from './run.ts';

/** What processes started from here may take before the system refuses or kills something. */
export function availableBytes(): number {
  // 0 where the runtime cannot tell.
  const known = process.availableMemory();
  return Math.min(freemem(), effectiveMemoryBytes(), known > 0 ? known : Number.POSITIVE_INFINITY);
}

/** @throws SluiceError INVALID_INPUT with what would fit, when this machine has not the memory for it now */
export function checkPlan(plan: ExperimentPlan, names: PlanNames): void {
  const sentence = misfit(plan, availableBytes(), names);
  if (sentence !== undefined) throw new SluiceError('INVALID_INPUT', sentence);
}

/**
 * Runs all three. `onChange` is told of the experiment while it goes on, many times a second. When `signal` aborts,
 * what there is by then is the result, as `stopped`. Nothing is left running, whatever happens.
 * @throws SluiceError PROCESS_FAILED when a process cannot be started
 */
export async function runExperiment(
  plan: ExperimentPlan,
  onChange: (experiment: Experiment) => void,
  signal: AbortSignal,
): Promise<Experiment> {
  const begun = begin(plan);
  const runs: Run[] = [];
  onChange(begun);
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-experiment-'));
  try {
    await using origin = await startChild({ role: 'origin', ...plan }, signal);
    const surroundings = { plan, origin: origin.url, dataDir };
    for (const variant of variants) {
      const tell = (run: Run): void => onChange({ ...begun, runs: [...runs, run] });
      runs.push(await runVariant(variant, surroundings, tell, signal));
      if (signal.aborted) return { ...begun, runs, state: 'stopped' };
      onChange({ ...begun, runs: [...runs] });
    }
    return { ...begun, runs, state: 'done' };
  } catch (error) {
    if (isSluiceError(error, 'ABORTED')) return { ...begun, runs, state: 'stopped' };
    throw error;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

function begin(plan: ExperimentPlan): Experiment {
  const processors = cpus();
  return {
    plan,
    startedAt: Date.now(),
    machine: {
      processor: (processors[0]?.model ?? 'unknown processor').slice(0, 200),
      cores: processors.length,
      memoryBytes: totalmem(),
      platform: process.platform,
      node: process.versions.node,
    },
    state: 'running',
    runs: [],
  };
}
