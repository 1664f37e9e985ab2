/** A resource answers the methods that it does not offer with 405 and says which it does (RFC 9110, 15.5.6). */
import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Every method that node's parser lets through; CONNECT never becomes a request. */
const methods = METHODS.filter((method) => method !== 'CONNECT');

/** Every method, taught to `app` as far as it does not know it: for a route that looks at the method by itself. */
export function everyMethod(app: FastifyInstance): string[] {
  for (const method of methods) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  return [...methods];
}

/** Registers the 405 of `url` for every method but `offered`. */
export function refuseOtherMethods(app: FastifyInstance, url: string, offered: readonly string[]): void {
  app.route({
    method: everyMethod(app).filter((method) => !offered.includes(method)),
    url,
    handler: (request, reply) => refuseMethod(request, reply, offered),
  });
}

/** Answers 405. */
export function refuseMethod(
  request: FastifyRequest,
  reply: FastifyReply,
  offered: readonly string[],
): FastifyReply {
  const allow = offered.join(', ');
  if (!request.raw.complete) void reply.header('connection', 'close');
  return reply
    .code(405)
    .header('allow', allow)
    .send({
      error: 'METHOD_NOT_ALLOWED',
      message: `${request.method} is not offered here; allowed is ${allow}`,
    });
}
