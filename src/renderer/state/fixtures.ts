/** Records for tests: a quiet server, with what a test is about on top. */
import type { Frame, Lane, Memory, Slot } from '#shared/model.ts';

const emptyStates: Memory['byState'] = {
  spare: 0,
  cached: 0,
  upload: 0,
  queued: 0,
  waiting: 0,
  receiving: 0,
  held: 0,
  draining: 0,
  retry: 0,
  failed: 0,
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
    window: 8,
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
    lanes: [],
    lanesHidden: 0,
    requests: [],
    cursor: 0,
    missed: 0,
    totals: { requests: 0, sentBytes: 0, storeBytes: 0 },
    ...more,
  };
}
