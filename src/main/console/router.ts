/** Implements the console's contract, an area a file. It knows no transport: desktop/ and server/ host the same router. */
import type { RemoteServers } from '#main/client/remote-servers.ts';
import type { Hello } from '#shared/model.ts';
import type { ConsoleContext } from './context.ts';
import type { Frames } from './frames.ts';
import { implementer } from './procedures/implementer.ts';
import { requestProcedures } from './procedures/requests.ts';
import type { ReplaySources } from './replay.ts';
import { desktopProcedures } from './procedures/desktop.ts';
import { repositoryProcedures } from './procedures/repositories.ts';
import { settingsProcedures } from './procedures/settings.ts';
import { serverProcedures } from './procedures/servers.ts';
import { ConsoleRepositories, type RepositorySources } from './repositories.ts';
import type { ConsoleSettings } from './settings.ts';

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

export interface ConsoleSources extends RepositorySources, ReplaySources {
  readonly frames: Frames;
  /** Asked for each connection, because the server's address is known only once it listens. */
  readonly hello: (context: ConsoleContext) => Hello;
  readonly settings: ConsoleSettings;
  /** Without it no other server can be looked at from here. */
  readonly remotes?: RemoteServers | undefined;
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
    settings: settingsProcedures(sources.settings),
    desktop: desktopProcedures(repositories),
    requests: requestProcedures(sources),
    servers: serverProcedures(sources.remotes),
  });
}
