/** A request for something of a repository: what all that is below `/git/` begins with. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Repository } from '#main/http/names.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Exchange } from './exchange.ts';
import type { Services } from './services.ts';

export const snapshotFile = 'snapshot.tar.zst';
export const archiveType = 'application/zstd';

export interface GitRequest {
  readonly services: Services;
  readonly repository: Repository;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly exchange: Exchange;
}

/** @throws SluiceError NOT_FOUND with the remedy, unless a rule allows `repository` */
export function checkAllowed({ repositories }: Services, repository: Repository): void {
  if (repositories.allows(repository)) return;
  const { upstream } = repository;
  throw new SluiceError(
    'NOT_FOUND',
    `${upstream} is not allowed here: allow it with --repository ${upstream}`,
  );
}
