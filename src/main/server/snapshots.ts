/**
 * `snapshot.tar.zst` of a repository: from the store when it is there, with what tells a client how to get from its
 * commit to HEAD; else, when the repository is allowed, made now and sent as it grows.
 */
import type { FastifyReply } from 'fastify';
import { conditionsOf } from '#shared/http/conditions.ts';
import { evaluatePreconditions } from '#shared/http/preconditions.ts';
import { freshenFields } from '#main/snapshots/freshen.ts';
import { SluiceError } from '#shared/errors.ts';
import { checkOrigin } from './access.ts';
import { archiveType, type GitRequest } from './git-request.ts';
import { serveGrowing } from './growing.ts';
import { serveRepresentation, type Missing, type StoredFields } from './representation.ts';

export async function serveSnapshot(asked: GitRequest): Promise<FastifyReply> {
  const { services, repository, request, reply, exchange } = asked;
  const { names, repositories } = services;
  let isStored = true;
  const target = {
    key: names.snapshot(repository),
    name: `${repository.host}/${repository.path}`,
    mediaType: archiveType,
    fields: (stored: StoredFields) => freshenFields(repository, stored, repositories.head(repository)),
    onMissing: async () => {
      const answered = await generate(asked);
      isStored = answered === 'stored';
      return answered;
    },
  };
  await serveRepresentation(services, target, request, reply, exchange);
  // A new machine serves what is in the bucket at once; what it will need next is its mirror.
  if (isStored && repositories.allows(repository)) repositories.touch(repository);
  return reply;
}

/** Nobody but a client that wants the bytes starts the work of making them. */
async function generate(asked: GitRequest): Promise<Missing> {
  const { services, repository, request, reply } = asked;
  const { upstream } = repository;
  if (!services.repositories.allows(repository)) {
    const remedy = `publish one with "sluice snapshot", or allow it with --repository ${upstream}`;
    throw new SluiceError('NOT_FOUND', `there is no snapshot of ${upstream}: ${remedy}`);
  }
  if (request.method !== 'GET') {
    throw new SluiceError('NOT_FOUND', `there is no snapshot of ${upstream} yet: GET makes one`);
  }
  checkOrigin(request, services.outside);
  // Who asks for a certain revision cannot be given one that has none.
  const conditions = conditionsOf(request.raw.headersDistinct);
  if (evaluatePreconditions('read', conditions, undefined, new Date()) === 'precondition-failed') {
    void reply.code(412).header('content-length', '0').send();
    return 'answered';
  }
  return serveGrowing(asked);
}
