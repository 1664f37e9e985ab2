/** The engine's figures as a frame carries them: read from the parts that own them, and bounded. */
import type { Quantiles } from '#main/fetch/latency.ts';
import type { FetchReading, FetchStats } from '#main/fetch/stats.ts';
import type { Admission } from '#main/flow/admission.ts';
import type { Arena } from '#main/flow/arena.ts';
import type { Pins } from '#main/flow/pins.ts';
import { kernelTcpPages } from '#main/telemetry/kernel-sockets.ts';
import type { LoopDelay } from '#main/telemetry/loop-delay.ts';
import type { RuntimeMemory } from '#main/telemetry/memory-sampler.ts';
import type { TransferBoard } from '#main/transfer/board.ts';
import type { Engine } from '#main/transfer/engine.ts';
import {
  type EngineReading,
  maxFetches,
  maxKeyLength,
  maxLevels,
  type QuantilesMs,
} from '#shared/engine-model.ts';

export interface EngineSources {
  readonly engine: Engine;
  readonly admission: Admission;
  readonly board: TransferBoard;
  readonly loopDelay: LoopDelay;
}

/** The figures of this instant. `runtime` is a sample that may be half a second old. */
export function readEngine(sources: EngineSources, runtime: RuntimeMemory): EngineReading {
  const { engine, admission, board, loopDelay } = sources;
  const { budget, pool, fetcher, verifier, transfers } = engine;
  const { measures } = transfers;
  const { waste, joins, joinedBytes, evictions } = pool.counters;
  return {
    slabs: {
      chunks: slabsOf(budget.chunks, pool.pins.chunks),
      small: slabsOf(budget.small, pool.pins.small),
    },
    store: storeOf(fetcher.stats),
    coalesced: { reads: joins, bytes: joinedBytes },
    evictions: { ...evictions },
    againBytes: waste.againBytes,
    unreadBytes: { ...waste.unreadBytes },
    verified: { ...verifier.counts },
    gone: { revisions: measures.revisionsGone, transfers: measures.revisionAborts },
    refused: admission.refused,
    idleClients: measures.idleSends,
    slabWaitMs: {
      ...given('demand', quantilesOf(measures.demandWait.recentMs)),
      ...given('ahead', quantilesOf(measures.aheadWait.recentMs)),
    },
    ...given('clientFirstByteMs', quantilesOf(measures.firstByte.recentMs)),
    ...given('loopDelayMs', delayOf(loopDelay)),
    ...given('kernelTcpPages', kernelTcpPages()),
    fairness: board.fairness,
    ...given('unaccountedBytes', beyond(budget.ledger.totalBytes, runtime)),
  };
}

function slabsOf({ plan, allocatedBytes }: Arena, pins: Pins) {
  return {
    slabBytes: plan.slabBytes,
    total: plan.slabs,
    allocated: allocatedBytes / plan.slabBytes,
    pinned: pins.taken,
    pinLimit: pins.limit,
  };
}

function storeOf(stats: FetchStats): EngineReading['store'] {
  const { permits, concurrency, fetches, firstByteMs } = stats;
  const levels = [...concurrency.bytesPerSecond]
    .map(([limit, bytesPerSecond]) => ({ limit, bytesPerSecond }))
    .toSorted((a, b) => a.limit - b.limit);
  return {
    limit: permits.limit,
    ceiling: concurrency.ceiling,
    phase: concurrency.phase,
    levels: levels.slice(0, maxLevels),
    active: stats.activeRequests,
    waiting: { ...permits.waiting },
    fetches: fetches.slice(0, maxFetches).map(fetchOf),
    fetchesHidden: Math.max(0, fetches.length - maxFetches),
    attempts: stats.attempts,
    retries: Object.fromEntries(stats.retries),
    retryQuotaLeft: stats.retryQuotaLeft,
    hedges: { ...stats.hedges },
    stalls: { ...stats.stalls },
    ...given('firstByteMs', complete(firstByteMs)),
  };
}

function fetchOf({ key, urgency, ...rest }: FetchReading): EngineReading['store']['fetches'][number] {
  const shown = key.length <= maxKeyLength ? key : `…${key.slice(1 - maxKeyLength)}`;
  return { ...rest, key: shown, lane: urgency };
}

function quantilesOf(quantiles: Quantiles): QuantilesMs | undefined {
  return complete({ p50: quantiles.at(0.5), p95: quantiles.at(0.95), p99: quantiles.at(0.99) });
}

function complete({ p50, p95, p99 }: FetchStats['firstByteMs']): QuantilesMs | undefined {
  if (p50 === undefined || p95 === undefined || p99 === undefined) return undefined;
  return { p50, p95, p99 };
}

function delayOf({ recent }: LoopDelay): EngineReading['loopDelayMs'] {
  return recent && { p50: recent.p50Ms, p99: recent.p99Ms, max: recent.maxMs };
}

function beyond(ledgerBytes: number, { arrayBufferBytes }: RuntimeMemory): number | undefined {
  return arrayBufferBytes === undefined ? undefined : arrayBufferBytes - ledgerBytes;
}

/** What is not known is left out. */
function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}
