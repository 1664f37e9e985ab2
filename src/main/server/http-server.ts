/**
 * The HTTP server: node's strict parser (smuggled lengths, a missing Host and oversized headers end there), Fastify
 * for routes, and one place where errors become answers.
 */
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { isSluiceError, SluiceError } from '#shared/errors.ts';
import { admit } from './admit.ts';
import { registerApi } from './api.ts';
import { answerClientError, rememberAnswer } from './client-errors.ts';
import { registerConsole, type ConsoleHostOptions } from './console-host.ts';
import { beginExchange } from './exchange.ts';
import { registerGit } from './git.ts';
import { registerJobs } from './jobs.ts';
import { registerObjects } from './objects.ts';
import { registerProfiles } from './profiles.ts';
import { registerPublishing } from './publishing.ts';
import { refusalPage } from './refusal-page.ts';
import { registerRepositories } from './repositories.ts';
import { registerIncidents } from './incidents.ts';
import { registerRecordings } from './recordings.ts';
import { registerRequests } from './requests.ts';
import type { Services } from './services.ts';
import { registerSession } from './session.ts';

/** Request line and fields together; more is 431. */
const maxHeaderBytes = 16 * 1024;

export async function createHttpServer(
  services: Services,
  console: ConsoleHostOptions,
): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = services.log;
  const app: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    trustProxy: (address) => services.outside.trusts(address),
    rewriteUrl: ({ url = '/' }) => services.outside.strip(url),
    routerOptions: { maxParamLength: maxHeaderBytes },
    http: { maxHeaderSize: maxHeaderBytes, requireHostHeader: true },
    // An upload may take hours; what bounds it is that bytes keep coming (upload.ts).
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
  });
  // Whoever has nothing more to send (FIN) may still read: TCP has two ways.
  Object.assign(app.server, { httpAllowHalfOpen: true });
  // Bodies are streams that the routes read themselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', async (request, reply) => {
    rememberAnswer(request.raw, reply.raw);
    refuseSecondHost(request);
    // The route decides, not the URL: that may be encoded, or absolute.
    if (/^\/(git|api)\//.test(request.routeOptions.url ?? request.url))
      beginExchange(request, reply, services.requests);
  });
  app.addHook('preHandler', async (request) => admit(request, services));
  app.setErrorHandler((error: FastifyError | SluiceError, request, reply) =>
    answerError(services, error, request, reply),
  );
  registerObjects(app, services);
  registerGit(app, services);
  registerPublishing(app, services);
  registerRepositories(app, services);
  registerJobs(app, services);
  registerRequests(app, services);
  registerProfiles(app, services);
  registerRecordings(app, services);
  registerIncidents(app, services);
  registerApi(app, services);
  registerSession(app, services);
  await registerConsole(app, services, console);
  app.setNotFoundHandler((request) => {
    throw new SluiceError('NOT_FOUND', `there is no ${request.url.split('?')[0]}`);
  });
  return app;
}

/** Node takes the first of several Host fields; who stands before us may take the last (RFC 9112, section 3.2). */
function refuseSecondHost({ raw }: FastifyRequest): void {
  if ((raw.headersDistinct['host']?.length ?? 0) > 1) {
    throw new SluiceError('INVALID_INPUT', 'there is more than one Host field');
  }
}

/** Somebody typed the address, or followed a link. */
function opensPage({ headers, method }: FastifyRequest): boolean {
  return method === 'GET' && /\btext\/html\b/.test(headers.accept ?? '');
}

function answerError(
  { log }: Services,
  error: FastifyError | SluiceError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const known = isSluiceError(error) ? error : undefined;
  const status = (isSluiceError(error) ? error.status : error.statusCode) ?? 500;
  // A refusal at the door is the design at work, and many of them must not fill the log.
  if (known?.code === 'BUSY') log.debug({ url: request.url }, 'a request was refused at the door');
  else if (status >= 500) log.error({ err: error, url: request.url }, 'a request failed');
  if (status === 503) void reply.header('retry-after', '1');
  if (known?.retryAfterMs !== undefined && status === 429)
    void reply.header('retry-after', String(Math.ceil(known.retryAfterMs / 1000)));
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="sluice"');
  // What is left of an unread body would otherwise be taken for the next request, or read to its end.
  if (!request.raw.complete) void reply.header('connection', 'close');
  const message = known || status < 500 ? error.message : 'an internal error; the log has the details';
  if (known && opensPage(request)) {
    void reply.code(status).type('text/html; charset=utf-8').send(refusalPage(status, message));
    return;
  }
  void reply.code(status).send({ error: known?.code ?? error.code ?? 'INTERNAL', message });
}
