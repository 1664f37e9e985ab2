/** The repositories and their jobs, for scripts: docs/semantics.md, one test for each sentence. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { Job } from '#shared/repository-model.ts';
import { ScriptedRepositories } from './repositories.fixture.ts';

const member = '/api/v1/repositories/github.com/owner/repository';

let server: TestServer;
let repositories: ScriptedRepositories;

beforeAll(async () => {
  repositories = new ScriptedRepositories();
  server = await startTestServer({}, undefined, repositories);
});

afterAll(() => server[Symbol.asyncDispose]());

beforeEach(() => {
  repositories.calls.length = 0;
});

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(server.url + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: unknown = await answer.json();
  return { status: answer.status, headers: answer.headers, json };
}

async function startFetch(): Promise<Job> {
  return (await call('POST', member, { action: 'fetch' })).json as Job;
}

/** The records of a stream, one at a time. */
async function follow(id: number) {
  const answer = await fetch(`${server.url}/api/v1/jobs/${id}/follow`);
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  const lines = createInterface({ input: Readable.fromWeb(answer.body as ReadableStream) });
  const records = lines[Symbol.asyncIterator]();
  return async (): Promise<Job | undefined> => {
    const next = await records.next();
    return next.done ? undefined : (JSON.parse(next.value) as Job);
  };
}

describe('Repositories', () => {
  it('The repositories, their mirrors, snapshots and jobs are listed.', async () => {
    const { status, json } = await call('GET', '/api/v1/repositories');
    expect([status, json]).toEqual([200, repositories.listed]);
  });

  it('A job is started by its action, and answered 202 with where it is.', async () => {
    for (const action of ['clone', 'fetch', 'snapshot', 'lfs-snapshot']) {
      const { status, headers, json } = await call('POST', member, { action });
      const { id, kind } = json as Job;
      expect([status, kind]).toEqual([202, action]);
      expect(headers.get('location')).toBe(`/api/v1/jobs/${id}`);
      expect((await call('GET', `/api/v1/jobs/${id}`)).json).toEqual(json);
    }
    expect(repositories.calls).toEqual(
      ['clone', 'fetch', 'snapshot', 'lfs-snapshot'].map((kind) => `${kind} github.com/owner/repository`),
    );
  });

  it('An action that there is not is 400 and starts nothing.', async () => {
    for (const body of [{ action: 'restore' }, { action: 'bundle' }, {}, [], 'fetch', null]) {
      const { status, json } = await call('POST', member, body);
      expect([body, status]).toEqual([body, 400]);
      expect((json as { message: string }).message).toContain('allowed is ');
    }
    expect(repositories.calls).toEqual([]);
  });

  it('A repository that is not allowed is 404 with the remedy.', async () => {
    const { status, json } = await call('POST', '/api/v1/repositories/github.com/other/one', {
      action: 'fetch',
    });
    const message =
      'https://github.com/other/one is not allowed here: allow it with --repository https://github.com/other/one';
    expect([status, json]).toEqual([404, { error: 'NOT_FOUND', message }]);
    expect((await call('DELETE', '/api/v1/repositories/github.com/other/one')).status).toBe(404);
  });

  it('A repository is removed by DELETE.', async () => {
    expect((await call('DELETE', `${member}.git`)).status).toBe(200);
    expect(repositories.calls).toEqual(['remove github.com/owner/repository']);
  });
});

describe('Jobs', () => {
  it('A job is followed from what it is to its end.', async () => {
    const job = await startFetch();
    const next = await follow(job.id);
    expect(await next()).toEqual(job);
    const running = repositories.set({
      ...job,
      state: 'running',
      phase: 'receiving objects',
      done: 1,
      total: 3,
    });
    expect(await next()).toEqual(running);
    const done = repositories.set({ ...running, state: 'done', endedAt: 5, outcome: 'nothing is new' });
    expect(await next()).toEqual(done);
    expect(await next()).toBeUndefined();
    const again = await follow(job.id);
    expect([await again(), await again()]).toEqual([done, undefined]);
  });

  it('A job that is forgotten while it is followed ends the stream.', async () => {
    const job = await startFetch();
    const next = await follow(job.id);
    await next();
    repositories.jobs.delete(job.id);
    expect(await next()).toBeUndefined();
    repositories.set(job);
  });

  it('A follower is told of at most five changes a second, and of the last one always.', async () => {
    const job = await startFetch();
    const next = await follow(job.id);
    let heard = 0;
    for (let done = 1; done <= 1000; done += 1) repositories.set({ ...job, state: 'running', done });
    repositories.set({ ...job, state: 'done', done: 1000 });
    let last: Job | undefined;
    for (let record = await next(); record; record = await next()) {
      last = record;
      heard += 1;
    }
    expect(last?.state).toBe('done');
    expect(heard).toBeLessThanOrEqual(2);
  });

  it('A job is cancelled by DELETE, and one that has ended stays what it was.', async () => {
    const { id } = await startFetch();
    const first = await call('DELETE', `/api/v1/jobs/${id}`);
    expect([first.status, (first.json as Job).state]).toEqual([200, 'cancelled']);
    const job = await startFetch();
    repositories.set({ ...job, state: 'done' });
    const second = await call('DELETE', `/api/v1/jobs/${job.id}`);
    expect([second.status, (second.json as Job).state]).toEqual([200, 'done']);
  });

  it('What the programs of a job have written is its log.', async () => {
    const { id } = await startFetch();
    const answer = await server.get(`/api/v1/jobs/${id}/log`);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toBe(`the log of ${id}\nits second line\n`);
  });

  it('A job that there is not is 404.', async () => {
    for (const id of ['999999', 'x', '-1', '1.5', '1e3', '9'.repeat(30)]) {
      for (const path of [`/api/v1/jobs/${id}`, `/api/v1/jobs/${id}/log`, `/api/v1/jobs/${id}/follow`])
        expect([path, (await call('GET', path)).status]).toEqual([path, 404]);
      expect((await call('DELETE', `/api/v1/jobs/${id}`)).status).toBe(404);
    }
  });
});
