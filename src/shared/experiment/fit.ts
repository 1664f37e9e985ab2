/**
 * Whether a machine has the memory for an experiment, looked at before anything is started. What does not fit is
 * refused with a sentence that has the values that would.
 */
import { messageOf } from '#shared/errors.ts';
import { planMemory } from '#shared/memory-plan.ts';
import { settings } from '#shared/config.ts';
import { formatBytes, formatDuration, formatExactBytes, MiB } from '#shared/units.ts';
import { formulaBytes, type Variant, variants } from './formula.ts';
import { type ExperimentPlan, planLimits, shortestMs } from './plan.ts';

/** What a fetcher takes beside bodies: Node, code, V8's heap, sockets. Sluice is the largest. */
const processBytes = 160 * MiB;
/** The store, the readers, and whoever watches. */
const restBytes = 256 * MiB;
/** How far a fetcher may get beyond its ceiling between two looks at it. */
const beyondBytes = 160 * MiB;
/** Nobody waits longer for a picture, in milliseconds. */
const mostMs = 15 * 60_000;

/** How whoever set the values calls them. */
export type PlanNames = Readonly<
  Record<'objectBytes' | 'readers' | 'speeds' | 'chunkBytes' | 'budgetBytes' | 'ceilingBytes', string>
>;

/** The most that a fetcher takes, RSS, if its formula holds or its ceiling ends it. */
export function expectedBytes(plan: ExperimentPlan, variant: Variant): number {
  const unchecked = formulaBytes(plan, variant) + processBytes;
  return Math.min(unchecked, plan.ceilingBytes + beyondBytes);
}

/** The most that all of it takes at a time: the three run one after the other. */
export function neededBytes(plan: ExperimentPlan): number {
  return Math.max(...variants.map((variant) => expectedBytes(plan, variant))) + restBytes;
}

/** Why the experiment is not to be started on a machine with so much memory free, with what would fit; or nothing. */
export function misfit(plan: ExperimentPlan, availableBytes: number, names: PlanNames): string | undefined {
  return inconsistent(plan, names) ?? tooLong(plan, names) ?? tooLarge(plan, availableBytes, names);
}

function inconsistent(plan: ExperimentPlan, names: PlanNames): string | undefined {
  const { budgetBytes, ceilingBytes, chunkBytes } = plan;
  const step = 64 * 1024;
  if (chunkBytes % step !== 0)
    return `${names.chunkBytes} ${formatExactBytes(chunkBytes)}: allowed is a size in whole 64KiB steps, like 4MiB`;
  try {
    planMemory(
      {
        memoryBudgetBytes: budgetBytes,
        memoryCacheBytes: budgetBytes,
        chunkBytes,
        maxConnections: settings.maxConnections.fallback,
      },
      { memoryBudgetBytes: names.budgetBytes, chunkBytes: names.chunkBytes },
    );
  } catch (error) {
    return messageOf(error);
  }
  const leastBytes = budgetBytes + processBytes;
  if (ceilingBytes >= leastBytes) return undefined;
  return (
    `${names.ceilingBytes} ${formatExactBytes(ceilingBytes)} would end Sluice too, which takes up to ` +
    `${formatBytes(leastBytes)} with its budget: allowed is ${formatExactBytes(roundUp(leastBytes))} or more`
  );
}

function tooLong(plan: ExperimentPlan, names: PlanNames): string | undefined {
  const ms = shortestMs(plan);
  if (ms <= mostMs) return undefined;
  const slowest = Math.min(...plan.speeds);
  const speed = roundUp(Math.ceil((plan.objectBytes / mostMs) * 1000));
  return (
    `the slowest reader would take ${formatDuration(ms)} for the object: a slowest speed of ` +
    `${formatExactBytes(speed)} (${names.speeds}) or an object of ` +
    `${formatExactBytes(roundDown((slowest * mostMs) / 1000))} (${names.objectBytes}) takes less than ${formatDuration(mostMs)}`
  );
}

function tooLarge(plan: ExperimentPlan, availableBytes: number, names: PlanNames): string | undefined {
  const needed = neededBytes(plan);
  if (needed <= availableBytes) return undefined;
  const problem = `up to ${formatBytes(needed)} of memory would be taken, and ${formatBytes(Math.max(0, availableBytes))} are available`;
  const ceiling = roundDown(availableBytes - restBytes - beyondBytes);
  if (ceiling >= plan.budgetBytes + processBytes && ceiling >= planLimits.ceilingBytes[0])
    return `${problem}: ${names.ceilingBytes} ${formatExactBytes(ceiling)} fits`;
  const least = smallest(plan);
  if (neededBytes(least) <= availableBytes) {
    return (
      `${problem}: ${names.budgetBytes} ${formatExactBytes(least.budgetBytes)} with ` +
      `${names.ceilingBytes} ${formatExactBytes(least.ceilingBytes)} and ` +
      `${names.chunkBytes} ${formatExactBytes(least.chunkBytes)} fits`
    );
  }
  return `${problem}: the smallest experiment takes ${formatBytes(neededBytes(least))}`;
}

function smallest(plan: ExperimentPlan): ExperimentPlan {
  const budgetBytes = planLimits.budgetBytes[0];
  return { ...plan, budgetBytes, chunkBytes: MiB, ceilingBytes: budgetBytes + processBytes };
}

function roundUp(bytes: number): number {
  return Math.ceil(bytes / MiB) * MiB;
}

function roundDown(bytes: number): number {
  return Math.floor(bytes / MiB) * MiB;
}
