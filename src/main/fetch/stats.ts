/** What the fetch level can tell about itself: counters that only grow, and a picture of the present. */
import type { ErrorCode } from '#shared/errors.ts';
import type { ConcurrencyReading } from './concurrency.ts';
import type { Urgency } from './fetch.ts';
import { Histogram, type HistogramReading } from '#main/telemetry/histogram.ts';
import type { Stall } from './stall.ts';

export type FetchPhase = 'queued' | 'waiting' | 'receiving' | 'backing off';

/** One fetch that is not over. */
export interface FetchReading {
  readonly key: string;
  /** Half-open, in the object. */
  readonly start: number;
  readonly end: number;
  readonly urgency: Urgency;
  readonly phase: FetchPhase;
  /** Requests so far, hedges not counted. */
  readonly attempt: number;
  /** The same is asked twice at present. */
  readonly isHedged: boolean;
  readonly ageMs: number;
  readonly receivedBytes: number;
}

export type HedgeEvent = 'launched' | 'won' | 'lost' | 'refused';

export interface FetchStats {
  /** Requests whose answer is awaited or coming in, hedges included. */
  readonly activeRequests: number;
  readonly permits: {
    readonly limit: number;
    readonly inUse: number;
    readonly waiting: Readonly<Record<Urgency, number>>;
  };
  readonly concurrency: ConcurrencyReading;
  /** Since the start: requests, hedges not counted. */
  readonly attempts: number;
  /** Since the start: retries by the code of what went wrong before. */
  readonly retries: ReadonlyMap<ErrorCode, number>;
  /** Since the start: requests given up, by reason. */
  readonly stalls: Readonly<Record<Stall, number>>;
  /** Since the start. `lost`: the other request was first. `refused`: it would have been time for one. */
  readonly hedges: Readonly<Record<HedgeEvent, number>>;
  /** Since the start: bytes that fetches have received, each once. */
  readonly receivedBytes: number;
  /** Since the start: last pieces of bodies that did not end as they should; they were asked for again. */
  readonly discardedBytes: number;
  /** Of 500. */
  readonly retryQuotaLeft: number;
  /** From asking to the head of an answer; undefined until there are 20. */
  readonly firstByteMs: {
    readonly p50: number | undefined;
    readonly p95: number | undefined;
    readonly p99: number | undefined;
  };
  /** Smoothed p90 of a whole fetch, waiting included. */
  readonly typicalMs: number;
  /** Bounds: durationBoundsSeconds. */
  readonly histograms: Readonly<Record<'connectionWait' | 'firstByte' | 'fetch', HistogramReading>>;
  /** In the order they were started. */
  readonly fetches: readonly FetchReading[];
}

/** The part of the statistics that is counted as it happens. */
export class FetchCounters {
  readonly retries = new Map<ErrorCode, number>();
  readonly stalls: Record<Stall, number> = { 'first byte': 0, idle: 0, slow: 0, 'too long': 0 };
  readonly hedges: Record<HedgeEvent, number> = { launched: 0, won: 0, lost: 0, refused: 0 };
  readonly connectionWait = new Histogram();
  readonly firstByte = new Histogram();
  readonly fetch = new Histogram();
  activeRequests = 0;
  attempts = 0;
  failures = 0;
  receivedBytes = 0;
  discardedBytes = 0;

  retried(code: ErrorCode): void {
    this.retries.set(code, (this.retries.get(code) ?? 0) + 1);
  }
}
