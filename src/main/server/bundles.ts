/**
 * `snapshot.bundle?base=SHA`: what is missing from commit `base` to the mirror's HEAD, as a git bundle. Bundles are
 * objects of the store, made when they are first asked for.
 */
import type { FastifyReply } from 'fastify';
import { isCommitId } from '#main/snapshots/freshen.ts';
import { SluiceError } from '#shared/errors.ts';
import { checkOrigin } from './access.ts';
import { checkAllowed, type GitRequest } from './git-request.ts';
import { serveRepresentation } from './representation.ts';

/** 204: nothing is missing. 404: the mirror does not know `base`. */
export async function serveBundle(asked: GitRequest): Promise<FastifyReply> {
  const { services, repository, request, reply, exchange } = asked;
  const base = baseOf(request.query);
  exchange.target = `${repository.host}/${repository.path} since ${base.slice(0, 10)}`;
  checkAllowed(services, repository);
  checkOrigin(request, services.outside);
  const found = await services.repositories.bundle(repository, base, exchange.signal);
  // True of this moment only: HEAD moves.
  if (found === 'same') return reply.code(204).header('cache-control', 'no-store').send();
  if (found === 'unknown') {
    throw new SluiceError('NOT_FOUND', `there is no way from ${base} to HEAD of ${repository.upstream}`);
  }
  const target = { key: found.key, name: exchange.target, mediaType: 'application/x-git-bundle' };
  return serveRepresentation(services, target, request, reply, exchange);
}

/** @throws SluiceError INVALID_INPUT */
function baseOf(query: unknown): string {
  const { base } = query as { readonly base?: string | readonly string[] };
  if (typeof base === 'string' && isCommitId(base)) return base;
  throw new SluiceError(
    'INVALID_INPUT',
    `base ${JSON.stringify(base ?? '').slice(0, 200)}: allowed is one commit id of 40 or 64 lower-case hex digits`,
  );
}
