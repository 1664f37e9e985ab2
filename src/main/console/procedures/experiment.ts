/** The procedures about the experiment. */
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import type { ExperimentJob } from '#main/experiment/experiment-job.ts';
import { implementer } from './implementer.ts';

export function experimentProcedures(job: ExperimentJob) {
  const { experiment: routes } = implementer;
  return {
    state: routes.state.handler(() => job.state()),
    start: routes.start.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return job.start(input);
      }),
    ),
    stop: routes.stop.handler(({ context }) =>
      telling(() => {
        requireOperator(context);
        return job.stop();
      }),
    ),
  };
}
