import { createRouterClient, ORPCError } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { startFaultyServer } from '#main/testing/faulty-server.ts';
import type { CheckRun } from '#shared/lab-model.ts';
import type { ConsoleContext } from './context.ts';
import { ConsoleLab } from './lab.ts';
import { createConsoleRouter } from './router.ts';
import { unaskedSources } from './sources.fixture.ts';

let server: TestServer;
let path: string;
beforeAll(async () => {
  server = await startTestServer();
  path = await server.put('checked', Buffer.alloc(5000, 'abc'));
});
afterAll(() => server[Symbol.asyncDispose]());

function openConsole(role: ConsoleContext['role']) {
  const lab = new ConsoleLab(() => server.url);
  const router = createConsoleRouter({ ...unaskedSources, lab });
  return createRouterClient(router, { context: { role } });
}

type Client = ReturnType<typeof openConsole>;

async function ended(client: Client, { id }: CheckRun): Promise<CheckRun> {
  for (;;) {
    const run = await client.lab.progress({ id });
    if (run.state !== 'running') return run;
  }
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  return error instanceof ORPCError ? String(error.code) : 'it was not refused';
}

describe('the Range Lab of the console', () => {
  it('sends a request, for viewers too when it is for an object of this server', async () => {
    const { lab } = openConsole('viewer');
    const request = { url: server.url + path, method: 'GET', fields: { range: 'bytes=-5' } } as const;
    expect(await lab.send(request)).toMatchObject({ status: 206, bodyBytes: 5 });
  });

  it('A viewer’s request of the Range Lab reaches public addresses and the objects of this server only.', async () => {
    await using other = await startFaultyServer();
    const viewer = openConsole('viewer');
    for (const url of [other.url, `${server.url}/metrics`, `${server.url}/rpc`]) {
      expect(await codeOf(viewer.lab.send({ url, method: 'GET', fields: {} }))).toBe('FORBIDDEN');
    }
    const run = await ended(viewer, await viewer.lab.check({ url: other.url }));
    expect(run).toMatchObject({ state: 'failed', results: [] });
    expect(run.failure).toContain('is not a public address');
    expect(
      await openConsole('operator').lab.send({ url: other.url, method: 'HEAD', fields: {} }),
    ).toMatchObject({
      status: 200,
    });
  });

  it('refuses methods that change something, and fields that are not listed', async () => {
    const { lab } = openConsole('operator');
    const request = { url: server.url + path, method: 'GET', fields: {} };
    const wrong = [
      { ...request, method: 'DELETE' },
      { ...request, fields: { authorization: 'x' } },
      { ...request, fields: { range: 'a\r\nb' } },
    ];
    for (const each of wrong) {
      expect(await codeOf(lab.send(each as unknown as Parameters<typeof lab.send>[0]))).toBe('BAD_REQUEST');
    }
  });

  it('checks a server, and tells how far it is', async () => {
    const client = openConsole('viewer');
    const run = await ended(client, await client.lab.check({ url: server.url + path }));
    expect(run).toMatchObject({ state: 'done', object: { length: 5000 } });
    expect(run.results).toHaveLength(run.total);
    expect(run.results.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  it('ends a run when somebody says so, and refuses a third at a time', async () => {
    await using other = await startFaultyServer();
    const client = openConsole('operator');
    // Never answers.
    other.fault = () => ({ status: 100, fields: {}, body: new Uint8Array() });
    const runs = [await client.lab.check({ url: other.url }), await client.lab.check({ url: other.url })];
    expect(await codeOf(client.lab.check({ url: other.url }))).toBe('BUSY');
    for (const run of runs) {
      expect(await client.lab.cancel({ id: run.id })).toEqual({ ended: true });
      expect((await ended(client, run)).state).toBe('cancelled');
    }
    expect(await codeOf(client.lab.progress({ id: 'nothing' }))).toBe('NOT_FOUND');
  });
});
