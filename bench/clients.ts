/** Clients of a given speed: they leave the socket alone when they are ahead, as a slow link would. */
import { createHash } from 'node:crypto';
import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

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
