/** The procedures about incidents. */
import { requireOperator, type ConsoleContext } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import type { Incidents } from '#main/incident/incidents.ts';
import { SluiceError } from '#shared/errors.ts';
import { implementer } from './implementer.ts';

/** @param incidents absent where nothing is recorded */
export function incidentProcedures(incidents: Incidents | undefined) {
  const { incidents: routes } = implementer;
  const asked = <T>(context: ConsoleContext, work: (present: Incidents) => T | Promise<T>) =>
    telling(() => {
      requireOperator(context);
      if (incidents) return work(incidents);
      throw new SluiceError('NOT_FOUND', 'this server has no recordings');
    });
  return {
    bundle: routes.bundle.handler(({ input, context }) => asked(context, (present) => present.bundle(input))),
    list: routes.list.handler(({ context }) =>
      asked(context, async ({ kept }) => ({ bundles: [...(await kept.list())] })),
    ),
    remove: routes.remove.handler(({ input, context }) =>
      asked(context, async ({ kept }) => ({ removed: await kept.remove(input.id) })),
    ),
  };
}
