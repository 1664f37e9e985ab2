/** A small real HTTP server for the client's tests. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TestServer extends AsyncDisposable {
  readonly url: URL;
  readonly requests: readonly IncomingMessage[];
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** Listens on loopback until it is disposed of; a handler that throws cuts the connection. */
export async function serveTest(handler: Handler): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.on('error', () => undefined);
    void Promise.resolve()
      .then(() => handler(request, response))
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The range that a request asks for, as `[start, end)`. */
export function askedRange(request: IncomingMessage): readonly [number, number] | undefined {
  const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
  return match ? [Number(match[1]), Number(match[2]) + 1] : undefined;
}

/** Answers as an RFC 9110 server does: 206, 416, 412 or 200. */
export function serveRange(content: Uint8Array, etag: string | undefined): Handler {
  const validators = etag === undefined ? {} : { etag };
  const length = content.length;
  return (request, response) => {
    const asked = askedRange(request);
    const pinned = request.headers['if-match'];
    if (pinned !== undefined && pinned !== etag) {
      response.writeHead(412, validators).end();
    } else if (!asked) {
      response.writeHead(200, { ...validators, 'content-length': length }).end(content);
    } else if (asked[0] >= length) {
      response.writeHead(416, { ...validators, 'content-range': `bytes */${length}` }).end();
    } else {
      const body = content.subarray(...asked);
      const contentRange = `bytes ${asked[0]}-${asked[0] + body.length - 1}/${length}`;
      response
        .writeHead(206, { ...validators, 'content-range': contentRange, 'content-length': body.length })
        .end(body);
    }
  };
}
