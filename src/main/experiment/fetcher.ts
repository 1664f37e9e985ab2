/**
 * The two fetchers that Sluice is compared with. For each reader both fetch a whole object in chunks with parallel
 * ranged GETs, straight into one buffer a chunk:
 *
 *   unbounded  nothing waits for the reader: as fast as the store gives it, all of it is in memory (the incident)
 *   windowed   at most 2 × workers chunks are in memory or on their way (the first fix); their number still grows
 *              with the readers
 */
import { Agent, createServer, get, type IncomingMessage, request, type Server } from 'node:http';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { BodyAccount } from './body-account.ts';

export interface FetcherManners {
  /** `http://127.0.0.1:PORT`: what is asked for here is fetched there under the same path. */
  readonly origin: string;
  readonly chunkBytes: number;
  /** Requests at a time, for each reader. */
  readonly workers: number;
  /** Chunks in memory or on their way, for each reader; `undefined` for no bound. */
  readonly window?: number | undefined;
}

/** The server, not listening yet, and the account of the bodies that it has. */
export function createFetcher(manners: FetcherManners): {
  readonly server: Server;
  readonly account: BodyAccount;
} {
  const account = new BodyAccount();
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, response) => {
    serve(incoming.url ?? '/', response, { manners, account, agent }).catch(() => response.destroy());
  });
  return { server, account };
}

interface Means {
  readonly manners: FetcherManners;
  readonly account: BodyAccount;
  readonly agent: Agent;
}

async function serve(path: string, response: ServerResponse, means: Means): Promise<void> {
  const { origin, chunkBytes, workers, window = Number.POSITIVE_INFINITY } = means.manners;
  const url = `${origin}${path}`;
  const length = await lengthOf(url, means.agent);
  const count = Math.ceil(length / chunkBytes);
  const chunks: Promise<Buffer | undefined>[] = [];
  const isGone = (): boolean => response.destroyed;
  const begin = (): void => {
    const index = chunks.length;
    const start = index * chunkBytes;
    const wanted = Math.min(chunkBytes, length - start);
    // A worker takes the chunk after its last one; what is not wanted any more is not fetched.
    const before = chunks[index - workers] ?? Promise.resolve();
    const chunk = before.then(() => (isGone() ? undefined : fetchChunk(url, start, wanted, means)));
    // Whoever comes to a chunk that failed has the error; until then it is nobody's.
    chunk.catch(() => undefined);
    chunks.push(chunk);
  };
  response.writeHead(200, { 'content-length': length });
  let written = 0;
  try {
    for (; written < count && !isGone(); written += 1) {
      while (chunks.length < Math.min(count, written + window)) begin();
      const bytes = await takeChunk(chunks, written);
      if (!bytes) break;
      await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
      means.account.give(bytes.length);
    }
  } finally {
    for (const rest of chunks.slice(written)) {
      void rest.then((bytes) => means.account.give(bytes?.length ?? 0)).catch(() => undefined);
    }
  }
  response.end();
}

/** The chunk, which from now on is held by nobody but the caller. */
async function takeChunk(chunks: Promise<Buffer | undefined>[], index: number): Promise<Buffer | undefined> {
  const bytes = await chunks[index];
  chunks[index] = Promise.resolve(undefined);
  return bytes;
}

async function lengthOf(url: string, agent: Agent): Promise<number> {
  const asking = request(url, { method: 'HEAD', agent });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  answer.resume();
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}`);
  return Number(answer.headers['content-length']);
}

async function fetchChunk(
  url: string,
  start: number,
  length: number,
  { account, agent }: Means,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  account.take(length);
  try {
    const asking = get(url, { agent, headers: { range: `bytes=${start}-${start + length - 1}` } });
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    if (answer.statusCode !== 206) throw new Error(`${url} answered ${answer.statusCode}`);
    let filled = 0;
    for await (const piece of answer as AsyncIterable<Buffer>) filled += piece.copy(bytes, filled);
    if (filled !== length) throw new Error(`${url} broke off after ${filled} of ${length} bytes`);
    return bytes;
  } catch (error) {
    account.give(length);
    throw error;
  }
}
