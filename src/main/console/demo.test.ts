import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createRouterClient } from '@orpc/server';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import { SyntheticObjects } from '#main/object-store/synthetic.ts';
import { expectWithinBudget } from '#main/testing/gauges.ts';
import type { contract } from '#shared/contract.ts';
import { GiB, MiB } from '#shared/units.ts';
import { Demo } from './demo.ts';
import { demoProcedures } from './procedures/demo.ts';

type Client = ContractRouterClient<typeof contract>;

interface Console extends Disposable {
  readonly client: Client;
}

async function openConsole(server: TestServer): Promise<Console> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rpc`);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient<Client>(link), [Symbol.dispose]: () => socket.close() };
}

describe('the demo', () => {
  it('is an object of 2 GiB while it runs, and nothing before and after', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    const { demo } = console.client;
    const { url, sizeBytes, isRunning } = await demo.state();
    expect({ sizeBytes, isRunning }).toEqual({ sizeBytes: 2 * GiB, isRunning: false });
    const path = new URL(url).pathname;
    expect((await server.get(path)).status).toBe(404);
    await expect(demo.slowClient({ on: true })).rejects.toMatchObject({ code: 'INVALID_INPUT' });

    expect(await demo.start()).toMatchObject({ isRunning: true, isFastClientOn: true });
    const range = { range: `bytes=${2 * GiB - 100}-` };
    const [once, again] = [await server.get(path, range), await server.get(path, range)];
    expect([once.status, once.headers.get('content-length')]).toEqual([206, '100']);
    expect(await once.bytes()).toEqual(await again.bytes());

    expect(await demo.stop()).toMatchObject({ isRunning: false, isFastClientOn: false });
    expect((await server.get(path)).status).toBe(404);
    // A transfer ends once the server has seen that its client is gone.
    await vi.waitFor(() => expect(server.engine.transfers.size).toBe(0), 15_000);
  });

  it('has a slow client that fills the memory, and never more than the budget', async () => {
    await using server = await startTestServer({ memoryBudgetBytes: 32 * MiB, memoryCacheBytes: 0 });
    using console = await openConsole(server);
    const { demo, live } = console.client;
    await demo.start();
    await demo.fastClient({ on: false });
    expect(await demo.slowClient({ on: true })).toMatchObject({ isSlowClientOn: true });
    let ledgerBytes = 0;
    await vi.waitFor(
      async () => {
        const { memory, lanes } = await live.frame({ cursor: -1 });
        expectWithinBudget(server.engine.budget);
        expect(lanes.filter(({ diagnosis }) => diagnosis === 'client-bound').length).toBeGreaterThan(0);
        ledgerBytes = memory.ledgerBytes;
        expect(ledgerBytes).toBeGreaterThan(memory.budgetBytes / 4);
      },
      { timeout: 15_000 },
    );
    await demo.slowClient({ on: false });
    await vi.waitFor(() => expect(server.engine.transfers.size).toBe(0), 15_000);
  });

  it('ends with the server', async () => {
    const server = await startTestServer();
    {
      using console = await openConsole(server);
      await console.client.demo.start();
      await console.client.demo.slowClient({ on: true });
    }
    await server[Symbol.asyncDispose]();
    expect(server.engine.transfers.size).toBe(0);
  });

  it('is started by operators only', async () => {
    const objects = new SyntheticObjects();
    const demo = new Demo({
      objects,
      key: (name) => name,
      serverUrl: () => '',
      chunks: 1,
      forget: async () => undefined,
    });
    const viewer = createRouterClient(demoProcedures(demo), { context: { role: 'viewer' } });
    expect(await viewer.state()).toMatchObject({ isRunning: false });
    const refused = [
      viewer.start(),
      viewer.stop(),
      viewer.slowClient({ on: true }),
      viewer.fastClient({ on: true }),
    ];
    for (const call of refused) await expect(call).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(objects.get('two-gigabytes.bin')).toBeUndefined();
  });
});
