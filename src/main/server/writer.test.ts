import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';
import { BodyWriter, type Held } from './writer.ts';

class Chunk implements Held {
  readonly bytes: Uint8Array;
  sentBytes = 0;
  disposals = 0;

  constructor(length: number, fill: number) {
    this.bytes = new Uint8Array(length).fill(fill);
  }

  sent(bytes: number): void {
    this.sentBytes += bytes;
  }

  [Symbol.dispose](): void {
    this.disposals += 1;
  }
}

interface Pair extends AsyncDisposable {
  readonly response: ServerResponse;
  readonly client: IncomingMessage;
}

/** A response on a real socket, with headers sent, and its client, which has not read a byte of the body. */
async function connect(): Promise<Pair> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  response.writeHead(200).flushHeaders();
  const [client] = (await once(request, 'response')) as [IncomingMessage];
  client.on('error', () => undefined);
  return {
    response,
    client,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const quiet = { idleMilliseconds: 60_000, onSent: () => undefined };

describe('body writer', () => {
  it('Memory returns when the socket has taken it, and every byte is told.', async () => {
    await using pair = await connect();
    let told = 0;
    const writer = new BodyWriter(pair.response, { ...quiet, onSent: (bytes) => (told += bytes) });
    const chunks = [new Chunk(2.5 * MiB, 1), new Chunk(10, 2)];
    const received = (async () => {
      let length = 0;
      for await (const data of pair.client) length += (data as Buffer).length;
      return length;
    })();
    for (const chunk of chunks) await writer.write(chunk.bytes, chunk);
    await writer.flush();
    pair.response.end();
    expect(chunks.map(({ sentBytes, disposals }) => [sentBytes, disposals])).toEqual([
      [2.5 * MiB, 1],
      [10, 1],
    ]);
    expect(told).toBe(2.5 * MiB + 10);
    expect(await received).toBe(2.5 * MiB + 10);
  });

  it('Memory stays held while a client does not read, and all of it returns once when the client goes.', async () => {
    await using pair = await connect();
    const writer = new BodyWriter(pair.response, quiet);
    const chunks = Array.from({ length: 40 }, (_, index) => new Chunk(MiB, index));
    const work = (async () => {
      for (const chunk of chunks) await writer.write(chunk.bytes, chunk);
    })();
    const failure = work.catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const returned = chunks.filter(({ disposals }) => disposals > 0).length;
    expect(returned).toBeLessThan(chunks.length);
    pair.client.destroy();
    expect(await failure).toMatchObject({ code: 'ABORTED' });
    if (!pair.response.closed) await once(pair.response, 'close');
    const handed = chunks.filter(({ disposals }) => disposals > 0);
    expect(handed.length).toBeGreaterThan(returned);
    expect(handed.every(({ disposals }) => disposals === 1)).toBe(true);
    await expect(writer.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('takes a response that has already closed for what it is', async () => {
    await using pair = await connect();
    pair.response.destroy();
    await once(pair.response, 'close');
    const writer = new BodyWriter(pair.response, quiet);
    const chunk = new Chunk(10, 1);
    await expect(writer.write(chunk.bytes, chunk)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(chunk.disposals).toBe(1);
    await writer.flush();
  });

  it('disconnects a client that takes nothing for too long', async () => {
    await using pair = await connect();
    const writer = new BodyWriter(pair.response, { ...quiet, idleMilliseconds: 50 });
    const closed = once(pair.response, 'close');
    const chunk = new Chunk(MiB, 1);
    const work = (async () => {
      for (;;) await writer.write(chunk.bytes, new Chunk(1, 1));
    })();
    await expect(work).rejects.toMatchObject({ code: 'ABORTED' });
    await closed;
    expect(pair.response.destroyed).toBe(true);
  });
});
