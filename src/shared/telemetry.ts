/**
 * Every figure that Sluice publishes: its name in /metrics, its kind, its unit and what it says. The names are an
 * interface: they are documented in docs/operating.md and renamed only on purpose.
 */
export interface Metric {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly unit: 'bytes' | 'seconds' | 'count';
  readonly help: string;
  readonly labels?: readonly string[];
}

export const metrics = {
  budgetBytes: {
    name: 'sluice_memory_budget_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'The most that all bodies together may hold in memory.',
  },
  ledgerBytes: {
    name: 'sluice_ledger_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'Bytes of body buffers by state; the sum never passes the budget.',
    labels: ['state'],
  },
  ledgerPeakBytes: {
    name: 'sluice_ledger_peak_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'The most that was ever in use.',
  },
  transfers: {
    name: 'sluice_transfers',
    kind: 'gauge',
    unit: 'count',
    help: 'Response bodies on their way.',
  },
  transfersMax: {
    name: 'sluice_transfers_max',
    kind: 'gauge',
    unit: 'count',
    help: 'Transfers that may be in progress at a time.',
  },
  waiting: {
    name: 'sluice_waiting',
    kind: 'gauge',
    unit: 'count',
    help: 'Who waits: for admission, or for a chunk of the budget.',
    labels: ['for'],
  },
  tokens: {
    name: 'sluice_window_tokens',
    kind: 'gauge',
    unit: 'count',
    help: 'Window tokens that are out.',
  },
  requests: {
    name: 'sluice_requests_total',
    kind: 'counter',
    unit: 'count',
    help: 'Requests for objects, snapshots and the API, by method and status.',
    labels: ['method', 'status'],
  },
  sentBytes: {
    name: 'sluice_sent_bytes_total',
    kind: 'counter',
    unit: 'bytes',
    help: 'Body bytes that sockets have taken.',
  },
  storeBytes: {
    name: 'sluice_store_read_bytes_total',
    kind: 'counter',
    unit: 'bytes',
    help: 'Bytes read from the authoritative store.',
  },
  coalesced: {
    name: 'sluice_coalesced_reads_total',
    kind: 'counter',
    unit: 'count',
    help: 'Reads of a missing chunk that shared the fetch of another.',
  },
  tierBytes: {
    name: 'sluice_tier_bytes',
    kind: 'gauge',
    unit: 'bytes',
    help: 'Bytes kept in a cache tier.',
    labels: ['tier'],
  },
  tierEvents: {
    name: 'sluice_tier_events_total',
    kind: 'counter',
    unit: 'count',
    help: 'Hits, misses, fills, skipped fills, evictions and faults of a cache tier.',
    labels: ['tier', 'event'],
  },
} as const satisfies Record<string, Metric>;
