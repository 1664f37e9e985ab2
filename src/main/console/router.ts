/** Implements the console's contract, an area a file. It knows no transport: desktop/ and server/ host the same router. */
import type { Hello } from '#shared/model.ts';
import type { ConsoleContext } from './context.ts';
import type { Frames } from './frames.ts';
import { implementer } from './procedures/implementer.ts';
import { requestProcedures } from './procedures/requests.ts';
import { desktopProcedures, repositoryProcedures } from './procedures/repositories.ts';
import type { ReplaySources } from './replay.ts';
import { ConsoleRepositories, type RepositorySources } from './repositories.ts';

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

export interface ConsoleSources extends RepositorySources, ReplaySources {
  readonly frames: Frames;
  /** Asked for each connection, because the server's address is known only once it listens. */
  readonly hello: (context: ConsoleContext) => Hello;
}

export function createConsoleRouter(sources: ConsoleSources) {
  const { frames, hello } = sources;
  const repositories = new ConsoleRepositories(sources);
  return implementer.router({
    hello: implementer.hello.handler(({ context }) => hello(context)),
    live: {
      frame: implementer.live.frame.handler(({ input, signal }) => frames.next(input.cursor, signal)),
    },
    repositories: repositoryProcedures(repositories),
    desktop: desktopProcedures(repositories),
    requests: requestProcedures(sources),
  });
}
