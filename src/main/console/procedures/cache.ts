/** The procedures about the caches. */
import type { CacheConsole } from '#main/console/cache/cache-console.ts';
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import { SluiceError } from '#shared/errors.ts';
import { implementer } from './implementer.ts';

/** @param cache absent where there is none to show */
export function cacheProcedures(cache: CacheConsole | undefined) {
  const { cache: routes } = implementer;
  const present = (): CacheConsole => {
    if (cache) return cache;
    throw new SluiceError('NOT_FOUND', 'this server has no caches of its own');
  };
  return {
    list: routes.list.handler(() => telling(() => present().list())),
    object: routes.object.handler(({ input }) => telling(() => present().object(input.object))),
    history: routes.history.handler(() => telling(() => present().history())),
    evictions: routes.evictions.handler(({ input }) => telling(() => present().evictions(input))),
    pin: routes.pin.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return present().pin(input.object);
      }),
    ),
    unpin: routes.unpin.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return present().unpin(input.object);
      }),
    ),
    evict: routes.evict.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return present().evict(input.object);
      }),
    ),
    prefetch: routes.prefetch.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return present().prefetch(input.object, input.range);
      }),
    ),
    verify: routes.verify.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return present().verify(input.object);
      }),
    ),
    cancel: routes.cancel.handler(({ input, context }) =>
      telling(() => {
        requireOperator(context);
        return { ended: present().cancel(input.job) };
      }),
    ),
  };
}
