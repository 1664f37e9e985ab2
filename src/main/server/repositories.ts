/** `/api/v1/repositories`: what there is, and the work on it; for scripts and the command line. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseRepository } from '#main/http/names.ts';
import { exchangeOf } from './exchange.ts';
import { checkAllowed } from './git-request.ts';
import { readJson } from './json-body.ts';
import { refuseOtherMethods } from './methods.ts';
import type { Services } from './services.ts';

/** What a request may ask for; bundles and restores are begun by others. */
const actions = ['clone', 'fetch', 'snapshot', 'lfs-snapshot'] as const;
const allowed = `allowed is ${actions.join(', ')}`;
const startSchema = z.object({ action: z.enum(actions, allowed) }, 'allowed is {"action":"fetch"}');

const collection = '/api/v1/repositories';
const member = `${collection}/*`;

export function registerRepositories(app: FastifyInstance, services: Services): void {
  const { repositories } = services;

  app.get(collection, { exposeHeadRoute: true }, () => repositories.list());

  app.post<{ Params: { '*': string } }>(member, async (request, reply) => {
    const repository = parseRepository(request.params['*']);
    exchangeOf(request).target = `${repository.host}/${repository.path}`;
    checkAllowed(services, repository);
    const { action } = await readJson(request, startSchema);
    const job = repositories.start(repository, action);
    return reply.code(202).header('location', `/api/v1/jobs/${job.id}`).send(job);
  });

  app.delete<{ Params: { '*': string } }>(member, async (request, reply) => {
    const repository = parseRepository(request.params['*']);
    const exchange = exchangeOf(request);
    exchange.target = `${repository.host}/${repository.path}`;
    await repositories.remove(repository, exchange.signal);
    return reply.send({});
  });

  refuseOtherMethods(app, collection, ['GET', 'HEAD']);
  refuseOtherMethods(app, member, ['POST', 'DELETE']);
}
