/**
 * A server that answers as Sluice does, but for one fault that a test plants. It writes its answers by hand: an HTTP
 * library would repair some of the faults.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { answer } from '#main/http/answer.ts';
import type { FieldValue, Representation } from '#main/http/representation.ts';
import { conditionsOf, type DistinctHeaders } from '#shared/http/conditions.ts';

interface Request {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: DistinctHeaders;
}

/** An answer as it goes out; Content-Length is what the fields say, whatever the body. */
export interface Reply {
  readonly status: number;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly body: Uint8Array;
}

export type Fault = (reply: Reply, request: Request) => Reply;

export interface FaultyServer extends AsyncDisposable {
  readonly url: string;
  /** What it does wrong. */
  fault: Fault;
}

/** The object that it serves. */
export const faultyObject = {
  bytes: Uint8Array.from({ length: 5000 }, (_, index) => (index * 31 + Math.floor(index / 256)) % 251),
  etag: 'v1',
  lastModified: new Date('2026-11-01T08:49:37Z'),
} as const;

const faultless: Fault = (reply) => reply;

export async function startFaultyServer(bytes: Uint8Array = faultyObject.bytes): Promise<FaultyServer> {
  const representation: Representation = {
    length: bytes.length,
    etag: faultyObject.etag,
    lastModified: faultyObject.lastModified,
    mediaType: 'application/octet-stream',
    fields: { 'cache-control': 'max-age=60', vary: 'origin' },
  };
  const served: { fault: Fault } = { fault: faultless };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const request = parse(received.slice(0, end));
        received = received.slice(end + 4);
        write(socket, served.fault(replyTo(request, representation, bytes), request), request);
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(served, {
    url: `http://127.0.0.1:${port}/object`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function parse(head: string): Request {
  const [line = '', ...fields] = head.split('\r\n');
  const headers: Record<string, string[]> = {};
  for (const field of fields) {
    const colon = field.indexOf(':');
    (headers[field.slice(0, colon).toLowerCase()] ??= []).push(field.slice(colon + 1).trim());
  }
  return { method: line.split(' ')[0] ?? '', headers };
}

function write(socket: Socket, { status, fields, body }: Reply, { headers }: Request): void {
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((each) => `${name}: ${each}\r\n`),
  );
  const closes = headers['connection']?.[0] === 'close';
  socket.write(
    `HTTP/1.1 ${status} Status\r\n${lines.join('')}${closes ? 'connection: close\r\n' : ''}\r\n`,
    'latin1',
  );
  socket.write(body);
  if (closes) socket.end();
}

function replyTo({ method, headers }: Request, representation: Representation, bytes: Uint8Array): Reply {
  const date = { date: new Date().toUTCString() };
  if (method !== 'GET' && method !== 'HEAD') {
    const fields = { ...date, allow: 'GET, HEAD', 'content-length': '0' };
    return { status: 405, fields, body: new Uint8Array() };
  }
  const decided = answer({ method, conditions: conditionsOf(headers) }, representation, {
    boundary: 'B0UNDARY',
    now: new Date(),
  });
  const pieces = decided.segments.map((segment) =>
    segment.kind === 'text' ? segment.bytes : bytes.subarray(segment.range.start, segment.range.end),
  );
  return { status: decided.status, fields: { ...date, ...decided.headers }, body: Buffer.concat(pieces) };
}
