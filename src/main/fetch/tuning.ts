/** What can be adjusted about fetching: for tests, and for stores that need more patience. All times in milliseconds. */

export interface ConnectionLimits {
  readonly start: number;
  readonly min: number;
  /** The same as `min`: the number of connections is fixed. */
  readonly max: number;
  /** The most that are set aside for small reads, of at most a quarter; default four. */
  readonly forSmall?: number | undefined;
}

/** How long a request may keep us waiting. Silence is counted in beats (pulse.ts), so our own delays do not count. */
export interface StallLimits {
  /** The least and the most time for an answer to begin; between them it is twice the p99 of this store. */
  readonly firstByteMinMs: number;
  readonly firstByteMaxMs: number;
  /** Between two pieces of a body. */
  readonly idleMs: number;
  /** A body that somebody waits for is slow when it will take longer than this, and three times what others take. */
  readonly slowMs: number;
  /** A whole request: eight times what others take, but not less than this. */
  readonly requestMs: number;
}

export interface RetryLimits {
  /** Requests in a row that bring fewer than `progressBytes`. */
  readonly attempts: number;
  readonly progressBytes: number;
  /** No retry begins later than this after the first request. */
  readonly totalMs: number;
  /** The longest wait after the first failure; it doubles with each one up to the cap. */
  readonly backOffMs: number;
  readonly backOffCapMs: number;
}

export interface FetchTuning {
  /** Default: starts with 4, from 2 to 64. */
  readonly connections?: ConnectionLimits | undefined;
  /** Default: on. */
  readonly hedging?: 'on' | 'off' | undefined;
  /** Default: first byte 500 to 5000, idle 2000, slow 1000, request 10 000. */
  readonly stalls?: Partial<StallLimits> | undefined;
  /** Default: 5 attempts of 64 KiB in 60 s, waits from 50 to 5000. */
  readonly retries?: Partial<RetryLimits> | undefined;
}

export interface ResolvedTuning {
  readonly connections: ConnectionLimits;
  readonly hedging: 'on' | 'off';
  readonly stalls: StallLimits;
  readonly retries: RetryLimits;
}

export function resolveTuning(tuning: FetchTuning = {}): ResolvedTuning {
  return {
    connections: tuning.connections ?? { start: 4, min: 2, max: 64 },
    hedging: tuning.hedging ?? 'on',
    stalls: {
      firstByteMinMs: 500,
      firstByteMaxMs: 5000,
      idleMs: 2000,
      slowMs: 1000,
      requestMs: 10_000,
      ...tuning.stalls,
    },
    retries: {
      attempts: 5,
      progressBytes: 64 * 1024,
      totalMs: 60_000,
      backOffMs: 50,
      backOffCapMs: 5000,
      ...tuning.retries,
    },
  };
}
