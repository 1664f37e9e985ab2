/** A plain server of made-up bytes that answers late, at a pace, and sometimes not at all: as stores on bad days. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface OriginScript {
  /** Until the head of an answer, for the request of that number. */
  readonly headMs: (request: number) => number;
  readonly bytesPerMs: number;
  /** Requests that are refused with 503. */
  readonly fails: (request: number) => boolean;
}

export interface SlowOrigin extends AsyncDisposable {
  readonly url: string;
  /** Where the ranges begin that were refused so far. */
  readonly refused: readonly number[];
}

const pieceBytes = 64 * 1024;

/** Serves `objects`, by their path, with so many bytes. */
export async function startSlowOrigin(
  objects: Readonly<Record<string, number>>,
  script: OriginScript,
): Promise<SlowOrigin> {
  let requests = 0;
  const refused: number[] = [];
  const noting = { ...script, refuse: (start: number) => void refused.push(start) };
  const server = createServer((request, response) => {
    const length = objects[request.url ?? ''];
    if (length === undefined) response.writeHead(404).end();
    else if (request.method === 'HEAD') response.writeHead(200, fields(length)).end();
    else void answer(request, response, length, noting, (requests += 1)).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function fields(length: number): Record<string, string> {
  return {
    'content-length': String(length),
    'accept-ranges': 'bytes',
    etag: '"7f3a91c2"',
    'last-modified': 'Sun, 22 Nov 2026 08:00:00 GMT',
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  length: number,
  { headMs, bytesPerMs, fails, refuse }: OriginScript & { readonly refuse: (start: number) => void },
  number: number,
): Promise<void> {
  const [, from = '0', to = String(length - 1)] =
    /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const [start, end] = [Number(from), Math.min(length, Number(to) + 1)];
  await sleep(headMs(number));
  if (fails(number)) {
    refuse(start);
    response.writeHead(503).end();
    return;
  }
  const range = { 'content-range': `bytes ${start}-${end - 1}/${length}` };
  response.writeHead(206, { ...fields(end - start), ...range });
  for (let at = start; at < end && !response.destroyed; at += pieceBytes) {
    const bytes = Math.min(pieceBytes, end - at);
    response.write(Buffer.alloc(bytes, at % 251));
    await sleep(bytes / bytesPerMs);
  }
  response.end();
}
