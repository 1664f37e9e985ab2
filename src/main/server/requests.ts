/** `/api/v1/requests`: requests that have ended, in a filter's choice: as JSON, as lines, as HAR, or as they come. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maxPageRows } from '#shared/contract/requests.ts';
import { SluiceError } from '#shared/errors.ts';
import { parseFilter, type Filter } from '#shared/filter/filter.ts';
import { exchangeOf } from './exchange.ts';
import { refuseOtherMethods } from './methods.ts';
import { asHar, asLines, asTail, newestPassing } from './request-export.ts';
import type { Services } from './services.ts';

/** Beside all else that the server does, following is cheap, but not free. */
const maxFollowers = 16;
const defaultLimit = 100;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export function registerRequests(app: FastifyInstance, { requests }: Services): void {
  const guarded = {
    onRequest: async (request: FastifyRequest) => {
      // What somebody looks for would be found in the looking.
      exchangeOf(request).target = request.url.split('?')[0] ?? '';
    },
  };
  let followers = 0;

  app.get<{ Querystring: Query }>('/api/v1/requests', guarded, async ({ query }, reply) => {
    const filter = filterOf(query);
    const limit = numberOf(query, 'limit', 1, maxPageRows) ?? defaultLimit;
    const before = numberOf(query, 'before', 0);
    // What comes from here on is in no page: whoever follows goes on after it.
    const last = requests.total - 1;
    const page = await newestPassing(requests, filter, { before, limit });
    return reply.header('cache-control', 'no-store').send({ ...page, last });
  });

  app.get<{ Querystring: Query }>('/api/v1/requests.ndjson', guarded, async ({ query }, reply) => {
    const filter = filterOf(query);
    const after = numberOf(query, 'after', 0);
    const limit = numberOf(query, 'limit', 1);
    const follow = query['follow'] ?? '0';
    if (follow !== '0' && follow !== '1') throw badQuery('follow', follow, '0 or 1');
    if (follow === '0')
      return attached(reply, 'ndjson').send(
        Readable.from(asLines(requests, { filter, after: after ?? -1, limit })),
      );
    if (followers >= maxFollowers)
      throw new SluiceError('BUSY', `${maxFollowers} clients follow already: end one of them`);
    followers += 1;
    reply.raw.once('close', () => (followers -= 1));
    const tail = asTail(requests, { filter, after: after ?? requests.total - 1 });
    return reply.type(types.ndjson).header('cache-control', 'no-store').send(Readable.from(tail));
  });

  app.get<{ Querystring: Query }>(
    '/api/v1/requests.har',
    guarded,
    async ({ query, headers, host }, reply) => {
      const filter = filterOf(query);
      const after = numberOf(query, 'after', 0) ?? -1;
      const limit = numberOf(query, 'limit', 1);
      const origin = `http://${headers.host ?? host}`;
      return attached(reply, 'har').send(Readable.from(asHar(requests, { filter, after, limit }, origin)));
    },
  );

  for (const path of ['/api/v1/requests', '/api/v1/requests.ndjson', '/api/v1/requests.har'])
    refuseOtherMethods(app, path, ['GET']);
}

const types = { ndjson: 'application/x-ndjson', har: 'application/json' } as const;

/** `sluice-requests-20260131T140211Z.har`. */
function attached(reply: FastifyReply, kind: keyof typeof types): FastifyReply {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return reply
    .type(types[kind])
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="sluice-requests-${time}.${kind}"`);
}

/** @throws SluiceError INVALID_INPUT that says what is wrong with it, where, and what to write instead */
function filterOf(query: Query): Filter {
  const { q = '' } = query;
  if (typeof q !== 'string') throw badQuery('q', q, 'one filter');
  const parsed = parseFilter(q);
  if (parsed.kind === 'filter') return parsed.filter;
  const errors = parsed.errors.map(
    ({ message, start, end }) => `${message} (q, ${start + 1} to ${Math.max(end, start + 1)})`,
  );
  throw new SluiceError('INVALID_INPUT', errors.join('; '));
}

function numberOf(
  query: Query,
  name: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const number = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw badQuery(name, text, `a whole number ${range}`);
}

function badQuery(name: string, value: unknown, allowed: string): SluiceError {
  return new SluiceError(
    'INVALID_INPUT',
    `${name} ${JSON.stringify(value).slice(0, 200)}: allowed is ${allowed}`,
  );
}
