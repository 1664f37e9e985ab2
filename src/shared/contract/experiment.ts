/**
 * The experiment: the same load on an unbounded fetcher, on one with a window for each reader, and on a Sluice of its
 * own, on the machine that the server runs on. One runs at a time; the last one is remembered until the next.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { experimentSchema } from '#shared/experiment/outcome.ts';
import { experimentPlanSchema } from '#shared/experiment/plan.ts';

const experimentStateSchema = z.object({
  /** Bytes that processes started now may take on the server's machine. */
  availableBytes: z.number().int().nonnegative(),
  /** The one that runs, or the last one. */
  experiment: experimentSchema.optional(),
});
export type ExperimentState = Readonly<z.infer<typeof experimentStateSchema>>;

export const experimentContract = {
  state: oc.output(experimentStateSchema),
  /** Starts one. Refused with what would fit when there is not the memory for it. Operators only. */
  start: oc.input(experimentPlanSchema).output(experimentStateSchema),
  /** Ends all of its processes; what there is by then stays. Operators only. */
  stop: oc.output(experimentStateSchema),
};
