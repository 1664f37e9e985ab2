/**
 * The fetcher of the incident, for comparison: for each request it reads the whole object with parallel ranged GETs
 * into memory, as fast as the origin gives it, whatever the client takes. Run as a program it listens on a free port
 * of loopback, fetches `{origin}{path}`, and prints `{"url":…}`.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const chunkBytes = 8 * 1024 * 1024;
const workers = 8;

const [, , origin = ''] = process.argv;

async function fetchChunk(url: string, start: number, end: number): Promise<Uint8Array> {
  const answer = await fetch(url, { headers: { range: `bytes=${start}-${end - 1}` } });
  return new Uint8Array(await answer.arrayBuffer());
}

async function serve(path: string, response: ServerResponse): Promise<void> {
  const url = `${origin}${path}`;
  const head = await fetch(url, { method: 'HEAD' });
  const length = Number(head.headers.get('content-length'));
  const count = Math.ceil(length / chunkBytes);
  // Each worker fetches every eighth chunk, one after the other; nothing waits for the client.
  const chunks: Promise<Uint8Array>[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = index * chunkBytes;
    const end = Math.min(start + chunkBytes, length);
    const chunk = (chunks[index - workers] ?? Promise.resolve()).then(() => fetchChunk(url, start, end));
    // Whoever comes to a chunk that failed has the error; until then it is nobody's.
    chunk.catch(() => undefined);
    chunks.push(chunk);
  }
  response.writeHead(200, { 'content-length': length });
  for (const chunk of chunks) {
    const bytes = await chunk;
    await new Promise((resolve) => response.write(bytes, resolve));
  }
  response.end();
}

const server = createServer((request, response) => {
  serve(request.url ?? '/', response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
});
