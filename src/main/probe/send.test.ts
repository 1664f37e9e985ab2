/** One request, to real servers that behave in every way. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LabRequest } from '#shared/lab-model.ts';
import type { Reach, Resolve } from './reach.ts';
import { sendRequest } from './send.ts';

const everywhere: Reach = { kind: 'everywhere' };
const never = new AbortController().signal;

async function serving(listener: RequestListener): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/x`, [Symbol.asyncDispose]: stop };
}

function send(url: string, more: Partial<LabRequest> = {}, limitBytes?: number, signal = never) {
  const limit = limitBytes === undefined ? {} : { limitBytes };
  return sendRequest({ url, method: 'GET', fields: {}, ...more }, { reach: everywhere, ...limit }, signal);
}

describe('sendRequest', () => {
  it('tells all about an answer: fields as they came, bytes, digest, times', async () => {
    const body = Buffer.alloc(10_000, 'abc');
    await using server = await serving((request, response) => {
      response.writeHead(206, 'Some', [
        ['X-Seen', String(request.headers.range)],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ]);
      response.end(body);
    });
    const answer = await send(server.url, { fields: { range: 'bytes=0-9' } });
    expect(answer).toMatchObject({
      status: 206,
      reason: 'Some',
      bodyBytes: 10_000,
      ended: 'whole',
      sha256: createHash('sha256').update(body).digest('hex'),
      address: new URL(server.url).host,
    });
    expect(Buffer.from(answer.start, 'base64')).toEqual(body.subarray(0, 4096));
    expect(answer.fields.slice(0, 3)).toEqual([
      ['X-Seen', 'bytes=0-9'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ]);
    expect(answer.sent).toContainEqual(['Range', 'bytes=0-9']);
    expect(answer.sent).toContainEqual(['Accept-Encoding', 'identity']);
    expect(answer.timing.connectMs).toBeGreaterThanOrEqual(0);
    expect(answer.timing.totalMs).toBeGreaterThanOrEqual(answer.timing.firstByteMs);
  });

  it('does not follow a redirect, and says where it leads', async () => {
    let asked = 0;
    await using server = await serving((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: '/secret' }).end();
    });
    const answer = await send(server.url);
    expect([answer.status, answer.location, asked]).toEqual([302, new URL('/secret', server.url).href, 1]);
  });

  it('never decompresses', async () => {
    const packed = gzipSync('plain');
    await using server = await serving((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    });
    expect(Buffer.from((await send(server.url)).start, 'base64')).toEqual(packed);
  });

  it('stops reading at the limit, and says so', async () => {
    await using server = await serving((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on('drain', more).writeHead(200);
      more();
    });
    expect(await send(server.url, {}, 100_000)).toMatchObject({ bodyBytes: 100_000, ended: 'limit' });
  });

  it('a body that breaks off is a part of the answer', async () => {
    await using server = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    });
    expect(await send(server.url)).toMatchObject({ status: 200, bodyBytes: 4, ended: 'broken off' });
  });

  it('an endless list of fields is cut', async () => {
    await using server = await serving((_request, response) => {
      for (let index = 0; index < 150; index += 1) response.setHeader(`x-${index}`, '1');
      response.end();
    });
    const { fields, moreFields } = await send(server.url);
    expect(fields).toHaveLength(100);
    expect(moreFields).toBeGreaterThan(45);
  });

  it('what is no HTTP is said to be none', async () => {
    const sockets = new Set<Socket>();
    const server = createRawServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.end('SSH-2.0-OpenSSH\r\n');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(send(`http://127.0.0.1:${port}/`)).rejects.toThrow('sent what is no HTTP answer');
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it('can be cancelled while nothing answers', async () => {
    const controller = new AbortController();
    await using server = await serving(() => controller.abort());
    await expect(send(server.url, {}, undefined, controller.signal)).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });

  it('goes to the address that was checked, even if the name has another by then', async () => {
    await using server = await serving((request, response) => response.end(request.headers.host));
    const { port } = new URL(server.url);
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }];
    };
    const url = `http://rebinding.example:${port}/`;
    const answer = await sendRequest(
      { url, method: 'GET', fields: {} },
      { reach: everywhere, resolve },
      never,
    );
    expect(Buffer.from(answer.start, 'base64').toString()).toBe(`rebinding.example:${port}`);
    expect([asked, answer.address]).toEqual([1, `127.0.0.1:${port}`]);
  });

  it('refuses a field value that would end the field', async () => {
    await expect(send('http://127.0.0.1:1/', { fields: { range: 'a\r\nX: y' } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
