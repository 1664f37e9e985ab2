/** Looks at the server once a second while it is under load. */
import { setTimeout as sleep } from 'node:timers/promises';
import { figuresOf, type Server } from '../processes.ts';
import { scrape } from './metrics.ts';

export interface Sample {
  readonly seconds: number;
  readonly rssBytes: number;
  readonly ledgerBytes: number;
  readonly unaccountedBytes: number;
  readonly heapBytes: number;
}

const everyMs = 1000;

/** A sample now, and one a second until the signal. */
export async function watch(server: Server, signal: AbortSignal): Promise<readonly Sample[]> {
  const startedAt = performance.now();
  const samples: Sample[] = [];
  do {
    const now = await scrape(server.url);
    samples.push({
      seconds: (performance.now() - startedAt) / 1000,
      rssBytes: (await figuresOf(server.pid)).rssBytes,
      ledgerBytes: now.sum('ledgerBytes'),
      unaccountedBytes: now.sum('unaccounted'),
      heapBytes: now.total('nodejs_heap_size_total_bytes'),
    });
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  } while (!signal.aborted);
  return samples;
}

/** Bytes a minute, by least squares. 0 for fewer than two samples. */
export function rssSlope(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanMinutes = mean(samples.map(({ seconds }) => seconds / 60));
  const meanBytes = mean(samples.map(({ rssBytes }) => rssBytes));
  let [covariance, variance] = [0, 0];
  for (const { seconds, rssBytes } of samples) {
    const minutes = seconds / 60 - meanMinutes;
    covariance += minutes * (rssBytes - meanBytes);
    variance += minutes * minutes;
  }
  return variance === 0 ? 0 : covariance / variance;
}
