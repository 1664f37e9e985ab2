/** Talks to a running Sluice server about its requests: what there was, what comes, and all of it as a file. */
import { z } from 'zod';
import { requestSchema, type RequestRow } from '#shared/request-model.ts';
import { answered, linesOf, parseAnswer } from './answers.ts';
import type { HttpAnswer } from './http.ts';
import { refusal } from './refusal.ts';
import { ask, at } from './server.ts';
import { authorization } from './server-url.ts';

const pageSchema = z.object({ requests: z.array(requestSchema), hasOlder: z.boolean(), last: z.number() });

/** The newest requests that pass, newest first, and where to go on from. */
export type RequestsPage = Readonly<z.infer<typeof pageSchema>>;

const missedSchema = z.object({ missed: z.number() });

/** A request, or how many went by because they came faster than they were read. */
export type Followed = RequestRow | { readonly missed: number };

const what = 'the requests are not known';

/** At most `limit` requests that pass `filter`. @throws SluiceError */
export async function listRequests(
  server: URL,
  filter: string,
  limit: number,
  signal: AbortSignal,
): Promise<RequestsPage> {
  const url = requestsUrl(server, '', { q: filter, limit });
  return answered({ method: 'GET', url, headers: authorization(server) }, pageSchema, what, signal);
}

/** The requests that pass `filter` as they come, after request number `after`. @throws SluiceError */
export async function* followRequests(
  server: URL,
  filter: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Followed, void> {
  const url = requestsUrl(server, '.ndjson', { q: filter, follow: 1, ...(after >= 0 && { after }) });
  using answer = await ask({ method: 'GET', url, headers: authorization(server) }, signal);
  if (answer.status !== 200) throw await refusal(answer, what);
  for await (const line of linesOf(answer.body))
    if (line !== '') yield parseAnswer(line, z.union([requestSchema, missedSchema]), what);
}

/** All requests that pass `filter`, or the newest `limit` of them, in one of two forms. @throws SluiceError */
export async function exportRequests(
  server: URL,
  form: 'ndjson' | 'har',
  { filter, limit }: { readonly filter: string; readonly limit: number | undefined },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const url = requestsUrl(server, `.${form}`, { q: filter, ...(limit !== undefined && { limit }) });
  const answer = await ask({ method: 'GET', url, headers: authorization(server) }, signal);
  if (answer.status === 200) return answer;
  using refused = answer;
  throw await refusal(refused, what);
}

function requestsUrl(server: URL, suffix: string, query: Readonly<Record<string, string | number>>): URL {
  const url = at(server, `api/v1/requests${suffix}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}
