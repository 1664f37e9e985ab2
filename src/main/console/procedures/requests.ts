/** The procedures about requests that have ended. */
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import { detailOf, Replays, type ReplaySources } from '#main/console/replay.ts';
import { implementer } from './implementer.ts';

export function requestProcedures(sources: ReplaySources) {
  const { requests: routes } = implementer;
  const { requests } = sources;
  const replays = new Replays(sources);
  const never = new AbortController().signal;
  return {
    page: routes.page.handler(({ input }) => {
      const { requests: rows, hasOlder } = requests.older(input.before, input.limit);
      return { requests: [...rows], hasOlder };
    }),
    detail: routes.detail.handler(({ input }) => telling(() => detailOf(requests, input.seq))),
    replay: routes.replay.handler(({ input, context, signal }) =>
      telling(() => {
        requireOperator(context);
        return replays.replay(input, signal ?? never);
      }),
    ),
  };
}
