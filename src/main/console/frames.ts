/**
 * Frames: the present instant as the console draws it. All consoles share one clock; what they have in common is
 * built once a tick, when the first of them asks. Nothing is built while nobody looks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TieredCache } from '#main/cache/tiered.ts';
import type { Admission } from '#main/flow/admission.ts';
import type { Budget } from '#main/flow/budget.ts';
import { MemorySampler } from '#main/telemetry/memory-sampler.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import type { TransferBoard } from '#main/transfer/board.ts';
import { frameIntervalMs, maxLanes, maxRequestsPerFrame } from '#shared/contract.ts';
import type { Frame, Lane, Memory } from '#shared/model.ts';

export interface FrameSources {
  readonly budget: Budget;
  readonly admission: Admission;
  readonly board: TransferBoard;
  readonly requests: RequestLog;
  readonly cache: TieredCache;
}

interface Instant {
  readonly at: number;
  readonly memory: Memory;
  readonly lanes: readonly Lane[];
  readonly lanesHidden: number;
}

export class Frames {
  readonly #sources: FrameSources;
  readonly #sampler = new MemorySampler();
  #instant: Instant | undefined;

  constructor(sources: FrameSources) {
    this.#sources = sources;
  }

  /** The frame at the next tick, with the requests since `cursor`. @throws the signal's reason */
  async next(cursor: number, signal: AbortSignal | undefined): Promise<Frame> {
    await sleep(frameIntervalMs - (Date.now() % frameIntervalMs), undefined, {
      ...(signal ? { signal } : {}),
      ref: false,
    });
    const { requests, cache } = this.#sources;
    const { at, memory, lanes, lanesHidden } = this.#now();
    const page = requests.read(cursor, maxRequestsPerFrame);
    return {
      at,
      memory,
      lanes: [...lanes],
      lanesHidden,
      requests: [...page.requests],
      cursor: page.cursor,
      missed: page.missed,
      totals: { requests: requests.total, sentBytes: requests.sentBytes, storeBytes: cache.storeBytes },
    };
  }

  #now(): Instant {
    const now = Date.now();
    const tick = Math.floor(now / frameIntervalMs);
    if (this.#instant && Math.floor(this.#instant.at / frameIntervalMs) === tick) return this.#instant;
    const transfers = [...this.#sources.board.transfers()];
    const lanes = transfers.slice(0, maxLanes).map((transfer) => transfer.lane);
    this.#instant = { at: now, memory: this.#memory(), lanes, lanesHidden: transfers.length - lanes.length };
    return this.#instant;
  }

  #memory(): Memory {
    const { budget, admission } = this.#sources;
    const { ledger } = budget;
    return {
      budgetBytes: budget.plan.budgetBytes,
      ledgerBytes: ledger.totalBytes,
      peakBytes: ledger.peak.bytes,
      peakAt: ledger.peak.at,
      byState: ledger.byState,
      ...this.#sampler.sample(),
      transfers: admission.admitted,
      maxTransfers: admission.capacity,
      waiting: admission.waiting + budget.waiting,
      withinBudgetSince: ledger.withinBudgetSince,
    };
  }
}
