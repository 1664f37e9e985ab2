/** Implements the console's contract, an area a file. It knows no transport: desktop/ and server/ host the same router. */
import type { Hello } from '#shared/model.ts';
import type { ConsoleContext } from './context.ts';
import type { Frames } from './frames.ts';
import { ConsoleLab } from './lab.ts';
import { implementer } from './procedures/implementer.ts';
import { labProcedures } from './procedures/lab.ts';
import { desktopProcedures, repositoryProcedures } from './procedures/repositories.ts';
import { ConsoleRepositories, type RepositorySources } from './repositories.ts';

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

export interface ConsoleSources extends RepositorySources {
  readonly frames: Frames;
  readonly lab?: ConsoleLab | undefined;
  /** Asked for each connection, because the server's address is known only once it listens. */
  readonly hello: (context: ConsoleContext) => Hello;
}

export function createConsoleRouter(sources: ConsoleSources) {
  const { frames, hello, lab = new ConsoleLab() } = sources;
  const repositories = new ConsoleRepositories(sources);
  return implementer.router({
    hello: implementer.hello.handler(({ context }) => hello(context)),
    live: {
      frame: implementer.live.frame.handler(({ input, signal }) => frames.next(input.cursor, signal)),
    },
    repositories: repositoryProcedures(repositories),
    desktop: desktopProcedures(repositories),
    lab: labProcedures(lab),
  });
}
