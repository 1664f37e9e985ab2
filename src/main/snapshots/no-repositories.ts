/** The repositories of a server that has none: nothing is allowed, so there is nothing to know. */
import { SluiceError } from '#shared/errors.ts';
import type { RepositoryService } from './service.ts';

function refuse(): never {
  throw new SluiceError('NOT_FOUND', 'no repository is allowed on this server');
}

export const noRepositories: RepositoryService = {
  allows: () => false,
  list: async () => ({ rules: [], repositories: [], jobs: [] }),
  head: () => undefined,
  touch: () => undefined,
  grow: async () => refuse(),
  bundle: async () => refuse(),
  ensureRefs: async () => refuse(),
  start: refuse,
  job: () => undefined,
  cancel: () => false,
  log: () => [],
  remove: async () => refuse(),
};
