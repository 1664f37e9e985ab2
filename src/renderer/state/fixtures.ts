/** Records for tests: a quiet server, with what a test is about on top. */
import type { EngineReading } from '#shared/engine-model.ts';
import type { Frame, Lane, Memory, Slot } from '#shared/model.ts';
import type { PoolState } from '#shared/vocabulary/live.ts';

const emptyStates: Memory['byState'] = {
  spare: 0,
  cached: 0,
  upload: 0,
  bounce: 0,
  connection: 0,
  queued: 0,
  waiting: 0,
  receiving: 0,
  held: 0,
  draining: 0,
  retry: 0,
  failed: 0,
};

const emptyPool: Readonly<Record<PoolState, number>> = {
  free: 1000,
  queued: 0,
  filled: 0,
  unfilled: 0,
  needed: 0,
  ahead: 0,
  cached: 0,
  pinned: 0,
  zombie: 0,
  small: 0,
  bounce: 0,
  upload: 0,
  connection: 0,
};

const noSlabs = { slabBytes: 1, total: 0, allocated: 0, pinned: 0, pinLimit: 0 };

const quietEngine: EngineReading = {
  slabs: { chunks: noSlabs, small: noSlabs },
  store: {
    limit: 4,
    ceiling: 64,
    phase: 'steady',
    levels: [],
    active: 0,
    waiting: { small: 0, demand: 0, ahead: 0 },
    fetches: [],
    fetchesHidden: 0,
    attempts: 0,
    retries: {},
    retryQuotaLeft: 500,
    hedges: { launched: 0, won: 0, lost: 0, refused: 0 },
    stalls: { 'first byte': 0, idle: 0, slow: 0, 'too long': 0 },
  },
  coalesced: { reads: 0, bytes: 0 },
  evictions: { cached: 0, ahead: 0, current: 0, filling: 0 },
  againBytes: 0,
  unreadBytes: { evicted: 0, aborted: 0, failed: 0 },
  verified: { right: 0, wrong: 0 },
  gone: { revisions: 0, transfers: 0 },
  refused: 0,
  idleClients: 0,
  slabWaitMs: {},
  fairness: 1,
};

export function memoryRecord(
  more: Partial<Omit<Memory, 'byState'>> & { byState?: Partial<Memory['byState']> },
): Memory {
  return {
    budgetBytes: 1000,
    ledgerBytes: 0,
    peakBytes: 0,
    peakAt: 0,
    transfers: 0,
    maxTransfers: 8,
    waiting: 0,
    withinBudgetSince: 0,
    pool: emptyPool,
    ...more,
    byState: { ...emptyStates, ...more.byState },
  };
}

export function slotRecord(state: Slot['state']): Slot {
  return { start: 0, bytes: 100, state, filledBytes: 0, sentBytes: 0, attempt: 1, ageMs: 0 };
}

export function laneRecord(id: number, more: Partial<Lane> = {}): Lane {
  return {
    id,
    object: `object-${id}`,
    client: '10.0.0.1',
    totalBytes: 800,
    sentBytes: 0,
    objectBytes: 800,
    rangeStart: 0,
    rangeEnd: 800,
    position: 0,
    window: 8,
    windowLimit: 8,
    drainBytesPerSecond: 0,
    blockedMs: 0,
    starvedShare: 0,
    mode: 'zero-copy',
    isWaitingForMemory: false,
    heldBytes: 0,
    inBytesPerSecond: 0,
    outBytesPerSecond: 0,
    startedAt: 0,
    diagnosis: 'healthy',
    slots: [],
    ...more,
  };
}

export function frameRecord(at: number, more: Partial<Frame> = {}): Frame {
  return {
    at,
    memory: memoryRecord({}),
    engine: quietEngine,
    lanes: [],
    lanesHidden: 0,
    requests: [],
    cursor: 0,
    missed: 0,
    totals: { requests: 0, sentBytes: 0, storeBytes: 0 },
    ...more,
  };
}
