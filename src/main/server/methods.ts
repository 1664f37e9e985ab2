/** A resource answers the methods that it does not offer with 405 and says which it does (RFC 9110, 15.5.6). */
import { METHODS } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Every method that node's parser lets through; CONNECT never becomes a request. */
const methods = METHODS.filter((method) => method !== 'CONNECT');

/** Registers the 405 of `url` for every method but `offered`. */
export function refuseOtherMethods(app: FastifyInstance, url: string, offered: readonly string[]): void {
  for (const method of methods) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method, { hasBody: true });
  }
  const allow = offered.join(', ');
  app.route({
    method: methods.filter((method) => !offered.includes(method)),
    url,
    handler: (request, reply) => {
      if (!request.raw.complete) void reply.header('connection', 'close');
      return reply
        .code(405)
        .header('allow', allow)
        .send({
          error: 'METHOD_NOT_ALLOWED',
          message: `${request.method} is not offered here; allowed is ${allow}`,
        });
    },
  });
}
