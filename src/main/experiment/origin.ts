/**
 * The store of an experiment: one object behind ranged GETs, pinned by a strong ETag, at `/experiment/object`. Each
 * answer has a time to its first byte and a rate, as those of S3 have; together they have none but the machine's.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { KiB } from '#shared/units.ts';
import { patternAt } from './pattern.ts';

export interface OriginManners {
  readonly objectBytes: number;
  readonly firstByteMs: number;
  /** Of each answer, at most. */
  readonly storeBytesPerSecond: number;
}

/** Where the object is, below the origin and below whoever fetches from it. */
export const objectPath = '/experiment/object';

const pieceBytes = 256 * KiB;
/** How far an answer may be ahead of its pace before it rests, in milliseconds. */
const restMs = 4;
/** Longer than any pause of a fetcher between two requests. */
const keepAliveMs = 120_000;

/** The server, not listening yet. */
export function createOrigin(manners: OriginManners): Server {
  const server = createServer((request, response) => {
    answer(request, response, manners).catch(() => response.destroy());
  });
  server.keepAliveTimeout = keepAliveMs;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  manners: OriginManners,
): Promise<void> {
  const { objectBytes, firstByteMs } = manners;
  if (request.url !== objectPath) {
    response.writeHead(404, { 'content-length': 0 }).end();
    return;
  }
  await sleep(firstByteMs);
  const fields = {
    etag: `"experiment-${objectBytes}"`,
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'last-modified': new Date(0).toUTCString(),
  };
  if (request.method === 'HEAD') {
    response.writeHead(200, { ...fields, 'content-length': objectBytes }).end();
    return;
  }
  const range = rangeOf(request.headers.range, objectBytes);
  if (!range) {
    response.writeHead(416, { 'content-range': `bytes */${objectBytes}`, 'content-length': 0 }).end();
    return;
  }
  const [start, end] = range;
  const isPart = request.headers.range !== undefined;
  response.writeHead(isPart ? 206 : 200, {
    ...fields,
    'content-length': end - start,
    ...(isPart && { 'content-range': `bytes ${start}-${end - 1}/${objectBytes}` }),
  });
  await send(response, range, manners.storeBytesPerSecond);
}

/** Half-open; `undefined` for what cannot be satisfied. */
function rangeOf(field: string | undefined, length: number): readonly [number, number] | undefined {
  if (field === undefined) return [0, length];
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(field) ?? [];
  if (first === '') return undefined;
  const end = last === '' ? length : Math.min(Number(last) + 1, length);
  return Number(first) < end ? [Number(first), end] : undefined;
}

async function send(
  response: ServerResponse,
  [start, end]: readonly [number, number],
  bytesPerSecond: number,
): Promise<void> {
  const startedAt = performance.now();
  for (let at = start; at < end && !response.destroyed;) {
    const piece = patternAt(at, Math.min(pieceBytes, end - at));
    at += piece.length;
    // Whether the other end is gone is seen before the next piece.
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    const aheadMs = ((at - start) / bytesPerSecond) * 1000 - (performance.now() - startedAt);
    if (aheadMs > restMs) await sleep(aheadMs);
  }
  response.end();
}
