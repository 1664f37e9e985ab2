/** Implements the console's contract. It knows no transport: desktop/ and server/ host the same router. */
import { implement } from '@orpc/server';
import { contract } from '#shared/contract.ts';
import type { Hello } from '#shared/model.ts';
import type { Frames } from './frames.ts';

export type ConsoleRouter = ReturnType<typeof createConsoleRouter>;

/** `hello` is asked for each connection, because the server's address is known only once it listens. */
export function createConsoleRouter(frames: Frames, hello: () => Hello) {
  const os = implement(contract);
  return os.router({
    hello: os.hello.handler(() => hello()),
    live: { frame: os.live.frame.handler(({ input, signal }) => frames.next(input.cursor, signal)) },
  });
}
