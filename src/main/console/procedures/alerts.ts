/** The procedures about alerts. */
import type { Alerts } from '#main/alerts/alerts.ts';
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import { SluiceError } from '#shared/errors.ts';
import { implementer } from './implementer.ts';

/** @param alerts absent where nothing is watched */
export function alertProcedures(alerts: Alerts | undefined) {
  const { alerts: routes } = implementer;
  const present = (): Alerts => {
    if (alerts) return alerts;
    throw new SluiceError('NOT_FOUND', 'this server watches nothing');
  };
  return {
    list: routes.list.handler(({ input }) =>
      telling(() => {
        const { version, list, webhook } = present();
        const alerts = input?.seen === version ? [] : [...list];
        return { at: Date.now(), version, alerts, ...(webhook && { webhook: webhook.state }) };
      }),
    ),
    rules: routes.rules.handler(() => telling(() => present().rules)),
    setRules: routes.setRules.handler(({ input, context }) =>
      telling(async () => {
        requireOperator(context);
        await present().setRules(input);
        return present().rules;
      }),
    ),
  };
}
