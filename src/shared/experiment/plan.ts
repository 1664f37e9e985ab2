/**
 * What an experiment is asked to do: one object, so many readers at given speeds, a store of given manners, and the
 * bounds of the three fetchers. The schema is the definition; command line, console and server check with it.
 */
import { z } from 'zod';
import { GiB, KiB, MiB } from '#shared/units.ts';

/** Least and most of each figure, for forms and for refusals. */
export const planLimits = {
  objectBytes: [MiB, 16 * GiB],
  readers: [1, 64],
  bytesPerSecond: [64 * KiB, 4 * GiB],
  chunkBytes: [256 * KiB, 64 * MiB],
  workers: [1, 32],
  budgetBytes: [32 * MiB, 16 * GiB],
  ceilingBytes: [128 * MiB, 64 * GiB],
  firstByteMs: [0, 2000],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** As many speeds may be given; readers take them in turns. */
export const maxSpeeds = 16;

function within(name: keyof typeof planLimits) {
  const [least, most] = planLimits[name];
  return z.number().int().min(least).max(most);
}

export const experimentPlanSchema = z.object({
  /** The length of the object that all readers read from end to end. */
  objectBytes: within('objectBytes'),
  readers: within('readers'),
  /** Bytes a second that a reader takes at most; readers have them in turns. */
  speeds: z.array(within('bytesPerSecond')).min(1).max(maxSpeeds).readonly(),
  /** What one request to the store is for. */
  chunkBytes: within('chunkBytes'),
  /** Requests at a time, for each reader. */
  workers: within('workers'),
  /** Sluice's, for all bodies together. */
  budgetBytes: within('budgetBytes'),
  /** A fetcher that has come to this much memory (RSS) is ended. */
  ceilingBytes: within('ceilingBytes'),
  /** How long the store takes to the first byte of an answer. */
  firstByteMs: within('firstByteMs'),
  /** Bytes a second of one answer of the store, at most. */
  storeBytesPerSecond: within('bytesPerSecond'),
});
export type ExperimentPlan = Readonly<z.infer<typeof experimentPlanSchema>>;

/** Fits a laptop: the bug would come to 2 GiB and is ended at 1 GiB; all three take less than a minute. */
export const standardPlan: ExperimentPlan = {
  objectBytes: 256 * MiB,
  readers: 8,
  speeds: [12 * MiB, 16 * MiB, 24 * MiB, 64 * MiB],
  chunkBytes: 4 * MiB,
  workers: 8,
  budgetBytes: 128 * MiB,
  ceilingBytes: GiB,
  firstByteMs: 20,
  storeBytesPerSecond: 60 * MiB,
};

/** A small fraction of it: to see that it runs. */
export const quickPlan: ExperimentPlan = {
  ...standardPlan,
  objectBytes: 48 * MiB,
  readers: 8,
  speeds: [8 * MiB, 12 * MiB],
  chunkBytes: MiB,
  workers: 2,
  budgetBytes: 48 * MiB,
  ceilingBytes: 256 * MiB,
  storeBytesPerSecond: 240 * MiB,
};

/** Bytes a second of each reader. */
export function readerSpeeds({ readers, speeds }: ExperimentPlan): readonly number[] {
  return Array.from({ length: readers }, (_, index) => speeds[index % speeds.length] ?? 0);
}

/** How long the slowest reader takes for the whole object if nothing but its own pace holds it up, in milliseconds. */
export function shortestMs(plan: ExperimentPlan): number {
  return (plan.objectBytes / Math.min(...readerSpeeds(plan))) * 1000;
}

/** A run that takes longer will not end, or not for the reason that it is about, in milliseconds. */
export function longestMs(plan: ExperimentPlan): number {
  return 4 * shortestMs(plan) + 30_000;
}
