/** Where the figures of /metrics come from: each is read from the part that owns it when somebody scrapes. */
import type { TieredCache } from '#main/cache/tiered.ts';
import type { Admission } from '#main/flow/admission.ts';
import type { Budget } from '#main/flow/budget.ts';
import type { Readings } from '#main/telemetry/metrics.ts';
import type { RequestLog } from '#main/telemetry/request-log.ts';
import type { TransferBoard } from '#main/transfer/board.ts';

export interface ReadingSources {
  readonly budget: Budget;
  readonly admission: Admission;
  readonly board: TransferBoard;
  readonly requests: RequestLog;
  readonly cache: TieredCache;
}

const tierEvents = ['hits', 'misses', 'fills', 'fillsSkipped', 'evictions', 'faults'] as const;

export function readings({ budget, admission, board, requests, cache }: ReadingSources): Readings {
  const one = (value: number) => [{ value }];
  return {
    budgetBytes: () => one(budget.plan.budgetBytes),
    ledgerBytes: () =>
      Object.entries(budget.ledger.byState).map(([state, value]) => ({ value, labels: { state } })),
    ledgerPeakBytes: () => one(budget.ledger.peak.bytes),
    transfers: () => one(admission.admitted),
    transfersMax: () => one(admission.capacity),
    waiting: () => [
      { value: admission.waiting, labels: { for: 'admission' } },
      { value: budget.waiting, labels: { for: 'chunk' } },
    ],
    tokens: () => one([...board.transfers()].reduce((sum, { info }) => sum + info.window.tokens.size, 0)),
    requests: () =>
      [...requests.counts()].map(([key, value]) => {
        const [method = '', status = ''] = key.split(' ');
        return { value, labels: { method, status } };
      }),
    sentBytes: () => one(requests.sentBytes),
    storeBytes: () => one(cache.storeBytes),
    coalesced: () => one(cache.joined),
    tierBytes: () => cache.stats().map((tier) => ({ value: tier.bytes, labels: { tier: tier.name } })),
    tierEvents: () =>
      cache
        .stats()
        .flatMap((tier) =>
          tierEvents.map((event) => ({ value: tier[event], labels: { tier: tier.name, event } })),
        ),
  };
}
