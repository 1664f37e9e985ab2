import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { KiB, MiB } from '#shared/units.ts';
import { createOrigin, objectPath } from './origin.ts';
import { patternAt } from './pattern.ts';
import { Readers } from './readers.ts';

const objectBytes = 2 * MiB + 17;

async function serving(listener: RequestListener): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${objectPath}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function read(url: string): Promise<Readers> {
  const readers = new Readers({ objectBytes, speeds: [64 * MiB, 32 * MiB] });
  await readers.read(url);
  return readers;
}

const origin = createOrigin({ objectBytes, firstByteMs: 1, storeBytesPerSecond: 512 * MiB });

describe('readers', () => {
  it('have done when they have every byte of the object', async () => {
    await using server = await serving((request, response) => origin.emit('request', request, response));
    const { outcomes } = await read(server.url);
    expect(outcomes).toMatchObject([
      { state: 'done', bytes: objectBytes, bytesPerSecond: 64 * MiB },
      { state: 'done', bytes: objectBytes, bytesPerSecond: 32 * MiB },
    ]);
  });

  it('notice one wrong byte', async () => {
    await using server = await serving((_, response) => {
      const bytes = Buffer.from(patternAt(0, 64 * KiB));
      bytes.writeUInt8(bytes.readUInt8(40_000) ^ 1, 40_000);
      response.writeHead(200, { 'content-length': objectBytes }).end(bytes);
    });
    const { outcomes } = await read(server.url);
    expect(outcomes.map(({ state }) => state)).toEqual(['wrong', 'wrong']);
  });

  it('notice that they were cut off', async () => {
    await using server = await serving((_, response) => {
      response.writeHead(200, { 'content-length': objectBytes });
      response.write(patternAt(0, 64 * KiB), () => response.destroy());
    });
    const { outcomes } = await read(server.url);
    expect(outcomes.map(({ state }) => state)).toEqual(['broken', 'broken']);
  });
});

describe('the store of an experiment', () => {
  it('answers ranges with what the object has there', async () => {
    await using server = await serving((request, response) => origin.emit('request', request, response));
    const answer = await fetch(server.url, { headers: { range: `bytes=${MiB - 5}-${MiB + 4}` } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([
      206,
      `bytes ${MiB - 5}-${MiB + 4}/${objectBytes}`,
    ]);
    const wanted = Buffer.concat([patternAt(MiB - 5, 5), patternAt(MiB, 5)]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(wanted)).toBe(true);
    const beyond = await fetch(server.url, { headers: { range: `bytes=${objectBytes}-` } });
    expect(beyond.status).toBe(416);
  });
});
