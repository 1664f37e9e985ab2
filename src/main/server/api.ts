/** `/api/v1/stats`, `/api/v1/namespaces`, health and metrics: what the server says about itself. */
import type { FastifyInstance } from 'fastify';
import { exchangeOf } from './exchange.ts';
import { refuseOtherMethods } from './methods.ts';
import type { Services } from './services.ts';

export function registerApi(app: FastifyInstance, services: Services): void {
  const { store, engine, admission, requests, metrics } = services;
  const { budget, pool, transfers } = engine;
  const readable = { exposeHeadRoute: true };

  app.get('/api/v1/stats', readable, async () => {
    const tiers = engine.tiers();
    const largest = tiers.at(-1);
    return {
      // What clients of this dialect expect: the cache's contents.
      objects: largest?.objects ?? 0,
      size: largest?.bytes ?? 0,
      capacity: largest?.limitBytes ?? 0,
      store: store.description,
      memory: {
        budgetBytes: budget.plan.budgetBytes,
        ledgerBytes: budget.ledger.totalBytes,
        inUseBytes: budget.ledger.inUseBytes,
        peak: budget.ledger.peak,
        byState: budget.ledger.byState,
      },
      transfers: {
        active: admission.admitted,
        max: admission.capacity,
        waiting: admission.waiting + transfers.waiting('chunks') + transfers.waiting('small'),
      },
      tiers,
      storeBytes: pool.counters.waste.fetchedBytes,
      coalescedReads: pool.counters.joins,
      requests: requests.total,
      sentBytes: requests.sentBytes,
    };
  });

  app.get('/api/v1/namespaces', readable, async (request) => store.namespaces(exchangeOf(request).signal));

  app.get('/_liveness', readable, async (_request, reply) => reply.type('text/plain').send('ok\n'));

  app.get('/_readiness', readable, async (_request, reply) => {
    await store.check(AbortSignal.timeout(5000));
    return reply.type('text/plain').send('ok\n');
  });

  const readOnly = ['/api/v1/stats', '/api/v1/namespaces', '/_liveness', '/_readiness', '/metrics'];
  for (const path of readOnly) refuseOtherMethods(app, path, ['GET', 'HEAD']);

  app.get('/metrics', readable, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
