/**
 * `/git/{host}/{path…}/{resource}`: which resource a URL names, and which methods that offers. The path of a
 * repository has any number of segments, so the last one decides; whatever it names else does not exist.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { parseRepository } from '#main/http/names.ts';
import { SluiceError } from '#shared/errors.ts';
import { serveBundle } from './bundles.ts';
import { ensureRefs } from './ensure-refs.ts';
import { exchangeOf } from './exchange.ts';
import { snapshotFile, type GitRequest } from './git-request.ts';
import { serveLfsSnapshot } from './lfs.ts';
import { everyMethod, refuseMethod } from './methods.ts';
import type { Services } from './services.ts';
import { serveSnapshot } from './snapshots.ts';

interface GitResource {
  readonly methods: readonly string[];
  readonly answer: (asked: GitRequest) => Promise<FastifyReply>;
}

const readOnly = ['GET', 'HEAD'];

const resources: ReadonlyMap<string, GitResource> = new Map([
  [snapshotFile, { methods: readOnly, answer: serveSnapshot }],
  ['snapshot.bundle', { methods: readOnly, answer: serveBundle }],
  ['lfs-snapshot.tar.zst', { methods: readOnly, answer: serveLfsSnapshot }],
  ['ensure-refs', { methods: ['POST'], answer: ensureRefs }],
]);

export function registerGit(app: FastifyInstance, services: Services): void {
  app.route<{ Params: { '*': string } }>({
    method: everyMethod(app),
    url: '/git/*',
    handler: (request, reply) => {
      const name = request.params['*'];
      const slash = name.lastIndexOf('/');
      const resource = resources.get(name.slice(slash + 1));
      if (!resource || slash < 0)
        throw new SluiceError('NOT_FOUND', `there is no ${request.url.split('?')[0]}`);
      if (!resource.methods.includes(request.method)) return refuseMethod(request, reply, resource.methods);
      const repository = parseRepository(name.slice(0, slash));
      return resource.answer({ services, repository, request, reply, exchange: exchangeOf(request) });
    },
  });
}
