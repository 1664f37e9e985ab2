/** `/api/v1/object/{namespace}/{key}`: objects, read in ranges and written whole. */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { combined, conditionsOf } from '#shared/http/conditions.ts';
import { timeToLive } from '#main/http/duration.ts';
import { evaluatePreconditions } from '#shared/http/preconditions.ts';
import { headersToStore } from '#main/http/stored-headers.ts';
import { quoteEtag, requestedEtag } from '#shared/http/validators.ts';
import { SluiceError } from '#shared/errors.ts';
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

  app.route<{ Params: ObjectParams }>({
    method: ['GET', 'HEAD'],
    url: path,
    handler: (request, reply) => {
      const { namespace, key } = request.params;
      const target = { key: services.names.object(namespace, key), name: `${namespace}/${key}` };
      return serveRepresentation(services, target, request, reply, exchangeOf(request));
    },
  });

  app.post<{ Params: ObjectParams }>(path, async (request, reply) => {
    const { namespace, key } = request.params;
    const storeKey = services.names.object(namespace, key);
    const headers = request.raw.headersDistinct;
    const metadata = {
      headers: headersToStore(headers),
      etag: requestedEtag(combined(headers, 'etag')) ?? randomUUID(),
      timeToLiveMs: timeToLive(combined(headers, 'time-to-live')),
    };
    const exchange = exchangeOf(request);
    exchange.target = `${namespace}/${key}`;
    await checkPreconditions(services, storeKey, request);
    const stored = await receive(services, storeKey, bodyOf(request), metadata, exchange);
    // 200 rather than 201 and 204: clients of this dialect take nothing else.
    return reply
      .header('etag', quoteEtag(stored.etag))
      .send({ key: stored.revision.key, bytes: stored.revision.length });
  });

  app.delete<{ Params: ObjectParams }>(path, async (request, reply) => {
    const { namespace, key } = request.params;
    const storeKey = services.names.object(namespace, key);
    const exchange = exchangeOf(request);
    exchange.target = `${namespace}/${key}`;
    await checkPreconditions(services, storeKey, request);
    const existed = await services.catalog.delete(storeKey, exchange.signal);
    if (!existed) throw new SluiceError('NOT_FOUND', `nothing is stored under ${namespace}/${key}`);
    return reply.send({});
  });

  app.post<{ Params: ObjectParams }>(`${path}/invalidate`, async (request, reply) => {
    const { namespace, key } = request.params;
    exchangeOf(request).target = `${namespace}/${key}`;
    await services.catalog.invalidate(services.names.object(namespace, key));
    return reply.send({});
  });

  refuseOtherMethods(app, path, ['GET', 'HEAD', 'POST', 'DELETE']);
  refuseOtherMethods(app, `${path}/invalidate`, ['POST']);
}

/**
 * Lets a write pass. Conditions are judged when it begins: two writers at once may both pass.
 * @throws SluiceError PRECONDITION_FAILED
 */
async function checkPreconditions(
  { catalog }: Services,
  key: string,
  { raw, method }: FastifyRequest,
): Promise<void> {
  const conditions = conditionsOf(raw.headersDistinct);
  if (Object.values(conditions).every((field) => field === undefined)) return;
  const current = await catalog.current(key);
  // What would be a 404 stays one (RFC 9110, section 13.2.1).
  if (!current && method === 'DELETE') return;
  if (evaluatePreconditions('write', conditions, current, new Date()) === 'proceed') return;
  throw new SluiceError(
    'PRECONDITION_FAILED',
    'what is stored now does not meet the conditions of the request',
  );
}

/** The body as it arrives; Fastify leaves it alone (server.ts). */
export function bodyOf(request: FastifyRequest): Readable {
  return request.raw;
}
