/** `lfs-snapshot.tar.zst`: the LFS objects of HEAD. It is made on request or on schedule, never by a reader. */
import type { FastifyReply } from 'fastify';
import { lfsVersion } from '#main/git/lfs.ts';
import { SluiceError } from '#shared/errors.ts';
import { archiveType, checkAllowed, type GitRequest } from './git-request.ts';
import { serveRepresentation } from './representation.ts';

export function serveLfsSnapshot(asked: GitRequest): Promise<FastifyReply> {
  const { services, repository, request, reply, exchange } = asked;
  const target = {
    key: services.names.lfsSnapshot(repository),
    name: `${repository.host}/${repository.path} LFS`,
    mediaType: archiveType,
    onMissing: () => explain(asked),
  };
  return serveRepresentation(services, target, request, reply, exchange);
}

/** @throws SluiceError NOT_FOUND, always */
async function explain({ services, repository }: GitRequest): Promise<never> {
  checkAllowed(services, repository);
  const none = `there is no LFS snapshot of ${repository.upstream}`;
  const remedy = 'git-lfs is not installed on this server, so none can be made';
  throw new SluiceError('NOT_FOUND', (await isInstalled()) ? none : `${none}: ${remedy}`);
}

/** Remembered for a minute: every restore may ask, and a process for each would be too much for a 404. */
const knownMilliseconds = 60_000;
let known: { readonly installed: Promise<boolean>; readonly until: number } | undefined;

function isInstalled(): Promise<boolean> {
  if (known && known.until > Date.now()) return known.installed;
  const installed = lfsVersion(new AbortController().signal).then((version) => version !== undefined);
  known = { installed, until: Date.now() + knownMilliseconds };
  return installed;
}
