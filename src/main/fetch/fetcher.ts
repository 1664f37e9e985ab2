/**
 * The fetch level of one store: every byte that is read from it for a transfer comes through here.
 *
 *     start ─ permit ─ request ─┬─ answer ─ body ─ done
 *       (permits, concurrency)  │ (hedging)   │ (stall)
 *                               └─ back off ──┘ (retry-policy, retry-quota): again from the watermark
 *
 * Nothing runs when nothing is in flight: no timer, no listener.
 */
import type { ByteRange } from '#shared/range.ts';
import { FetchContext, type FetcherOptions } from './context.ts';
import { HeldDiscovery } from './discovered.ts';
import { discover } from './discovery-run.ts';
import { FetchRun } from './fetch-run.ts';
import type { Discovered, Fetch, FetchJob } from './fetch.ts';
import type { FetchStats } from './stats.ts';

export class Fetcher {
  readonly #context: FetchContext;
  readonly #runs = new Set<FetchRun>();

  constructor(options: FetcherOptions) {
    this.#context = new FetchContext(options);
  }

  /** Begins a fetch; its events come later than this returns. */
  start(job: FetchJob): Fetch {
    const taken = job.discovered instanceof HeldDiscovery ? job.discovered.take(job.range) : undefined;
    if (!taken) job.discovered?.[Symbol.dispose]();
    const run = new FetchRun(this.#context, job, taken, (over) => this.#runs.delete(over));
    this.#runs.add(run);
    return run;
  }

  /**
   * A first look at an object, with the bytes of `wanted` where the store can send them along. Up to 256 KiB it is as
   * urgent as a small read. `undefined` when there is no object. The signal counts until this has settled; what it
   * resolves to is given to `start` or disposed.
   * @throws SluiceError ABORTED; what the store's last answer was
   */
  discover(key: string, wanted: ByteRange, signal: AbortSignal): Promise<Discovered | undefined> {
    return discover(this.#context, { key, range: wanted }, signal);
  }

  /** How long a window must reckon with for a chunk, from wanting it to having it: a smoothed p90; 0 at first. */
  get latencyMs(): number {
    return this.#context.latency.typicalMs;
  }

  /** As many fetches wait for a permit as there are permits: more of them would only hold memory. */
  get isSaturated(): boolean {
    const { permits } = this.#context;
    const { small, demand, ahead } = permits.waiting;
    return small + demand + ahead >= permits.limit;
  }

  /** A picture of the present. */
  get stats(): FetchStats {
    const { clock, concurrency, counters, latency, permits, quota } = this.#context;
    const { activeRequests, attempts, discardedBytes, receivedBytes } = counters;
    return {
      activeRequests,
      permits: { limit: permits.limit, inUse: permits.inUse, waiting: permits.waiting },
      concurrency: concurrency.reading(clock.now()),
      attempts,
      retries: new Map(counters.retries),
      stalls: { ...counters.stalls },
      hedges: { ...counters.hedges },
      receivedBytes,
      discardedBytes,
      retryQuotaLeft: quota.left,
      firstByteMs: {
        p50: latency.firstByteMs.at(0.5),
        p95: latency.firstByteMs.at(0.95),
        p99: latency.firstByteMs.at(0.99),
      },
      typicalMs: latency.typicalMs,
      histograms: {
        connectionWait: counters.connectionWait.reading,
        firstByte: counters.firstByte.reading,
        fetch: counters.fetch.reading,
      },
      fetches: [...this.#runs].map((run) => run.reading),
    };
  }
}
