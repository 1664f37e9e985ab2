/**
 * `/git/{host}/{path…}/snapshot.tar.zst`: the snapshot of a repository, read-only; and its publication under
 * `/api/v1/snapshots/{host}/{path…}`.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { parseRepository } from '#main/http/names.ts';
import { quoteEtag } from '#main/http/validators.ts';
import { freshenMetadata } from '#main/snapshots/freshen.ts';
import { SluiceError } from '#shared/errors.ts';
import { checkAccess } from './access.ts';
import { exchangeOf } from './exchange.ts';
import { refuseOtherMethods } from './methods.ts';
import { bodyOf } from './objects.ts';
import { serveRepresentation } from './representation.ts';
import type { Services } from './services.ts';
import { receive } from './upload.ts';

const snapshotFile = 'snapshot.tar.zst';
const snapshotType = 'application/zstd';

export function registerSnapshots(app: FastifyInstance, services: Services): void {
  app.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: '/git/*',
    handler: (request, reply) => {
      const name = request.params['*'];
      if (!name.endsWith(`/${snapshotFile}`))
        throw new SluiceError('NOT_FOUND', `there is no ${request.url}`);
      const repository = parseRepository(name.slice(0, -snapshotFile.length - 1));
      const target = {
        key: services.names.snapshot(repository),
        name: `${repository.host}/${repository.path}`,
        mediaType: snapshotType,
      };
      return serveRepresentation(services, target, request, reply, exchangeOf(request));
    },
  });

  app.post<{ Params: { '*': string } }>(
    '/api/v1/snapshots/*',
    { preHandler: async (request) => checkAccess(request, services.config.host) },
    async (request, reply) => {
      const repository = parseRepository(request.params['*']);
      const exchange = exchangeOf(request);
      exchange.target = `${repository.host}/${repository.path}`;
      const metadata = {
        headers: {
          'content-type': [snapshotType],
          ...freshenMetadata(request.headers['x-cachew-snapshot-commit']),
        },
        etag: randomUUID(),
      };
      const stored = await receive(
        services,
        services.names.snapshot(repository),
        bodyOf(request),
        metadata,
        exchange,
      );
      return reply.header('etag', quoteEtag(stored.etag)).send({
        path: `/git/${repository.host}/${repository.path}/${snapshotFile}`,
        bytes: stored.revision.length,
      });
    },
  );

  refuseOtherMethods(app, '/git/*', ['GET', 'HEAD']);
  refuseOtherMethods(app, '/api/v1/snapshots/*', ['POST']);
}
