/** `/api/v1/incidents`: takes profiles for a bundle, makes one, and hands it out as the file that it is. */
import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Incidents } from '#main/incident/incidents.ts';
import { bundleInputSchema } from '#shared/contract/incidents.ts';
import { SluiceError } from '#shared/errors.ts';
import { callerOf, requireOperator } from './admit.ts';
import { readJson } from './json-body.ts';
import { refuseOtherMethods } from './methods.ts';
import { bodyOf } from './objects.ts';
import type { Services } from './services.ts';
import { wholeBody } from './upload.ts';

const path = '/api/v1/incidents';
const longestName = 200;

interface Params {
  readonly id: string;
}

export function registerIncidents(app: FastifyInstance, services: Services): void {
  const present = (): Incidents => {
    if (services.incidents) return services.incidents;
    throw new SluiceError('NOT_FOUND', 'this server has no recordings');
  };
  app.post(path, async (request, reply) =>
    reply.code(201).send(await present().bundle(await readJson(request, bundleInputSchema))),
  );
  app.post<{ Querystring: { readonly name?: unknown } }>(`${path}/profiles`, async (request, reply) => {
    const { name } = request.query;
    if (typeof name !== 'string' || name === '' || name.length > longestName)
      throw new SluiceError(
        'INVALID_INPUT',
        `name has to be what the profile is called, in ${longestName} letters`,
      );
    return reply.code(201).send(await present().attachments.receive(name, wholeBody(bodyOf(request))));
  });
  app.get<{ Params: Params }>(`${path}/:id`, async (request, reply) => {
    // Settings and the state of the process are in it: more than viewers see.
    requireOperator(callerOf(request));
    const { id } = request.params;
    const file = await present().file(id);
    return reply
      .type('application/gzip')
      .header('content-length', file.bytes)
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${id}.tar.gz"`)
      .send(createReadStream(file.path, { end: file.bytes - 1 }));
  });
  refuseOtherMethods(app, path, ['POST']);
  refuseOtherMethods(app, `${path}/profiles`, ['POST']);
  refuseOtherMethods(app, `${path}/:id`, ['GET']);
}
