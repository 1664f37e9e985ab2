/** Consoles that do not read, on real sockets. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { os, type RouterClient } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { KiB, MiB } from '#shared/units.ts';
import { ConsoleSockets, type SocketLimits } from './console-socket.ts';

const answerBytes = 256 * KiB;
const limits: SocketLimits = {
  pauseBytes: 256 * KiB,
  maxBacklogBytes: MiB,
  patienceMilliseconds: 60_000,
  lookMilliseconds: 5,
  maxCalls: 8,
};

/** A server of large answers, none of them before `released`, that watches itself, and a console connected to it. */
async function setUp(changes: Partial<SocketLimits> = {}, released: Promise<void> = Promise.resolve()) {
  const seen = { running: 0, mostRunning: 0, served: 0, mostWaiting: 0 };
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const far = once(server, 'connection') as Promise<[WebSocket]>;
  const router = {
    answer: os.handler(async () => {
      seen.running += 1;
      seen.mostRunning = Math.max(seen.mostRunning, seen.running);
      await released;
      await sleep(1);
      seen.running -= 1;
      seen.served += 1;
      const [socket] = await far;
      seen.mostWaiting = Math.max(seen.mostWaiting, socket.bufferedAmount);
      return `${seen.served} ${'x'.repeat(answerBytes)}`;
    }),
  };
  const sockets = new ConsoleSockets(router, { ...limits, ...changes });
  server.on('connection', (socket) => sockets.serve(socket, 'viewer'));
  const near = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(near, 'open');
  const link = new RPCLink({ websocket: near as unknown as globalThis.WebSocket });
  const [socket] = await far;
  return {
    seen,
    near,
    far: socket,
    client: createORPCClient<RouterClient<typeof router>>(link),
    [Symbol.asyncDispose]: async () => {
      near.terminate();
      socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('ConsoleSockets', () => {
  it('A console that does not read makes the server hold no more than what it may have under way.', async () => {
    await using console = await setUp();
    const { near, far, client, seen } = console;
    near.pause();
    const calls: Promise<string>[] = [];
    // Until it stays so: the kernel may have taken its time to take what it takes.
    let pausedLooks = 0;
    while (pausedLooks < 20 && calls.length < 2000) {
      pausedLooks = far.isPaused ? pausedLooks + 1 : 0;
      if (!far.isPaused) calls.push(...Array.from({ length: limits.maxCalls }, () => client.answer()));
      await sleep(5);
    }
    expect(pausedLooks).toBe(20);
    // What it asks now is not even read.
    const served = seen.served + seen.running;
    calls.push(...Array.from({ length: 100 }, () => client.answer()));
    for (let look = 0; look < 20; look += 1) await sleep(5);
    expect(seen.served).toBeLessThanOrEqual(served);
    expect(seen.mostRunning).toBeLessThanOrEqual(limits.maxCalls);
    expect(seen.mostWaiting).toBeLessThanOrEqual(limits.pauseBytes + 2 * limits.maxCalls * answerBytes);
    near.resume();
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(served);
    await expect.poll(() => far.isPaused).toBe(false);
  });

  it('A console that reads slowly is sent the newest, and one answer at a time waits for it.', async () => {
    await using console = await setUp();
    const { near, far, client, seen } = console;
    for (let round = 1; round <= 20; round += 1) {
      const call = client.answer();
      near.pause();
      await sleep(5);
      expect(far.bufferedAmount).toBeLessThanOrEqual(answerBytes + KiB);
      near.resume();
      expect((await call).split(' ')[0]).toBe(String(round));
    }
    expect(seen.mostRunning).toBe(1);
  });

  it('More calls at a time than a console may have are refused, and the others answered.', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    await using console = await setUp({}, released);
    const calls = Array.from({ length: limits.maxCalls + 3 }, () => console.client.answer());
    // However they arrive, none is answered before the last has come.
    let refusals = 0;
    const onRefusal = () => {
      refusals += 1;
      if (refusals === 3) release();
    };
    for (const call of calls) call.catch(onRefusal);
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => String(reason))).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining('8 calls at a time')),
    );
  });

  it('A console that stays far behind is closed with 1013.', async () => {
    await using console = await setUp({ pauseBytes: 64 * MiB, patienceMilliseconds: 20, maxCalls: 1000 });
    const { near, far, client } = console;
    const closed = once(near, 'close') as Promise<[number]>;
    near.pause();
    const calls = Array.from({ length: 100 }, () => client.answer().catch(() => undefined));
    while (far.readyState === far.OPEN) await sleep(5);
    near.resume();
    expect((await closed)[0]).toBe(1013);
    await Promise.all(calls);
  });
});
