/** `/api/v1/snapshots/{host}/{path…}`: publishes a snapshot that somebody else has made. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { parseRepository } from '#main/http/names.ts';
import { quoteEtag } from '#shared/http/validators.ts';
import { freshenMetadata } from '#main/snapshots/freshen.ts';
import { exchangeOf } from './exchange.ts';
import { archiveType, snapshotFile } from './git-request.ts';
import { refuseOtherMethods } from './methods.ts';
import { bodyOf } from './objects.ts';
import type { Services } from './services.ts';
import { receive } from './upload.ts';

export function registerPublishing(app: FastifyInstance, services: Services): void {
  app.post<{ Params: { '*': string } }>('/api/v1/snapshots/*', async (request, reply) => {
    const repository = parseRepository(request.params['*']);
    const exchange = exchangeOf(request);
    exchange.target = `${repository.host}/${repository.path}`;
    const metadata = {
      headers: {
        'content-type': [archiveType],
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
  });
  refuseOtherMethods(app, '/api/v1/snapshots/*', ['POST']);
}
