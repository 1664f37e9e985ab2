/** What an experiment has found so far. Everything in it is bounded: samples, readers, sentences. */
import { z } from 'zod';
import { variants } from './formula.ts';
import { experimentPlanSchema } from './plan.ts';

const bytes = z.number().int().nonnegative();

/** Milliseconds since the readers began; resident bytes of the fetcher's process; bytes allocated for bodies in it. */
const sampleSchema = z.tuple([z.number().nonnegative(), bytes, bytes]).readonly();
export type Sample = z.infer<typeof sampleSchema>;

/** Samples of a run at most: when there are more, every other one goes, and they are taken half as often. */
export const maxSamples = 400;

const readerOutcomeSchema = z.object({
  /** The pace that it was given. */
  bytesPerSecond: bytes,
  /** What it has got, every byte of it compared with what it should be. */
  bytes,
  state: z.enum(['reading', 'done', 'broken', 'wrong']),
  /** From the readers' beginning to the last byte; only when `done`. */
  finishedMs: z.number().nonnegative().optional(),
});
export type ReaderOutcome = Readonly<z.infer<typeof readerOutcomeSchema>>;

/**
 * `finished`: every reader has the whole object. `ceiling`: the fetcher was ended at its ceiling. `died`: it ended by
 * itself. `broken`: a reader was cut off though it runs. `wrong`: a reader got a byte that is not the object's. `late`:
 * it was given up. `stopped`: somebody ended it.
 */
const endings = ['finished', 'ceiling', 'died', 'broken', 'wrong', 'late', 'stopped'] as const;
export type Ending = (typeof endings)[number];

const runSchema = z.object({
  variant: z.enum(variants),
  /** Absent while it runs. */
  ending: z.enum(endings).optional(),
  elapsedMs: z.number().nonnegative(),
  /** RSS of the fetcher before its first reader came. */
  idleBytes: bytes,
  peakRssBytes: bytes,
  peakBodyBytes: bytes,
  /** Processor time of the fetcher alone. */
  cpuMs: z.number().nonnegative(),
  samples: z.array(sampleSchema).max(maxSamples).readonly(),
  readers: z.array(readerOutcomeSchema).readonly(),
});
export type Run = Readonly<z.infer<typeof runSchema>>;

export const experimentSchema = z.object({
  plan: experimentPlanSchema,
  /** Milliseconds since the epoch. */
  startedAt: z.number().int(),
  machine: z.object({
    processor: z.string().max(200),
    cores: z.number().int(),
    memoryBytes: bytes,
    platform: z.string().max(40),
    node: z.string().max(40),
  }),
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  /** Why it has failed: a sentence. */
  failure: z.string().optional(),
  runs: z.array(runSchema).max(variants.length).readonly(),
});
export type Experiment = Readonly<z.infer<typeof experimentSchema>>;

/** Whether Sluice did what it promises: every byte to every reader, and never more for bodies than the budget. */
export function keptItsPromise({ plan, runs }: Experiment): boolean {
  const run = runs.find(({ variant }) => variant === 'sluice');
  return run?.ending === 'finished' && run.peakBodyBytes <= plan.budgetBytes;
}
