/** The procedures about the demo. */
import { requireOperator } from '#main/console/context.ts';
import type { Demo } from '#main/console/demo.ts';
import { telling } from '#main/console/refusals.ts';
import { implementer } from './implementer.ts';

export function demoProcedures(demo: Demo) {
  const { demo: routes } = implementer;
  return {
    state: routes.state.handler(() => demo.state()),
    start: routes.start.handler(({ context }) =>
      telling(() => {
        requireOperator(context);
        return demo.start();
      }),
    ),
    slowClient: routes.slowClient.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return demo.slowClient(input.on);
      }),
    ),
    fastClient: routes.fastClient.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return demo.fastClient(input.on);
      }),
    ),
    stop: routes.stop.handler(({ context }) =>
      telling(() => {
        requireOperator(context);
        return demo.stop();
      }),
    ),
  };
}
