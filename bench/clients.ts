/** Clients of a given speed: they leave the socket alone when they are ahead, as a slow link would. */
import { createHash } from 'node:crypto';
import { Agent, get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ByteRange } from '#shared/range.ts';

export interface ClientResult {
  readonly sha256: string;
  readonly bytes: number;
}

/** Reads `url` at `bytesPerSecond` and hashes what comes; ends early, with what it has, when `signal` says so. */
export async function slowClient(
  url: string,
  bytesPerSecond: number,
  signal: AbortSignal,
): Promise<ClientResult> {
  const request = get(url, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  const hash = createHash('sha256');
  const startedAt = performance.now();
  let bytes = 0;
  signal.addEventListener('abort', () => response.destroy(), { once: true });
  try {
    for await (const data of response) {
      const piece = data as Buffer;
      hash.update(piece);
      bytes += piece.length;
      const aheadMs = (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt);
      if (aheadMs > 5) await sleep(aheadMs, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Asks for `url`, reads the head of the answer, and nothing more until it is disposed of. */
export async function stalledClient(url: string): Promise<Disposable> {
  const request = get(url, { agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
  // A server that gives up on us breaks the connection: no fault of ours.
  response.on('error', () => undefined);
  return { [Symbol.dispose]: () => response.destroy() };
}

export interface PacedReads {
  readonly url: string;
  readonly objectBytes: number;
  readonly readBytes: number;
  readonly readsPerSecond: number;
  readonly count: number;
}

/**
 * Reads of `readBytes` at random places, begun at a steady pace whether or not the earlier ones have ended. Gives the
 * milliseconds from when each was due to its last byte.
 */
export async function pacedReads(plan: PacedReads): Promise<readonly number[]> {
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  const reads: Promise<number>[] = [];
  for (let index = 0; index < plan.count; index += 1) {
    const dueAt = startedAt + (index * 1000) / plan.readsPerSecond;
    await sleep(Math.max(0, dueAt - performance.now()));
    const start = Math.floor(Math.random() * (plan.objectBytes / plan.readBytes)) * plan.readBytes;
    reads.push(
      timeRead(plan.url, { start, end: start + plan.readBytes }, agent).then((it) => it.endedAt - dueAt),
    );
  }
  const latencies = await Promise.all(reads);
  agent.destroy();
  return latencies;
}

export interface TimedRead {
  /** Times of `performance.now`. */
  readonly firstByteAt: number;
  readonly endedAt: number;
}

/** One range, checked for its length. */
export async function timeRead(url: string, range: ByteRange, agent: Agent): Promise<TimedRead> {
  const request = get(url, { agent, headers: { range: `bytes=${range.start}-${range.end - 1}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let bytes = 0;
  let firstByteAt = 0;
  for await (const data of response) {
    firstByteAt ||= performance.now();
    bytes += (data as Buffer).length;
  }
  if (response.statusCode !== 206 || bytes !== range.end - range.start)
    throw new Error(`${url} answered ${response.statusCode} with ${bytes} bytes`);
  return { firstByteAt, endedAt: performance.now() };
}
