/** A client that reads on purpose no faster than it was told to: real HTTP, one connection, next to no memory. */
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How far it may be ahead of its pace before it rests, in milliseconds. */
const restMs = 40;

/**
 * Reads the answer to one GET of `url` at `bytesPerSecond` at most. Resolves at its end.
 * @throws what the connection fails with, also when `signal` aborts
 */
export async function readPaced(url: URL, bytesPerSecond: number, signal: AbortSignal): Promise<void> {
  const response = await answerOf(url, signal);
  const startedAt = performance.now();
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    const aheadMs = (bytes / bytesPerSecond) * 1000 - (performance.now() - startedAt);
    if (aheadMs > restMs) await sleep(aheadMs, undefined, { signal });
  }
}

function answerOf(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false, signal }, resolve).once('error', reject);
  });
}
