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
import { RPCHandler } from '@orpc/server/ws';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { contentSecurityPolicy } from '#shared/content-security-policy.ts';
import { relay } from '#main/client/relay.ts';
import type { RemoteServers } from '#main/client/remote-servers.ts';
import { messageOf, SluiceError } from '#shared/errors.ts';
import { checkAccess } from './access.ts';

export interface ConsoleHostOptions {
  /** The folder with the built console. */
  readonly directory: string;
  /** The implementation of the console's contract. */
  readonly router: AnyRouter;
  /** Other servers that operators look at through this one. */
  readonly remotes: RemoteServers;
  readonly listenHost: string;
}

/** A call is a few bytes; anything larger is not from the console. */
const maxMessageBytes = 16 * 1024;

export async function registerConsole(app: FastifyInstance, options: ConsoleHostOptions): Promise<void> {
  const guard = async (request: FastifyRequest): Promise<void> => checkAccess(request, options.listenHost);
  await app.register(async (scope) => {
    scope.addHook('onRequest', guard);
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
    scope.get('/console', (_request, reply) => reply.redirect('/console/'));
    scope.get('/', (_request, reply) => reply.redirect('/console/'));
  });

  const handler = new RPCHandler(options.router);
  await app.register(websocket, { options: { maxPayload: maxMessageBytes } });
  await app.register(async (scope) => {
    scope.addHook('onRequest', guard);
    scope.get<{ Querystring: { server?: string } }>('/rpc', { websocket: true }, (socket, { query }) => {
      if (query.server === undefined) void handler.upgrade(socket, { context: { role: 'operator' } });
      else void relayTo(options.remotes, query.server, socket);
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
