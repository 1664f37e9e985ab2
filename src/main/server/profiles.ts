/** `/api/v1/profiles`: profiles of this process, for operators; `/api/v1/ledger.*`: who holds the memory, as a file. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { captureRequestSchema } from '#shared/contract/profiles.ts';
import { SluiceError } from '#shared/errors.ts';
import { ledgerLines, ledgerProfile } from '#shared/profile/ledger-profile.ts';
import { callerOf, requireOperator } from './admit.ts';
import { readJson } from './json-body.ts';
import { refuseOtherMethods } from './methods.ts';
import type { Services } from './services.ts';

interface ById {
  readonly Params: { readonly id: string };
}

export function registerProfiles(app: FastifyInstance, { captures, ledger }: Services): void {
  app.get('/api/v1/profiles', async (request, reply) => {
    requireOperator(callerOf(request));
    return reply.header('cache-control', 'no-store').send({ captures: captures.list() });
  });

  app.post('/api/v1/profiles', async (request, reply) =>
    reply.code(202).send(captures.start(await readJson(request, captureRequestSchema))),
  );

  app.get<ById>('/api/v1/profiles/:id', async (request, reply) => {
    requireOperator(callerOf(request));
    const { capture, file } = await captures.open(request.params.id);
    return attached(reply, capture.name, 'application/json')
      .header('content-length', capture.bytes)
      .send(file.createReadStream());
  });

  app.delete<ById>('/api/v1/profiles/:id', async (request, reply) => {
    if (!(await captures.remove(request.params.id)))
      throw new SluiceError('NOT_FOUND', 'there is no such profile any more');
    return reply.code(204).send();
  });

  app.get('/api/v1/ledger.pb.gz', async (_request, reply) => {
    const at = Date.now();
    const bytes = await promisify(gzip)(ledgerProfile(ledger().owners, at));
    return attached(reply, `sluice-ledger-${compact(at)}.pb.gz`, 'application/octet-stream').send(bytes);
  });

  app.get('/api/v1/ledger.ndjson', async (_request, reply) => {
    const at = Date.now();
    const text = ledgerLines(ledger().owners, at);
    return attached(reply, `sluice-ledger-${compact(at)}.ndjson`, 'application/x-ndjson').send(text);
  });

  refuseOtherMethods(app, '/api/v1/profiles', ['GET', 'POST']);
  refuseOtherMethods(app, '/api/v1/profiles/:id', ['GET', 'DELETE']);
  for (const path of ['/api/v1/ledger.pb.gz', '/api/v1/ledger.ndjson'])
    refuseOtherMethods(app, path, ['GET']);
}

function attached(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply
    .type(type)
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${name}"`);
}

/** `20260131T140211Z`. */
function compact(at: number): string {
  return new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
