/**
 * Frames: the present instant as the console draws it. All consoles share one clock; what they have in common is
 * built once a tick, when the first of them, or the recorder, asks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EffectiveMemory } from '#main/config/effective-memory.ts';
import type { GarbageCollection } from '#main/telemetry/garbage-collection.ts';
import { MemorySampler, type RuntimeMemory } from '#main/telemetry/memory-sampler.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import { pictureOf } from '#main/transfer/picture.ts';
import { frameIntervalMs, maxLanes, maxRequestsPerFrame } from '#shared/contract/live.ts';
import { SluiceError } from '#shared/errors.ts';
import type { Frame, Memory } from '#shared/model.ts';
import { type EngineSources, readEngine } from './engine-reading.ts';

export interface FrameSources extends EngineSources {
  readonly requests: RequestLog;
  readonly garbage: GarbageCollection;
  readonly memoryLimit: EffectiveMemory;
}

/** Made once: nobody looks at its stack. */
const disconnected = new SluiceError('ABORTED', 'an operator disconnected the client');

/** What all consoles have in common. */
type Instant = Pick<Frame, 'at' | 'memory' | 'engine' | 'lanes' | 'lanesHidden'>;

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
    return this.at(cursor);
  }

  /** This tick's frame, with the requests since `cursor`. */
  at(cursor: number): Frame {
    const { requests, engine } = this.#sources;
    const page = requests.read(cursor, maxRequestsPerFrame);
    return {
      ...this.#now(),
      requests: [...page.requests],
      cursor: page.cursor,
      missed: page.missed,
      totals: {
        requests: requests.total,
        sentBytes: requests.sentBytes,
        storeBytes: engine.pool.counters.waste.fetchedBytes,
      },
    };
  }

  /** Breaks the transfer of a lane off; whoever sends it closes its connection. False when it is over already. */
  disconnect(lane: number): boolean {
    return this.#sources.engine.transfers.breakOff(lane, disconnected);
  }

  #now(): Instant {
    const now = Date.now();
    const tick = Math.floor(now / frameIntervalMs);
    if (this.#instant && Math.floor(this.#instant.at / frameIntervalMs) === tick) return this.#instant;
    const { board, engine } = this.#sources;
    const lanes = [...board.lanes(maxLanes)];
    const runtime = this.#sampler.sample();
    this.#instant = {
      at: now,
      memory: this.#memory(runtime),
      engine: readEngine(this.#sources, runtime),
      lanes,
      lanesHidden: engine.transfers.size - lanes.length,
    };
    return this.#instant;
  }

  #memory(runtime: RuntimeMemory): Memory {
    const { engine, admission, garbage, memoryLimit } = this.#sources;
    const { budget, transfers } = engine;
    const { ledger } = budget;
    return {
      budgetBytes: budget.plan.budgetBytes,
      ledgerBytes: ledger.totalBytes,
      peakBytes: ledger.peak.bytes,
      peakAt: ledger.peak.at,
      byState: ledger.byState,
      pool: pictureOf(engine),
      rssBytes: runtime.rssBytes,
      heapUsedBytes: runtime.heapUsedBytes,
      heapTotalBytes: runtime.heapTotalBytes,
      externalBytes: Math.max(0, runtime.externalBytes - budget.privateBytes),
      limitBytes: memoryLimit.bytes,
      limitSource: memoryLimit.source,
      gc: garbage.total,
      transfers: admission.admitted,
      maxTransfers: admission.capacity,
      waiting: admission.waiting + transfers.waiting('chunks') + transfers.waiting('small'),
      withinBudgetSince: ledger.withinBudgetSince,
    };
  }
}
