/**
 * The HTTP server: node's strict parser (smuggled lengths, a missing Host and oversized headers end there), Fastify
 * for routes, and one place where errors become answers.
 */
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { registerApi } from './api.ts';
import { registerConsole, type ConsoleHostOptions } from './console-host.ts';
import { beginExchange } from './exchange.ts';
import { registerObjects } from './objects.ts';
import type { Services } from './services.ts';
import { registerSnapshots } from './snapshots.ts';

/** Request line and fields together; more is 431. */
const maxHeaderBytes = 16 * 1024;

export async function createHttpServer(
  services: Services,
  console: ConsoleHostOptions,
): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = services.log;
  const app: FastifyInstance = Fastify({
    loggerInstance,
    disableRequestLogging: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: maxHeaderBytes },
    http: { maxHeaderSize: maxHeaderBytes, requireHostHeader: true },
    // An upload may take hours; what bounds it is that bytes keep coming (upload.ts).
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error, socket) => answerClientError(error, socket),
  });
  // Bodies are streams that the routes read themselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', async (request, reply) => {
    if (/^\/(git|api)\//.test(request.url)) beginExchange(request, reply, services.requests);
  });
  app.setErrorHandler((error: FastifyError | SluiceError, request, reply) =>
    answerError(services, error, request, reply),
  );
  registerObjects(app, services);
  registerSnapshots(app, services);
  registerApi(app, services);
  await registerConsole(app, console);
  app.setNotFoundHandler((request) => {
    throw new SluiceError('NOT_FOUND', `there is no ${request.url.split('?')[0]}`);
  });
  return app;
}

function answerError(
  { log }: Services,
  error: FastifyError | SluiceError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const known = isSluiceError(error) ? error : undefined;
  const status = (isSluiceError(error) ? error.status : error.statusCode) ?? 500;
  if (status >= 500) log.error({ err: error, url: request.url }, 'a request failed');
  if (status === 503) void reply.header('retry-after', '1');
  // What is left of an unread body would otherwise be taken for the next request, or read to its end.
  if (!request.raw.complete) void reply.header('connection', 'close');
  const message = known || status < 500 ? error.message : 'an internal error; the log has the details';
  void reply.code(status).send({ error: known?.code ?? error.code ?? 'INTERNAL', message });
}

/** What node's parser refuses never becomes a request. */
function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
