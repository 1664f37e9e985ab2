/** `/api/v1/object/{namespace}/{key}`: objects, read in ranges and written whole. */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { combined } from '#main/http/conditions.ts';
import { timeToLive } from '#main/http/duration.ts';
import { objectKey } from '#main/http/names.ts';
import { headersToStore } from '#main/http/stored-headers.ts';
import { quoteEtag, requestedEtag } from '#main/http/validators.ts';
import { SluiceError } from '#shared/errors.ts';
import { checkAccess } from './access.ts';
import { exchangeOf } from './exchange.ts';
import { refuseOtherMethods } from './methods.ts';
import { serveRepresentation } from './representation.ts';
import type { Services } from './services.ts';
import { receive } from './upload.ts';

interface ObjectParams {
  readonly namespace: string;
  readonly key: string;
}

export function registerObjects(app: FastifyInstance, services: Services): void {
  const path = '/api/v1/object/:namespace/:key';
  const guarded = {
    preHandler: async (request: FastifyRequest) => checkAccess(request, services.config.host),
  };

  app.route<{ Params: ObjectParams }>({
    method: ['GET', 'HEAD'],
    url: path,
    handler: (request, reply) => {
      const { namespace, key } = request.params;
      const target = { key: objectKey(namespace, key), name: `${namespace}/${key}` };
      return serveRepresentation(services, target, request, reply, exchangeOf(request));
    },
  });

  app.post<{ Params: ObjectParams }>(path, guarded, async (request, reply) => {
    const { namespace, key } = request.params;
    const headers = request.raw.headersDistinct;
    const metadata = {
      headers: headersToStore(headers),
      etag: requestedEtag(combined(headers, 'etag')) ?? randomUUID(),
      timeToLiveMs: timeToLive(combined(headers, 'time-to-live')),
    };
    const exchange = exchangeOf(request);
    exchange.target = `${namespace}/${key}`;
    const stored = await receive(services, objectKey(namespace, key), bodyOf(request), metadata, exchange);
    return reply
      .code(201)
      .header('etag', quoteEtag(stored.etag))
      .send({ key: stored.revision.key, bytes: stored.revision.length });
  });

  app.delete<{ Params: ObjectParams }>(path, guarded, async (request, reply) => {
    const { namespace, key } = request.params;
    const exchange = exchangeOf(request);
    exchange.target = `${namespace}/${key}`;
    const existed = await services.catalog.delete(objectKey(namespace, key), exchange.signal);
    if (!existed) throw new SluiceError('NOT_FOUND', `nothing is stored under ${namespace}/${key}`);
    return reply.code(204).send();
  });

  app.post<{ Params: ObjectParams }>(`${path}/invalidate`, guarded, async (request, reply) => {
    const { namespace, key } = request.params;
    exchangeOf(request).target = `${namespace}/${key}`;
    await services.catalog.invalidate(objectKey(namespace, key));
    return reply.code(204).send();
  });

  refuseOtherMethods(app, path, ['GET', 'HEAD', 'POST', 'DELETE']);
  refuseOtherMethods(app, `${path}/invalidate`, ['POST']);
}

/** The body as it arrives; Fastify leaves it alone (server.ts). */
export function bodyOf(request: FastifyRequest): Readable {
  return request.raw;
}
