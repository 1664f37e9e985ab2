/** The relay between real sockets, of which one does not read. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { KiB } from '#shared/units.ts';
import { relay } from './relay.ts';

const messageBytes = 64 * KiB;

interface Pair extends AsyncDisposable {
  readonly client: WebSocket;
  readonly server: WebSocket;
}

async function pair(): Promise<Pair> {
  const listener = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(listener, 'listening');
  const connected = once(listener, 'connection') as Promise<[WebSocket]>;
  const client = new WebSocket(`ws://127.0.0.1:${(listener.address() as AddressInfo).port}`);
  const [[server]] = await Promise.all([connected, once(client, 'open')]);
  return {
    client,
    server,
    [Symbol.asyncDispose]: async () => {
      client.terminate();
      server.terminate();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

describe('relay', () => {
  it('holds no more than its bound for a console that does not read, and loses nothing', async () => {
    await using near = await pair();
    await using far = await pair();
    relay(near.server, far.client);
    const received: number[] = [];
    near.client.on('message', (data: Buffer) => received.push(data.readUInt32LE(0)));
    near.client.pause();
    let sent = 0;
    let most = 0;
    const send = () => {
      const message = Buffer.alloc(messageBytes);
      message.writeUInt32LE(sent, 0);
      sent += 1;
      far.server.send(message);
    };
    while (!far.client.isPaused) {
      send();
      await sleep(1);
      most = Math.max(most, near.server.bufferedAmount);
    }
    for (let more = 0; more < 50; more += 1) {
      send();
      await sleep(1);
      most = Math.max(most, near.server.bufferedAmount);
    }
    expect(far.client.isPaused).toBe(true);
    expect(most).toBeGreaterThan(256 * KiB);
    expect(most).toBeLessThanOrEqual(256 * KiB + 4 * messageBytes);
    near.client.resume();
    while (received.length < sent) await sleep(5);
    expect(received).toEqual(Array.from({ length: sent }, (_, index) => index));
    await expect.poll(() => far.client.isPaused).toBe(false);
  });

  it('passes text and bytes on as they are, and ends with either side', async () => {
    await using near = await pair();
    await using far = await pair();
    relay(near.server, far.client);
    const said = once(far.server, 'message') as Promise<[Buffer, boolean]>;
    near.client.send('asked');
    const [text, isBinary] = await said;
    expect([text.toString(), isBinary]).toEqual(['asked', false]);
    const closed = once(near.client, 'close') as Promise<[number, Buffer]>;
    far.server.close(4401, 'signed out');
    const [code, reason] = await closed;
    expect([code, reason.toString()]).toEqual([4401, 'signed out']);

    await using another = await pair();
    await using beyond = await pair();
    relay(another.server, beyond.client);
    const gone = once(beyond.server, 'close') as Promise<[number]>;
    another.client.terminate();
    expect((await gone)[0]).toBe(1001);
  });
});
