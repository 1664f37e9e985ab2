/** The procedures about repositories. */
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import type { ConsoleRepositories } from '#main/console/repositories.ts';
import { implementer } from './implementer.ts';

export function repositoryProcedures(repositories: ConsoleRepositories) {
  const { repositories: routes } = implementer;
  const never = new AbortController().signal;
  return {
    list: routes.list.handler(({ context }) => telling(() => repositories.list(context))),
    start: routes.start.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return repositories.start(input.repository, input.kind);
      }),
    ),
    cancel: routes.cancel.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return { ended: repositories.cancel(input.job) };
      }),
    ),
    log: routes.log.handler(({ input }) => telling(() => ({ lines: [...repositories.log(input.job)] }))),
    // What has begun to go, goes: a console that leaves meanwhile does not stop it halfway.
    remove: routes.remove.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return repositories.remove(input.repository, never);
      }),
    ),
    restore: routes.restore.handler(({ input, context }) =>
      telling(() => repositories.restore(input.repository, input.directory, context)),
    ),
  };
}
