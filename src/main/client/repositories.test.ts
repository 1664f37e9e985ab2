/** What the client makes of servers that answer badly; what it makes of good ones is in cli/mirror.test.ts. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { parseRepository } from '#main/http/names.ts';
import type { Job } from '#shared/repository-model.ts';
import { followJob, listRepositories, removeRepository, startJob } from './repositories.ts';
import { serveTest } from './test-server.ts';

const never = new AbortController().signal;
const repository = parseRepository('github.com/owner/repository');

const job: Job = {
  id: 3,
  kind: 'fetch',
  repository: repository.upstream,
  state: 'running',
  phase: 'größer',
  startedAt: 1,
};

const answering = (answer: (response: ServerResponse) => void) =>
  serveTest((_request, response) => answer(response));

async function recordsOf(url: URL): Promise<Job[]> {
  const records: Job[] = [];
  for await (const record of followJob(url, 3, never)) records.push(record);
  return records;
}

describe('followJob', () => {
  it('reads records however they are cut', async () => {
    const done = { ...job, state: 'done' as const };
    const bytes = Buffer.from(`${JSON.stringify(job)}\n${JSON.stringify(done)}\n`);
    await using server = await answering((response) => {
      const cuts = Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1));
      const next = (): void => {
        const piece = cuts.shift();
        if (piece) response.write(piece, next);
        else response.end();
      };
      next();
    });
    expect(await recordsOf(server.url)).toEqual([job, done]);
  });

  it('says that the job may go on when the stream ends before it', async () => {
    await using server = await answering((response) => response.end(`${JSON.stringify(job)}\n`));
    await expect(recordsOf(server.url)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'job 3 cannot be followed any longer; it may go on',
    });
  });

  it('refuses what is no record', async () => {
    for (const line of ['<html>', '{}', JSON.stringify({ ...job, state: 'odd' })]) {
      await using server = await answering((response) => response.end(`${line}\n`));
      await expect(recordsOf(server.url)).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
    }
  });

  it('gives up a line that does not end', async () => {
    await using server = await answering((response) => {
      const flood = (): boolean => response.write('x'.repeat(65_536), () => flood());
      flood();
    });
    await expect(recordsOf(server.url)).rejects.toMatchObject({
      message: 'a line of the answer does not end',
    });
  });
});

describe('the other requests', () => {
  it('pass on what the server says', async () => {
    await using server = await answering((response) =>
      response.writeHead(404).end(JSON.stringify({ error: 'NOT_FOUND', message: 'not allowed here' })),
    );
    const refused = {
      code: 'NOT_FOUND',
      message: expect.stringContaining('answers 404 (not allowed here)') as unknown,
    };
    await expect(startJob(server.url, repository, 'fetch', never)).rejects.toMatchObject(refused);
    await expect(removeRepository(server.url, repository, never)).rejects.toMatchObject(refused);
    await expect(listRepositories(server.url, never)).rejects.toMatchObject(refused);
    await expect(recordsOf(server.url)).rejects.toMatchObject(refused);
  });

  it('refuse an answer of another server', async () => {
    await using server = await answering((response) => response.end('{"message":"hello"}'));
    await expect(listRepositories(server.url, never)).rejects.toMatchObject({ code: 'STORE_MISBEHAVED' });
    await expect(startJob(server.url, repository, 'fetch', never)).rejects.toMatchObject({
      code: 'STORE_MISBEHAVED',
    });
  });
});
