import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startTestServer, type TestServer } from '#main/app.fixture.ts';
import type { contract } from '#shared/contract.ts';
import type { Frame } from '#shared/model.ts';
import { KiB, MiB } from '#shared/units.ts';

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
  for (const giveUpAt = performance.now() + 30_000; performance.now() < giveUpAt;) {
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

  it('A client that does not read is shown as what its transfer waits for, and holds next to nothing.', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    const path = await server.put('large', new Uint8Array(24 * MiB));
    const stalled = await server.connect();
    stalled.request(`GET ${path}`);
    const frame = await frameWith(console.client, ({ lanes }) => lanes[0]?.diagnosis === 'client-bound');
    const [lane] = frame.lanes;
    expect(lane).toMatchObject({ object: 'test/large', path });
    const small = await server.get(path, { range: 'bytes=0-0' });
    await small.arrayBuffer();
    expect(lane?.etag).toBe(small.headers.get('etag'));
    // When it has come to that, and the other request is over.
    await vi.waitFor(async () => {
      const { lanes, memory } = await console.client.live.frame({ cursor: -1 });
      expect(lanes[0]?.window).toBe(1);
      // The chunk that the socket has, and the next one when the socket has the end of the first.
      expect(lanes[0]?.slots.length).toBeLessThanOrEqual(2);
      expect(memory.pool.pinned).toBeLessThanOrEqual(256 * KiB);
    }, 15_000);
    expect(frame.memory.ledgerBytes).toBeLessThanOrEqual(frame.memory.budgetBytes);
    expect(frame.memory.transfers).toBe(1);
    stalled[Symbol.dispose]();
    // All of it is over in the end, not at the same instant.
    await vi.waitFor(async () => {
      const after = await console.client.live.frame({ cursor: -1 });
      expect(after.memory.transfers).toBe(0);
      expect(after.lanes).toEqual([]);
      expect(after.memory.byState.held + after.memory.byState.draining).toBe(0);
      expect(after.requests.at(-1)).toMatchObject({ target: 'test/large', status: 200, complete: false });
    }, 15_000);
  });

  it('Every frame accounts for the whole budget, and for the engine.', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    const path = await server.put('large', new Uint8Array(12 * MiB));
    const downloads = Promise.all(
      [0, 1, 2].map(async (part) =>
        (await server.get(path, { range: `bytes=${part * MiB}-` })).arrayBuffer(),
      ),
    );
    const frames: Frame[] = [];
    await frameWith(console.client, (frame) => frames.push(frame) > 1 && frame.memory.transfers === 0);
    await downloads;
    for (const { memory } of frames) {
      const parts = Object.values(memory.pool);
      expect(parts.reduce((sum, bytes) => sum + bytes, 0)).toBe(memory.budgetBytes);
    }
    const { engine } = await frameWith(
      console.client,
      ({ memory, engine }) => memory.transfers === 0 && engine.store.active === 0,
    );
    const { chunks } = engine.slabs;
    expect(chunks.allocated * chunks.slabBytes).toBeGreaterThanOrEqual(MiB);
    expect(chunks.allocated).toBeLessThanOrEqual(chunks.total);
    expect(engine.store).toMatchObject({
      active: 0,
      waiting: { small: 0, demand: 0, ahead: 0 },
      fetches: [],
    });
    expect(engine.store.attempts).toBeGreaterThan(0);
    expect(engine.loopDelayMs?.max).toBeGreaterThanOrEqual(engine.loopDelayMs?.p50 ?? Number.NaN);
    expect(engine.fairness).toBe(1);
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

  it('An operator ends a transfer: its connection is closed, and its memory comes back.', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    const path = await server.put('large', new Uint8Array(24 * MiB));
    using stalled = await server.connect();
    const sent = stalled.request(`GET ${path}`);
    const frame = await frameWith(console.client, ({ lanes }) => lanes.length === 1);
    const lane = frame.lanes[0]?.id ?? Number.NaN;
    expect(await console.client.live.disconnect({ lane })).toEqual({ ended: true });
    expect((await sent.response()).body.length).toBeLessThan(24 * MiB);
    const after = await frameWith(console.client, ({ memory }) => memory.transfers === 0);
    expect(after.lanes).toEqual([]);
    expect(await console.client.live.disconnect({ lane })).toEqual({ ended: false });
  });

  it('A frame says what the process may use, and how long it has paused for its garbage.', async () => {
    await using server = await startTestServer();
    using console = await openConsole(server);
    const { memory } = await frameWith(console.client, () => true);
    expect(memory.limitBytes).toBeGreaterThan(memory.rssBytes ?? Number.NaN);
    expect(['cgroup', 'machine']).toContain(memory.limitSource);
    expect(memory.gc?.totalMs).toBeGreaterThanOrEqual(0);
  });
});
