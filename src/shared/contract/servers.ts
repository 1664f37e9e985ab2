/**
 * Other servers that this console can look at, through this one: `connect(id)` of the renderer opens a connection to
 * one of them, and what its token may do there is what the console may do there. Operators only, because the token is
 * not their own.
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { roles } from '#shared/vocabulary/live.ts';

/** Servers that are remembered; one more is refused. */
export const maxRemoteServers = 32;

const remoteServerSchema = z.object({
  id: z.string(),
  /** What somebody called it. */
  name: z.string(),
  /** Where it is: `https://host/tools/sluice/`. */
  url: z.string(),
});
/** A server that is remembered; its token stays with this one and is never told. */
export type RemoteServer = Readonly<z.infer<typeof remoteServerSchema>>;

export const serversContract = {
  /** In the order in which they were added; none for viewers, who may not open them. */
  list: oc.output(z.object({ servers: z.array(remoteServerSchema).max(maxRemoteServers) })),
  /**
   * Remembers a server once it has said hello. `token` is absent for one that wants none. What is wrong with the
   * address or the token is refused in a sentence, and nothing is remembered then. Operators only.
   */
  add: oc
    .input(
      z.object({
        name: z.string().trim().min(1).max(64),
        url: z.string().max(2048),
        token: z.string().max(256).optional(),
      }),
    )
    .output(z.object({ server: remoteServerSchema, version: z.string(), role: z.enum(roles) })),
  /** Forgets it and its token, and ends the connections to it. Operators only. */
  remove: oc.input(z.object({ id: z.string().max(64) })).output(z.object({ removed: z.boolean() })),
};
