import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MiB } from '#shared/units.ts';
import { ResponseSink } from './response-sink.ts';

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

/** Writes so many pieces of `bytes` one after the other and notes how each ended. */
function writeAll(sink: ResponseSink, count: number, bytes: number): (Error | 'taken')[] {
  const ends: (Error | 'taken')[] = [];
  for (let piece = 0; piece < count; piece += 1)
    sink.write(new Uint8Array(bytes).fill(piece), (error) => ends.push(error ?? 'taken'));
  return ends;
}

describe('the socket of a response', () => {
  it('Memory returns when the socket has taken it, and every byte is told.', async () => {
    await using pair = await connect();
    let told = 0;
    const sink = new ResponseSink(pair.response, (bytes) => (told += bytes));
    const ends = writeAll(sink, 3, MiB);
    expect(ends).toEqual([]);
    await sink.deliver(Buffer.from('the end'));
    pair.response.end();
    let received = 0;
    for await (const data of pair.client) received += (data as Buffer).length;
    expect(ends).toEqual(['taken', 'taken', 'taken']);
    expect(told).toBe(3 * MiB + 7);
    expect(received).toBe(3 * MiB + 7);
  });

  it('Memory stays held while a client does not read, and all of it returns once when the client goes.', async () => {
    await using pair = await connect();
    const sink = new ResponseSink(pair.response, () => undefined);
    const ends = writeAll(sink, 40, MiB);
    await expect.poll(() => pair.response.writableLength).toBeGreaterThan(MiB);
    const taken = ends.length;
    expect(taken).toBeLessThan(40);
    pair.client.destroy();
    if (!pair.response.closed) await once(pair.response, 'close');
    expect(ends).toHaveLength(40);
    expect(ends.slice(-1)[0]).toMatchObject({ code: 'ABORTED' });
    await expect(sink.deliver(new Uint8Array(1))).rejects.toMatchObject({ code: 'ABORTED' });
    expect(ends).toHaveLength(40);
  });

  it('never tells of an end from inside a write', async () => {
    await using pair = await connect();
    pair.response.destroy();
    await once(pair.response, 'close');
    const sink = new ResponseSink(pair.response, () => undefined);
    const ends = writeAll(sink, 2, 10);
    expect(ends).toEqual([]);
    await expect.poll(() => ends).toHaveLength(2);
    expect(ends.every((end) => end instanceof Error)).toBe(true);
  });
});
