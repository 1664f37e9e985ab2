/**
 * A stand-in for S3 that can serve more than the machine could store: objects `/{bucket}/{hh}/{hash}` of one length,
 * whose bytes are a block made from the key, repeated. It answers HeadObject and ranged, pinned GetObject the way S3
 * does; companions are 404. Used where a benchmark needs many gigabytes; the others use a real store.
 *
 * Run as a program it listens on a free port of loopback and prints `{"url":…}`.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const blockBytes = 1024 * 1024;

/** The repeating block of the object whose store key is `key`. */
export function blockOf(key: string): Buffer {
  const seed = createHash('sha256').update(key).digest();
  const block = Buffer.alloc(blockBytes);
  for (let offset = 0; offset < blockBytes; offset += seed.length) {
    seed.copy(block, offset);
    block.writeUInt32LE(offset, offset);
  }
  return block;
}

/** SHA-256 of the whole object. */
export function hashOf(key: string, length: number): string {
  const block = blockOf(key);
  const hash = createHash('sha256');
  for (let at = 0; at < length; at += blockBytes)
    hash.update(block.subarray(0, Math.min(blockBytes, length - at)));
  return hash.digest('hex');
}

function createOrigin(objectBytes: number): ReturnType<typeof createServer> {
  return createServer((request, response) => {
    const key = (request.url ?? '').split('?')[0]?.split('/').slice(2).join('/') ?? '';
    if (key.endsWith('.meta')) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${createHash('md5').update(key).digest('hex')}"`;
    const common = { etag, 'last-modified': new Date(0).toUTCString(), 'accept-ranges': 'bytes' };
    if (request.method === 'HEAD' || key === '') {
      response.writeHead(200, { ...common, 'content-length': key === '' ? 0 : objectBytes }).end();
      return;
    }
    void sendRange(request, response, { key, objectBytes, common });
  });
}

interface Source {
  readonly key: string;
  readonly objectBytes: number;
  readonly common: Readonly<Record<string, string>>;
}

async function sendRange(request: IncomingMessage, response: ServerResponse, source: Source): Promise<void> {
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first);
  const end = last === '' ? source.objectBytes : Math.min(Number(last) + 1, source.objectBytes);
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    ...source.common,
    'content-length': end - start,
    'content-range': `bytes ${start}-${end - 1}/${source.objectBytes}`,
  });
  const block = blockOf(source.key);
  for (let at = start; at < end && !response.destroyed;) {
    const offset = at % blockBytes;
    const bytes = block.subarray(offset, Math.min(blockBytes, offset + end - at));
    at += bytes.length;
    await new Promise((resolve) => response.write(bytes, resolve));
  }
  response.end();
}

if (import.meta.main) {
  const server = createOrigin(Number(process.argv[2]));
  // Longer than any pause of a busy client between two requests.
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
  });
}
