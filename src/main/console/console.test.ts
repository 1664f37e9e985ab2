import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { contract } from '#shared/contract.ts';
import type { Frame } from '#shared/model.ts';
import { MiB } from '#shared/units.ts';

type Client = ContractRouterClient<typeof contract>;

interface Console extends Disposable {
  readonly client: Client;
}

async function openConsole(server: TestServer, headers: Record<string, string> = {}): Promise<Console> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rpc`, { headers });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient<Client>(link), [Symbol.dispose]: () => socket.close() };
}

async function frameWith(client: Client, condition: (frame: Frame) => boolean): Promise<Frame> {
  for (let tries = 0; tries < 100; tries += 1) {
    const frame = await client.live.frame({ cursor: -1 });
    if (condition(frame)) return frame;
  }
  throw new Error('the frame did not come');
}

describe('console over WebSocket', () => {
  it('says who the server is', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    expect(await console.client.hello()).toMatchObject({
      name: 'sluice',
      host: 'headless',
      url: server.url,
      pid: process.pid,
      window: 4,
    });
  });

  it('A client that does not read is shown with its window full and waiting for it, within the budget.', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    const path = await server.put('large', new Uint8Array(24 * MiB));
    const stalled = await server.connect();
    stalled.request(`GET ${path}`);
    const frame = await frameWith(console.client, ({ lanes }) => lanes[0]?.diagnosis === 'client-bound');
    const [lane] = frame.lanes;
    expect(lane?.object).toBe('test/large');
    expect(lane?.slots).toHaveLength(4);
    expect(lane?.slots.every(({ state }) => state === 'held' || state === 'draining')).toBe(true);
    expect(frame.memory.ledgerBytes).toBeLessThanOrEqual(frame.memory.budgetBytes);
    expect(frame.memory.transfers).toBe(1);
    stalled[Symbol.dispose]();
    const after = await frameWith(console.client, ({ memory }) => memory.transfers === 0);
    expect(after.lanes).toEqual([]);
    expect(after.memory.byState.held + after.memory.byState.draining).toBe(0);
    expect(after.requests.at(-1)).toMatchObject({ target: 'test/large', status: 200, complete: false });
  });

  it('A console that goes on from its cursor sees each request once.', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    const path = await server.put('small', 'hello');
    const { cursor } = await frameWith(console.client, ({ requests }) => requests.length === 1);
    await (await server.get(path, { range: 'bytes=1-2' })).arrayBuffer();
    await (await server.get(path, { range: 'bytes=9-' })).arrayBuffer();
    const seen: Frame['requests'] = [];
    for (let at = cursor; seen.length < 2;) {
      const frame = await console.client.live.frame({ cursor: at });
      seen.push(...frame.requests);
      at = frame.cursor;
    }
    expect(seen).toMatchObject([
      {
        method: 'GET',
        target: 'test/small',
        range: 'bytes=1-2',
        status: 206,
        sentBytes: 2,
        spans: [[1, 3]],
        objectBytes: 5,
      },
      { range: 'bytes=9-', status: 416, sentBytes: 0 },
    ]);
    expect(seen[0]?.tier).toBeDefined();
  });

  it("The console's socket is opened only for our own pages.", async () => {
    await using server = await startTestServer();
    await expect(openConsole(server, { origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(openConsole(server, { host: 'evil.example' })).rejects.toThrow('403');
    using console = await openConsole(server, { origin: server.url });
    expect((await console.client.hello()).name).toBe('sluice');
  });
});
