/** `/api/v1/jobs/{id}`: a job as it is, as it goes on, and what its programs have written; and its end. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { RepositoryService } from '#main/snapshots/service.ts';
import { SluiceError } from '#shared/errors.ts';
import { hasEnded, type Job } from '#shared/repository-model.ts';
import { refuseOtherMethods } from './methods.ts';
import type { Services } from './services.ts';

interface JobParams {
  readonly id: string;
}

/** Five records a second at most. */
const intervalMilliseconds = 200;
/** A follower hears something now and then, so that it can tell a long phase from a dead server. */
const silentRounds = 50;

const path = '/api/v1/jobs/:id';

export function registerJobs(app: FastifyInstance, { repositories }: Services): void {
  const readable = { exposeHeadRoute: true };

  app.get<{ Params: JobParams }>(path, readable, async ({ params }) => jobOf(repositories, params));

  app.get<{ Params: JobParams }>(`${path}/log`, readable, async ({ params }, reply) => {
    const { id } = jobOf(repositories, params);
    const lines = repositories.log(id).map((line) => `${line}\n`);
    return reply.type('text/plain; charset=utf-8').send(lines.join(''));
  });

  app.get<{ Params: JobParams }>(`${path}/follow`, async ({ params }, reply) => {
    const job = jobOf(repositories, params);
    return reply
      .type('application/x-ndjson')
      .header('cache-control', 'no-store')
      .send(Readable.from(records(repositories, job)));
  });

  /** Answers the job as it is then; one that has ended stays what it was. */
  app.delete<{ Params: JobParams }>(path, async ({ params }) => {
    const { id } = jobOf(repositories, params);
    repositories.cancel(id);
    return jobOf(repositories, params);
  });

  refuseOtherMethods(app, path, ['GET', 'HEAD', 'DELETE']);
  refuseOtherMethods(app, `${path}/log`, ['GET', 'HEAD']);
  refuseOtherMethods(app, `${path}/follow`, ['GET']);
}

/** @throws SluiceError NOT_FOUND */
function jobOf(repositories: RepositoryService, { id }: JobParams): Job {
  const job = /^\d{1,15}$/.test(id) ? repositories.job(Number(id)) : undefined;
  if (job) return job;
  throw new SluiceError(
    'NOT_FOUND',
    `there is no job ${JSON.stringify(id)}; those that have ended are forgotten`,
  );
}

/** A line for each change until the job has ended. Read one at a time, so a slow reader gets the newest only. */
async function* records(repositories: RepositoryService, started: Job): AsyncGenerator<string, void> {
  let told = '';
  let silence = 0;
  let job: Job | undefined = started;
  for (; job; job = repositories.job(started.id)) {
    const line = `${JSON.stringify(job)}\n`;
    silence = line === told ? silence + 1 : 0;
    if (silence % silentRounds === 0) yield line;
    told = line;
    if (hasEnded(job)) return;
    await sleep(intervalMilliseconds);
  }
}
