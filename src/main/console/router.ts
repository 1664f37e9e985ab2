/** Implements the console's contract. It knows no transport: desktop/ and server/ host the same router. */
import { implement } from '@orpc/server';
import { contract } from '#shared/contract.ts';
import type { Hello } from '#shared/model.ts';
import type { ConsoleContext } from './context.ts';
import type { Frames } from './frames.ts';
import { telling } from './refusals.ts';
import { ConsoleRepositories, type RepositorySources } from './repositories.ts';

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

/** `hello` is asked for each connection, because the server's address is known only once it listens. */
export function createConsoleRouter(frames: Frames, hello: () => Hello, sources: RepositorySources = {}) {
  const os = implement(contract).$context<ConsoleContext>();
  const { repositories: routes } = os;
  const repositories = new ConsoleRepositories(sources);
  const never = new AbortController().signal;
  return os.router({
    hello: os.hello.handler(() => hello()),
    live: { frame: os.live.frame.handler(({ input, signal }) => frames.next(input.cursor, signal)) },
    repositories: {
      list: routes.list.handler(({ context }) => telling(() => repositories.list(context))),
      start: routes.start.handler(({ input }) =>
        telling(() => repositories.start(input.repository, input.kind)),
      ),
      cancel: routes.cancel.handler(({ input }) =>
        telling(() => ({ ended: repositories.cancel(input.job) })),
      ),
      log: routes.log.handler(({ input }) => telling(() => ({ lines: [...repositories.log(input.job)] }))),
      // What has begun to go, goes: a console that leaves meanwhile does not stop it halfway.
      remove: routes.remove.handler(({ input }) =>
        telling(() => repositories.remove(input.repository, never)),
      ),
      restore: routes.restore.handler(({ input, context }) =>
        telling(() => repositories.restore(input.repository, input.directory, context)),
      ),
    },
    desktop: {
      chooseFolder: os.desktop.chooseFolder.handler(({ input, context }) =>
        telling(async () => ({ directory: await repositories.chooseFolder(input.repository, context) })),
      ),
    },
  });
}
