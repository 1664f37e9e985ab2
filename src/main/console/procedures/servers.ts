/** The procedures about other servers. */
import type { RemoteServers } from '#main/client/remote-servers.ts';
import { requireOperator } from '#main/console/context.ts';
import { telling } from '#main/console/refusals.ts';
import { SluiceError } from '#shared/errors.ts';
import { implementer } from './implementer.ts';

export function serverProcedures(remotes: RemoteServers | undefined) {
  const { servers: routes } = implementer;
  return {
    list: routes.list.handler(({ context }) =>
      telling(() => ({ servers: context.role === 'operator' ? [...(remotes?.list() ?? [])] : [] })),
    ),
    add: routes.add.handler(({ input, context }) =>
      telling(async () => {
        requireOperator(context);
        const { server, hello } = await known(remotes).add(input.name, input.url, input.token);
        return { server, version: hello.version, role: hello.role };
      }),
    ),
    remove: routes.remove.handler(({ input, context }) =>
      telling(async () => {
        requireOperator(context);
        return { removed: await known(remotes).remove(input.id) };
      }),
    ),
  };
}

/** @throws SluiceError NOT_FOUND */
function known(remotes: RemoteServers | undefined): RemoteServers {
  if (remotes) return remotes;
  throw new SluiceError('NOT_FOUND', 'this server remembers no others');
}
