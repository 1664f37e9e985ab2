/** `/api/v1/recordings`: the list, saving and starting, and each recording as the file that it is. */
import { createReadStream } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { presentRecordings } from '#main/recording/recordings.ts';
import { SluiceError } from '#shared/errors.ts';
import {
  editInputSchema,
  markInputSchema,
  saveInputSchema,
  startInputSchema,
} from '#shared/recording/model.ts';
import { readJson } from './json-body.ts';
import { refuseOtherMethods } from './methods.ts';
import type { Services } from './services.ts';

const path = '/api/v1/recordings';

interface Params {
  readonly id: string;
}

export function registerRecordings(app: FastifyInstance, services: Services): void {
  const present = () => presentRecordings(services.recordings);

  app.get(path, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(await present().list()),
  );
  app.post(path, async (request, reply) => {
    const summary = await present().recorder.save(await readJson(request, saveInputSchema));
    return reply.code(201).send(summary);
  });
  app.post(`${path}/start`, async (request) =>
    present().recorder.startManual(await readJson(request, startInputSchema)),
  );
  app.post(`${path}/stop`, async () => present().recorder.stopManual());
  app.post(`${path}/mark`, async (request) =>
    present().recorder.mark(await readJson(request, markInputSchema)),
  );

  app.get<{ Params: Params }>(`${path}/:id`, async ({ params: { id } }, reply) => {
    const file = await present().saved.file(id);
    return reply
      .type('application/octet-stream')
      .header('content-length', file.bytes)
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${id}.sluicerec"`)
      .send(createReadStream(file.path, { end: file.bytes - 1 }));
  });
  app.patch<{ Params: Params }>(`${path}/:id`, async (request) =>
    present().saved.change(request.params.id, { header: await readJson(request, editInputSchema) }),
  );
  app.delete<{ Params: Params }>(`${path}/:id`, async ({ params: { id } }, reply) => {
    if (await present().recorder.remove(id)) return reply.code(204).send();
    throw new SluiceError('NOT_FOUND', `there is no recording ${JSON.stringify(id.slice(0, 100))}`);
  });

  refuseOtherMethods(app, path, ['GET', 'POST']);
  for (const part of ['start', 'stop', 'mark']) refuseOtherMethods(app, `${path}/${part}`, ['POST']);
  refuseOtherMethods(app, `${path}/:id`, ['GET', 'PATCH', 'DELETE']);
}
