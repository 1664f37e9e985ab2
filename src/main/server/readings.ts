/** Where the figures of /metrics come from: each is read from the part that owns it when somebody scrapes. */
import type { FetchStats } from '#main/fetch/stats.ts';
import type { Admission } from '#main/flow/admission.ts';
import { kernelTcpPages } from '#main/telemetry/kernel-sockets.ts';
import type { LoopDelay } from '#main/telemetry/loop-delay.ts';
import type { Reading, Readings } from '#main/telemetry/metrics.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import type { TransferBoard } from '#main/transfer/board.ts';
import type { Engine } from '#main/transfer/engine.ts';
import { pictureOf } from '#main/transfer/picture.ts';

export interface ReadingSources {
  readonly engine: Engine;
  readonly admission: Admission;
  readonly board: TransferBoard;
  readonly requests: RequestLog;
  readonly loopDelay: LoopDelay;
}

const tierEvents = ['hits', 'misses', 'fills', 'fillsSkipped', 'evictions', 'faults'] as const;

export function readings(sources: ReadingSources): Readings {
  const { engine } = sources;
  return {
    ...doorReadings(sources),
    ...memoryReadings(engine),
    ...storeReadings(() => engine.fetcher.stats),
    ...clientReadings(sources),
    ...processReadings(sources),
  };
}

function doorReadings({ admission, engine, requests }: ReadingSources) {
  const { transfers } = engine;
  return {
    transfers: () => one(admission.admitted),
    transfersMax: () => one(admission.capacity),
    refused: () => one(admission.refused),
    waiting: () => [
      { value: admission.waiting, labels: { for: 'admission' } },
      { value: transfers.waiting('chunks'), labels: { for: 'chunk' } },
      { value: transfers.waiting('small'), labels: { for: 'small' } },
    ],
    requests: () =>
      [...requests.counts()].map(([key, value]) => {
        const [method = '', status = ''] = key.split(' ');
        return { value, labels: { method, status } };
      }),
    sentBytes: () => one(requests.sentBytes),
  };
}

function memoryReadings(engine: Engine) {
  const { budget, pool, transfers, backfill } = engine;
  const { counters } = pool;
  const { waste } = counters;
  return {
    budgetBytes: () => one(budget.plan.budgetBytes),
    ledgerBytes: () => labelled('state', budget.ledger.byState),
    ledgerPeakBytes: () => one(budget.ledger.peak.bytes),
    poolBytes: () => labelled('state', pictureOf(engine)),
    pins: () => labelled('slab', { chunks: pool.pins.chunks.taken, small: pool.pins.small.taken }),
    pinLimit: () => labelled('slab', { chunks: pool.pins.chunks.limit, small: pool.pins.small.limit }),
    slabWait: () => [
      { value: transfers.measures.demandWait.reading, labels: { lane: 'demand' } },
      { value: transfers.measures.aheadWait.reading, labels: { lane: 'ahead' } },
    ],
    evictions: () => labelled('class', counters.evictions),
    storeBytes: () => one(waste.fetchedBytes),
    fetchedBytes: () => labelled('time', { first: waste.firstBytes, again: waste.againBytes }),
    fateBytes: () => labelled('fate', { delivered: waste.deliveredBytes, ...waste.unreadBytes }),
    coalesced: () => one(counters.joins),
    coalescedBytes: () => one(counters.joinedBytes),
    proofs: () => labelled('verdict', engine.verifier.counts),
    backfill: () => one(backfill?.pending ?? 0),
    backfillSkipped: () => one(backfill?.skipped ?? 0),
    tierBytes: () => engine.tiers().map((tier) => ({ value: tier.bytes, labels: { tier: tier.name } })),
    tierEvents: () =>
      engine
        .tiers()
        .flatMap((tier) =>
          tierEvents.map((event) => ({ value: tier[event], labels: { tier: tier.name, event } })),
        ),
  };
}

function storeReadings(stats: () => FetchStats) {
  return {
    storeRequestLimit: () => one(stats().permits.limit),
    storeRequestsActive: () => one(stats().activeRequests),
    storeQueue: () => labelled('lane', stats().permits.waiting),
    storeAttempts: () => one(stats().attempts),
    storeRetries: () => labelled('code', Object.fromEntries(stats().retries)),
    storeStalls: () => labelled('reason', stats().stalls),
    hedges: () => labelled('event', stats().hedges),
    retryQuota: () => one(stats().retryQuotaLeft),
    permitWait: () => [{ value: stats().histograms.connectionWait }],
    storeFirstByte: () => [{ value: stats().histograms.firstByte }],
    fetchTime: () => [{ value: stats().histograms.fetch }],
  };
}

function clientReadings({ engine, board }: ReadingSources) {
  const { transfers } = engine;
  const { measures } = transfers;
  return {
    windows: () => one([...transfers].reduce((sum, { window }) => sum + window.size, 0)),
    diagnoses: () => labelled('diagnosis', Object.fromEntries(board.diagnoses())),
    fairness: () => one(board.fairness),
    clientFirstByte: () => [{ value: measures.firstByte.reading }],
    writeTime: () => [{ value: measures.write.reading }],
    revisions: () =>
      labelled('what', { revisions: measures.revisionsGone, transfers: measures.revisionAborts }),
    idleSends: () => one(measures.idleSends),
  };
}

function processReadings({ engine, loopDelay }: ReadingSources) {
  return {
    loopDelay: () => {
      const delay = loopDelay.sample();
      return delay
        ? labelled('quantile', {
            0.5: delay.p50Ms / 1000,
            0.99: delay.p99Ms / 1000,
            1: delay.maxMs / 1000,
          })
        : [];
    },
    kernelSockets: () => orNothing(kernelTcpPages()),
    // Electron does not count shared memory.
    unaccounted: () =>
      'electron' in process.versions
        ? []
        : one(process.memoryUsage().arrayBuffers - engine.budget.ledger.totalBytes),
  };
}

function one(value: number): Reading[] {
  return [{ value }];
}

function orNothing(value: number | undefined): Reading[] {
  return value === undefined ? [] : one(value);
}

function labelled(label: string, values: Readonly<Record<string, number>>): Reading[] {
  return Object.entries(values).map(([text, value]) => ({ value, labels: { [label]: text } }));
}
