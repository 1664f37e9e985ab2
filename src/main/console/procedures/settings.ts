/** The procedures about settings. */
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import type { ConsoleSettings } from '#main/console/settings.ts';
import { SluiceError } from '#shared/errors.ts';
import { implementer } from './implementer.ts';

export function settingsProcedures(settings: ConsoleSettings) {
  const { settings: routes } = implementer;
  return {
    get: routes.get.handler(({ context }) => telling(() => settings.state(context))),
    save: routes.save.handler(({ input, context }) =>
      telling(async () => {
        requireOperator(context);
        await settings.save(input.changes);
        return settings.state(context);
      }),
    ),
    restart: routes.restart.handler(({ context }) =>
      telling(() => {
        requireOperator(context);
        if (!context.desktop) {
          throw new SluiceError(
            'FORBIDDEN',
            'the desktop window starts itself again; elsewhere, restart sluice serve',
          );
        }
        context.desktop.restart();
      }),
    ),
  };
}
