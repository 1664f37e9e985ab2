/** Talks to a running Sluice server about its repositories: what there is, and the jobs on them. */
import type { Repository } from '#main/http/names.ts';
import { SluiceError } from '#shared/errors.ts';
import {
  hasEnded,
  jobSchema,
  repositoriesSchema,
  type Job,
  type Repositories,
} from '#shared/repository-model.ts';
import { answered, linesOf, parseAnswer } from './answers.ts';
import type { HttpRequest } from './http.ts';
import { refusal } from './refusal.ts';
import { ask, at } from './server.ts';
import { authorization } from './server-url.ts';

export type JobAction = 'clone' | 'fetch' | 'snapshot' | 'lfs-snapshot';

/** Everything that the server knows of its repositories. @throws SluiceError */
export async function listRepositories(server: URL, signal: AbortSignal): Promise<Repositories> {
  const url = at(server, 'api/v1/repositories');
  return answered(
    { method: 'GET', url, headers: authorization(server) },
    repositoriesSchema,
    'the repositories are not known',
    signal,
  );
}

/**
 * Starts a job, or finds the one of this kind that is under way.
 * @throws SluiceError NOT_FOUND when the server does not allow the repository, and others
 */
export async function startJob(
  server: URL,
  repository: Repository,
  action: JobAction,
  signal: AbortSignal,
): Promise<Job> {
  const body = async function* () {
    yield Buffer.from(JSON.stringify({ action }));
  };
  const headers = { ...authorization(server), 'content-type': 'application/json' };
  const url = repositoryUrl(server, repository);
  const what = `${repository.upstream}: nothing was started`;
  return answered({ method: 'POST', url, headers, body: body() }, jobSchema, what, signal);
}

/**
 * The job as it goes on, a few times a second at most; the last one has ended.
 * @throws SluiceError STORE_UNAVAILABLE when the connection breaks, which does not end the job
 */
export async function* followJob(server: URL, id: number, signal: AbortSignal): AsyncGenerator<Job, void> {
  const what = `job ${id} cannot be followed`;
  using answer = await ask(
    { method: 'GET', url: at(server, `api/v1/jobs/${id}/follow`), headers: authorization(server) },
    signal,
  );
  if (answer.status !== 200) throw await refusal(answer, what);
  let last: Job | undefined;
  for await (const line of linesOf(answer.body)) {
    last = parseAnswer(line, jobSchema, what);
    yield last;
  }
  if (!last || !hasEnded(last))
    throw new SluiceError('STORE_UNAVAILABLE', `${what} any longer; it may go on`);
}

/** Where what the job's programs have written can be read. */
export function jobLogUrl(server: URL, id: number): URL {
  return at(server, `api/v1/jobs/${id}/log`);
}

/** Removes the mirror, the snapshot and the bundles. @throws SluiceError NOT_FOUND and others */
export async function removeRepository(
  server: URL,
  repository: Repository,
  signal: AbortSignal,
): Promise<void> {
  const request: HttpRequest = {
    method: 'DELETE',
    url: repositoryUrl(server, repository),
    headers: authorization(server),
  };
  using answer = await ask(request, signal);
  if (answer.status !== 200) throw await refusal(answer, `${repository.upstream} was not removed`);
}

function repositoryUrl(server: URL, { host, path }: Repository): URL {
  return at(server, `api/v1/repositories/${host}/${path}`);
}
