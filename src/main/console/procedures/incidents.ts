/** The procedures about incidents. */
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import type { Incidents } from '#main/incident/incidents.ts';
import { SluiceError } from '#shared/errors.ts';
import { implementer } from './implementer.ts';

/** @param incidents absent where nothing is recorded */
export function incidentProcedures(incidents: Incidents | undefined) {
  return {
    bundle: implementer.incidents.bundle.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        if (incidents) return incidents.bundle(input);
        throw new SluiceError('NOT_FOUND', 'this server has no recordings');
      }),
    ),
  };
}
