/** The procedures of the Range Lab. */
import type { ConsoleLab } from '#main/console/lab.ts';
import { telling } from '#main/console/refusals.ts';
import { implementer } from './implementer.ts';

export function labProcedures(lab: ConsoleLab) {
  const { lab: routes } = implementer;
  const never = new AbortController().signal;
  return {
    send: routes.send.handler(({ input, context, signal }) =>
      telling(() => lab.send(input, context, signal ?? never)),
    ),
    check: routes.check.handler(({ input, context }) => telling(() => lab.start(input.url, context))),
    progress: routes.progress.handler(({ input, signal }) => telling(() => lab.progress(input.id, signal))),
    cancel: routes.cancel.handler(({ input }) => telling(() => ({ ended: lab.cancel(input.id) }))),
  };
}
