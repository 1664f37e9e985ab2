/**
 * The console for browsers: its files under `/console/`, and its contract over a WebSocket at `/rpc`. Files go out
 * under a strict Content-Security-Policy; the socket is opened only for our own pages.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import websocket from '@fastify/websocket';
import type { AnyRouter } from '@orpc/server';
import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import { contentSecurityPolicy } from '#shared/content-security-policy.ts';
import { relay } from '#main/client/relay.ts';
import type { RemoteServers } from '#main/client/remote-servers.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { callerOf, credentialsOf, requireOperator } from './admit.ts';
import { ConsoleSockets } from './console-socket.ts';
import type { Services } from './services.ts';

export interface ConsoleHostOptions {
  /** The folder with the built console. */
  readonly directory: string;
  /** The implementation of the console's contract. */
  readonly router: AnyRouter;
  /** Other servers that operators look at through this one. */
  readonly remotes: RemoteServers;
}

interface RpcQuery {
  readonly server?: string;
}

/** A call is a few bytes; anything larger is not from the console. */
const maxMessageBytes = 16 * 1024;

/** What let the console in counts no more: its token was removed, or it signed out. */
const signedOutCode = 4401;

export async function registerConsole(
  app: FastifyInstance,
  { gate, outside }: Services,
  options: ConsoleHostOptions,
): Promise<void> {
  await app.register(async (scope) => {
    await scope.register(helmet, {
      contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
      strictTransportSecurity: false,
    });
    if (existsSync(join(options.directory, 'index.html'))) {
      await scope.register(fastifyStatic, { root: options.directory, prefix: '/console/' });
    } else {
      scope.get('/console/*', () => {
        throw new SluiceError('NOT_FOUND', 'the console is not built; run "npm run build"');
      });
    }
    for (const path of ['/console', '/']) {
      scope.get(path, (request, reply) => reply.redirect(`${outside.prefix(request)}/console/`));
    }
  });

  const sockets = new ConsoleSockets(options.router);
  await app.register(websocket, { options: { maxPayload: maxMessageBytes } });
  await app.register(async (scope) => {
    // Before the upgrade, while there is still an answer to refuse with.
    scope.addHook<{ Querystring: RpcQuery }>('preHandler', async (request) => {
      if (request.query.server !== undefined) requireOperator(callerOf(request));
    });
    scope.get<{ Querystring: RpcQuery }>('/rpc', { websocket: true }, (socket, request) => {
      const caller = callerOf(request);
      const standing = gate.keep(credentialsOf(request, gate.cookieName), caller, () =>
        socket.close(signedOutCode, 'signed out'),
      );
      socket.once('close', () => standing[Symbol.dispose]());
      const { server } = request.query;
      if (server !== undefined) {
        sockets.watch(socket);
        void relayTo(options.remotes, server, socket);
      } else sockets.serve(socket, caller.role);
    });
  });
}

/** The far server could not be reached, or refuses; the reason says it in a sentence. */
const unreachableCode = 4502;

async function relayTo(remotes: RemoteServers, id: string, socket: WebSocket): Promise<void> {
  // What the console says meanwhile stays with it.
  socket.pause();
  try {
    const far = await remotes.connect(id);
    relay(socket, far);
    socket.resume();
    if (socket.readyState !== socket.OPEN) far.close();
  } catch (error) {
    socket.resume();
    socket.close(unreachableCode, closeReason(messageOf(error)));
  }
}

/** A reason has at most 123 bytes (RFC 6455, section 5.5). */
function closeReason(sentence: string): string {
  const bytes = Buffer.from(sentence);
  return bytes.length <= 123 ? sentence : `${bytes.toString('utf8', 0, 117).replace(/\uFFFD$/, '')}…`;
}
